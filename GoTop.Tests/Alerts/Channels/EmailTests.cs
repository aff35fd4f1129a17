using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Diagnosis;
using GoTop.Tests.Support;
using MimeKit;
using Xunit;
using static GoTop.Tests.Alerts.Delivery.Telling;

namespace GoTop.Tests.Alerts.Channels;

/// <summary>Against a server that speaks SMTP; what it took is parsed by MimeKit.</summary>
public sealed class EmailTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_has_its_text_twice_and_all_recipients()
    {
        await using MailServer server = new MailServer().Start();
        string answer = await SendAsync(Settings(server), Message(Item(severity: Severity.Critical), Item("memory", severity: Severity.Warning)));
        Assert.Contains("queued as 4711", answer, StringComparison.Ordinal);
        (MimeMessage mail, string[] to, bool encrypted) = Assert.Single(server.Taken);
        Assert.Equal(["ops@example.com", "anna@example.com"], to);
        Assert.False(encrypted);
        Assert.Equal("[critical] 2 alerts on order-api (web1): cpu, memory", mail.Subject);
        Assert.Equal("GoTop <gotop@example.com>", mail.From.ToString().Replace("\"", "", StringComparison.Ordinal));
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal(MessagePriority.Urgent, mail.Priority);
        foreach (string wanted in (string[])["CRITICAL cpu on order-api, host web1, since 2026-03-03 12:00:00Z", "97% is above 85%", "v1.4.2", "gotop order-api", "gotop replay /var/lib/gotop/order-api.gotop", "The Cpu pane names the functions."])
        {
            Assert.Contains(wanted, mail.TextBody, StringComparison.Ordinal);
            Assert.Contains(wanted, mail.HtmlBody, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_offers_no_TLS_gets_no_mail_and_no_password()
    {
        await using MailServer server = new MailServer().Start();
        ChannelException refused = await RefusedAsync(Settings(server) with { Security = MailSecurity.StartTls });
        Assert.False(refused.IsTransient);
        Assert.Contains("STARTTLS", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task One_recipient_that_is_unknown_keeps_nobody_else_from_being_told()
    {
        await using MailServer server = new MailServer { Unknown = ["anna@example.com"] }.Start();
        string answer = await SendAsync(Settings(server), Message());
        Assert.Contains("refused: anna@example.com: 550", answer, StringComparison.Ordinal);
        Assert.Equal(["ops@example.com"], Assert.Single(server.Taken).To);
    }

    [Fact]
    public async Task When_no_recipient_is_known_it_is_refused()
    {
        await using MailServer server = new MailServer { Unknown = ["anna@example.com", "ops@example.com"] }.Start();
        Assert.Contains("550", (await RefusedAsync(Settings(server))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("451 4.3.0 try later", true)]
    [InlineData("554 5.7.1 this is spam", false)]
    public async Task The_servers_word_says_whether_it_is_worth_trying_again(string word, bool transient)
    {
        await using MailServer server = new MailServer { Answer = word }.Start();
        ChannelException refused = await RefusedAsync(Settings(server));
        Assert.Equal(transient, refused.IsTransient);
        Assert.Contains(word[..3], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_text_of_a_target_makes_a_header()
    {
        await using MailServer server = new MailServer().Start();
        await SendAsync(Settings(server), Message(Item(target: "x\r\nBcc: evil@example.com\r\n\r\nbody", why: "\r\n.\r\nMAIL FROM:<evil@example.com>\r\n<script>alert(1)</script>")));
        (MimeMessage mail, string[] to, _) = Assert.Single(server.Taken);
        Assert.Equal(2, to.Length);
        Assert.Empty(mail.Bcc);
        Assert.DoesNotContain(mail.Headers, header => header.Field.Equals("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("<script>", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_may_be_later()
    {
        MailServer server = new MailServer().Start();
        EmailSettings settings = Settings(server);
        await server.DisposeAsync();
        ChannelException refused = await RefusedAsync(settings);
        Assert.True(refused.IsTransient);
        Assert.Contains("cannot be reached", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left_when_the_deadline_is_over()
    {
        await using MailServer server = new MailServer { Hangs = true }.Start();
        AwaitableTime time = new();
        using IAlertChannel channel = Settings(server).Create(new ChannelParts(time, new Delivery.KeptLog()));
        Task<string> sending = ChannelAttempt.SendAsync(channel, Message(), TimeSpan.FromSeconds(15), time, Cancellation);
        await time.PassAsync(TimeSpan.FromSeconds(15));
        Assert.Equal("no answer within 15 s", (await Assert.ThrowsAsync<ChannelException>(() => sending)).Message);
    }

    internal static EmailSettings Settings(MailServer server) => new(
        new ChannelCommon("ops-mail"), "127.0.0.1", server.Port, MailSecurity.None, null, null, "GoTop <gotop@example.com>", ["ops@example.com", "Anna <anna@example.com>"], null);

    internal static async Task<string> SendAsync(EmailSettings settings, AlertMessage message)
    {
        using IAlertChannel channel = settings.Create(new ChannelParts(TimeProvider.System, new Delivery.KeptLog()));
        return await ChannelAttempt.SendAsync(channel, message, TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation);
    }

    internal static async Task<ChannelException> RefusedAsync(EmailSettings settings) => await Assert.ThrowsAsync<ChannelException>(() => SendAsync(settings, Message()));
}
