using GoTop.Engine.Alerts.Channels;
using GoTop.Tests.Support;
using Xunit;
using static GoTop.Tests.Alerts.Delivery.Telling;

namespace GoTop.Tests.Alerts.Channels;

/// <summary>With certificates, which Wine cannot make: eng/test-wine.sh leaves this class out.</summary>
public sealed class EmailOverTlsTests : IDisposable
{
    private const string Password = "correct horse battery";

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task STARTTLS_and_a_password_get_it_through()
    {
        await using MailServer server = new MailServer(_certificates.Server, ("gotop", Password)).Start();
        await EmailTests.SendAsync(EmailTests.Settings(server) with { Security = MailSecurity.StartTls, User = "gotop", Password = Password, Authority = _certificates.AuthorityFile }, Message());
        Assert.True(Assert.Single(server.Taken).WasEncrypted);
    }

    [Fact]
    public async Task TLS_from_the_first_byte_as_well()
    {
        await using MailServer server = new MailServer(_certificates.Server, ("gotop", Password)) { IsTlsOnly = true }.Start();
        await EmailTests.SendAsync(EmailTests.Settings(server) with { Security = MailSecurity.Tls, User = "gotop", Password = Password, Authority = _certificates.AuthorityFile }, Message());
        Assert.True(Assert.Single(server.Taken).WasEncrypted);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_for_good_and_not_repeated_in_the_reason()
    {
        await using MailServer server = new MailServer(_certificates.Server, ("gotop", Password)).Start();
        ChannelException refused = await EmailTests.RefusedAsync(EmailTests.Settings(server) with { Security = MailSecurity.StartTls, User = "gotop", Password = "swordfish!", Authority = _certificates.AuthorityFile });
        Assert.False(refused.IsTransient);
        Assert.Contains("does not accept the user and password", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", refused.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task A_certificate_of_nobody_we_know_is_refused()
    {
        await using MailServer server = new MailServer(_certificates.Server).Start();
        ChannelException refused = await EmailTests.RefusedAsync(EmailTests.Settings(server) with { Security = MailSecurity.StartTls });
        Assert.Contains("TLS failed", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Taken);
    }
}
