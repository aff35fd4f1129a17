using GoTop.Engine.Export.Exporters;
using Xunit;

namespace GoTop.Tests.Export.Exporters;

public sealed class ExportSecretsTests
{
    private static readonly ExportHttpSettings Receiver = new(
        new Uri("https://collector.example/hook/p4th-t0ken/in%2Fcoded-t0ken?key=qu3ry-t0ken&x=1"), [("Authorization", "Bearer h3ader-t0ken"), ("X-Key", "api;key=n4med-t0ken"), ("X-Scope-OrgID", "shop")]);

    [Theory]
    [InlineData("bad header Bearer h3ader-t0ken", "bad header (secret)")]
    [InlineData("bad token h3ader-t0ken!", "bad token (secret)!")]
    [InlineData("bad token 'n4med-t0ken'", "bad token '(secret)'")]
    [InlineData("no such hook: p4th-t0ken", "no such hook: (secret)")]
    [InlineData("no such hook: in/coded-t0ken", "no such hook: (secret)")]
    [InlineData("key qu3ry-t0ken is not known", "key (secret) is not known")]
    [InlineData("404 at /hook/p4th-t0ken/in%2Fcoded-t0ken/v1/metrics?key=qu3ry-t0ken&x=1", "404 at (secret)/v1/metrics?(secret)")]
    [InlineData("Bearer of bad news: the shop is closed", "Bearer of bad news: the (secret) is closed")]
    public void What_was_sent_is_in_no_message_whole_or_in_part(string text, string told) => Assert.Equal(told, ExportSecrets.Hide(text, Receiver.Secrets, 300));

    /// <summary>Else the half that is left would be told.</summary>
    [Fact]
    public void It_is_cut_after_hiding()
    {
        string told = ExportSecrets.Hide(new string('-', 195) + "h3ader-t0ken", Receiver.Secrets, 200);
        Assert.DoesNotContain("h3a", told, StringComparison.Ordinal);
        Assert.Equal(200, told.Length);
    }
}
