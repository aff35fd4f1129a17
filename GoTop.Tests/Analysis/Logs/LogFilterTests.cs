using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Analysis.Logs;

public sealed class LogFilterTests
{
    private static readonly LogEntry[] Lines =
    [
        Line("""{"level":"INFO","msg":"request","path":"/orders/7","status":200,"user":42}"""),
        Line("""{"level":"WARN","msg":"payment timeout","took":2100,"user":{"id":42}}"""),
        Line("level=error msg=\"publish failed\" order=7122 err=\"context deadline exceeded\" user=7"),
        Line("2026/11/25 23:37:09 dial localhost:8080: connection refused"),
        Line("{\"level\":\"DEBUG\",\"msg\":\"GET /healthz\",\"path\":\"/healthz\",\"user\":42}"),
    ];

    [Theory]
    [InlineData("", "01234")]
    [InlineData("level>=warn", "12")]
    [InlineData("level>=warn and user=42", "")]
    [InlineData("level>=warn and user.id=42", "1")]
    [InlineData("level >= warn user.id = 42", "1")]
    [InlineData("level<warn", "034")]
    [InlineData("level=unknown or level!=info", null)]
    [InlineData("msg~\"time.?out\"", "1")]
    [InlineData("msg!~request and level=info", "")]
    [InlineData("user=42 and not path:/healthz", "0")]
    [InlineData("user=42 !path:/healthz", "0")]
    [InlineData("(status=200 or order>7000) and user<50", "02")]
    [InlineData("status=200 || order>7000 && user>7", "0")]
    [InlineData("order=*", "2")]
    [InlineData("took>1000", "1")]
    [InlineData("err:deadline", "2")]
    [InlineData("refused", "3")]
    [InlineData("!refused", "0124")]
    [InlineData("localhost:8080", "3")]
    [InlineData("\"connection refused\"", "3")]
    [InlineData("ORDERS", "0")]
    [InlineData("publish deadline", "2")]
    [InlineData("user!=42", "123")]
    [InlineData("NOT (request OR healthz) AND level=debug", "")]
    public void Lines_pass_as_they_should(string text, string? passing)
    {
        bool parsed = LogFilter.TryParse(text, out LogFilter? filter, out LogFilterError? error);
        Assert.Equal(passing is null, !parsed);
        if (passing is not null) Assert.Equal(passing, string.Concat(Lines.Index().Where(line => filter!.Matches(line.Item)).Select(line => line.Index)));
        else Assert.NotNull(error);
    }

    [Theory]
    [InlineData("level>=wrn2", 7, "\"wrn2\" is no level")]
    [InlineData("level>=", 7, "a value is missing")]
    [InlineData("(a or b", 0, "this ( has no )")]
    [InlineData("a) b", 1, "there is no ( for this")]
    [InlineData("a and", 5, "something is missing at the end")]
    [InlineData("a and or b", 6, "something is missing before \"or\"")]
    [InlineData("not", 3, "something is missing at the end")]
    [InlineData("()", 1, "nothing stands between")]
    [InlineData("msg~\"(\"", 4, "no regular expression")]
    [InlineData("msg=\"abc", 4, "this quotation mark has no other")]
    [InlineData("level~warn", 5, "levels are compared with")]
    public void What_is_wrong_is_said_with_its_place(string text, int position, string message)
    {
        Assert.False(LogFilter.TryParse(text, out _, out LogFilterError? error));
        Assert.Equal(position, error.Position);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        Assert.False(LogFilter.TryParse(new string('(', 500) + "a" + new string(')', 500), out _, out _));
        Assert.False(LogFilter.TryParse(string.Concat(Enumerable.Repeat("not ", 200)) + "a", out _, out _));
        Assert.False(LogFilter.TryParse(new string('a', 1001), out _, out LogFilterError? error));
        Assert.Equal(1000, error.Position);
        Assert.True(LogFilter.TryParse("not not not a", out _, out _));
    }

    private static LogEntry Line(string text) => LogEntry.Of(new LogLine(DateTimeOffset.UnixEpoch, "x", text));
}
