using System.Text;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Analysis.Logs;

/// <summary>Lines as the loggers' own documentation and programs write them.</summary>
public sealed class LineReaderTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Theory]
    // log/slog
    [InlineData("""{"time":"2026-11-25T23:37:09.379570171Z","level":"INFO","msg":"request","user":40}""", LineLevel.Info, "request")]
    [InlineData("""{"time":"2026-11-25T23:37:09Z","level":"ERROR+2","msg":"lost \"it\""}""", LineLevel.Error, "lost \"it\"")]
    [InlineData("time=2026-11-25T23:37:09.392Z level=WARN msg=\"payment gateway slow\" took=2.1s", LineLevel.Warn, "payment gateway slow")]
    [InlineData("2026/11/25 23:37:09 WARN payment gateway slow took=2.1s", LineLevel.Warn, "payment gateway slow took=2.1s")]
    // zap: production, and its console encoder with tabs
    [InlineData("""{"level":"error","ts":1732577829.37,"caller":"a/b.go:12","msg":"failed","stacktrace":"main.f\n\t/a/b.go:12"}""", LineLevel.Error, "failed")]
    [InlineData("2026-11-25T23:37:09.379+0200\tDEBUG\ta/b.go:12\tcache miss\t{\"key\": 7}", LineLevel.Debug, "a/b.go:12\tcache miss\t{\"key\": 7}")]
    // zerolog, logrus, pino
    [InlineData("""{"level":"fatal","error":"x","time":1732577829,"message":"cannot start"}""", LineLevel.Fatal, "cannot start")]
    [InlineData("""time="2026-11-25T23:37:09Z" level=panic msg="out of luck" size=10""", LineLevel.Fatal, "out of luck")]
    [InlineData("""{"level":50,"time":1732577829000,"msg":"boom"}""", LineLevel.Error, "boom")]
    // the standard log, with a prefix and with file names
    [InlineData("2026/11/25 23:37:09.400032 main.go:46: listening on 127.0.0.1:8080", LineLevel.Unknown, "main.go:46: listening on 127.0.0.1:8080")]
    [InlineData("ERROR: 2026/11/25 23:37:09 publish order 7122", LineLevel.Error, "publish order 7122")]
    [InlineData("2026/11/25 23:37:09 http: panic serving 127.0.0.1:37094: boom", LineLevel.Error, "http: panic serving 127.0.0.1:37094: boom")]
    // klog, brackets
    [InlineData("W1125 10:11:12.123456   12345 controller.go:12] retrying", LineLevel.Warn, "retrying")]
    [InlineData("2026-11-25 23:37:09,123 [INFO] started", LineLevel.Info, "started")]
    // what is none
    [InlineData("no error was found", LineLevel.Unknown, "no error was found")]
    [InlineData("{not json at all", LineLevel.Unknown, "{not json at all")]
    [InlineData("panic: runtime error: index out of range [3] with length 3", LineLevel.Fatal, "panic: runtime error: index out of range [3] with length 3")]
    public void Level_and_message_are_read(string line, LineLevel level, string message)
    {
        LogEntry entry = LogEntry.Of(new LogLine(At, "x", line));
        Assert.Equal((level, message), (entry.Level, entry.Message));
    }

    [Theory]
    [InlineData("""{"time":"2026-11-25T23:37:09.5+02:00","level":"INFO","msg":"x"}""", "2026-11-25T21:37:09.5000000+00:00")]
    [InlineData("""{"level":"info","ts":1732577829.25,"msg":"x"}""", "2024-11-25T23:37:09.2500000+00:00")]
    [InlineData("""{"level":"info","time":1732577829250,"msg":"x"}""", "2024-11-25T23:37:09.2500000+00:00")]
    [InlineData("2026-11-25T23:37:09Z INFO x", "2026-11-25T23:37:09.0000000+00:00")]
    [InlineData("2026/11/25 23:37:09 x", null)]
    public void The_lines_own_time_is_told_where_its_zone_is(string line, string? time) =>
        Assert.Equal(time, LogEntry.Of(new LogLine(At, "x", line)).OwnTime?.ToUniversalTime().ToString("o"));

    [Fact]
    public void Fields_of_nested_objects_have_dots_and_are_bounded()
    {
        LogEntry entry = LogEntry.Of(new LogLine(At, "x", """{"level":"INFO","msg":"m","user":{"id":7,"name":"anna \"b\"","deep":{"a":{"b":1}}},"n":null,"list":[1,2],"u":"\u00e4\n"}"""));
        Assert.Equal(
            [new("user.id", "7"), new("user.name", "anna \"b\""), new("user.deep.a", """{"b":1}"""), new("n", "null"), new("list", "[1,2]"), new("u", "ä ")],
            entry.Fields);
        string many = "{" + string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"k{i}\":{i}")) + "}";
        Assert.Equal(LogEntry.MostFields, LogEntry.Of(new LogLine(At, "x", many)).Fields.Length);
        Assert.Equal([new LogField("user", "42"), new("took", "3ms")], LogEntry.Of(new LogLine(At, "x", "2026/11/25 23:37:09 request user=42 took=3ms")).Fields);
    }

    /// <summary>Whatever stands there, nothing is thrown, and time stays proportional to the length.</summary>
    [Fact]
    public void Damaged_lines_give_what_is_there()
    {
        string whole = """{"time":"2026-11-25T23:37:09Z","level":"WARN","msg":"caf\u00e9 \"x\"","a":{"b":[1,{"c":"}"}]},"d":-1.5e3}""";
        for (int length = 0; length <= whole.Length; length++)
        {
            LogEntry entry = LogEntry.Of(new LogLine(At, "x", whole[..length]));
            _ = entry.Fields;
            if (length > 60) Assert.Equal(LineLevel.Warn, entry.Level);
        }

        Random random = new(7);
        byte[] bytes = Encoding.UTF8.GetBytes(whole);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. bytes];
            for (int flips = 0; flips < 4; flips++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            LogEntry entry = LogEntry.Of(new LogLine(At, "x", PlainText.Clean(Encoding.UTF8.GetString(damaged), LogLine.MostChars)));
            Assert.True(entry.Fields.Length <= LogEntry.MostFields);
        }
    }
}
