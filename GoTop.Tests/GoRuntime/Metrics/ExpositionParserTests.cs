using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsCheck;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Metrics;

public sealed class ExpositionParserTests
{
    public static TheoryData<string> Captures => ["client_golang-go1.27", "client_golang-go1.22.openmetrics"];

    /// <summary>A page that a real service served: GoTop.Tests/Targets/metrics with <c>-all</c>.</summary>
    internal static byte[] Capture(string name)
    {
        using FileStream stored = File.OpenRead(Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Metrics", name + ".txt.gz"));
        using GZipStream plain = new(stored, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        plain.CopyTo(bytes);
        return bytes.ToArray();
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Every_sample_of_a_real_page_is_read_however_it_arrives(string name)
    {
        byte[] page = Capture(name);
        // A plain reading: what stands before the last blank is the series, behind it the value.
        string[] expected =
        [
            .. Encoding.UTF8.GetString(page).Split('\n').Where(line => line.Length > 0 && line[0] != '#')
                .Select(line => $"{line[..line.LastIndexOf(' ')].Split('{')[0]} {double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture):R}"),
        ];
        Assert.True(expected.Length > 200);
        foreach (int piece in new[] { 1, 7, 4096, page.Length })
        {
            (List<string> read, string? error) = Read(page, piece);
            Assert.Null(error);
            Assert.Equal(expected, read);
        }
    }

    [Theory]
    [InlineData("a 1", "a = 1")]
    [InlineData("a{} 1", "a = 1")]
    [InlineData("  a \t { b = \"c\" , } \t 1e3  ", "a = 1000 b=c")]
    [InlineData("a:b_c9{x_1=\"\",y=\"}\\\"{,= \\\\\"} -0.5 1700000000000", "a:b_c9 = -0.5 x_1= y=}\\\"{,= \\\\")]
    [InlineData("a +Inf", "a = Infinity")]
    [InlineData("a -inf", "a = -Infinity")]
    [InlineData("a NaN", "a = NaN")]
    [InlineData("a_total 5.0 1.5 # {trace_id=\"x y\"} 0.1 2.5", "a_total = 5")]
    [InlineData("a_bucket{le=\"1\"} 5 # {} 0.1", "a_bucket = 5 le=1")]
    [InlineData("{\"my.name\", b=\"c\"} 1", "my.name = 1 b=c")]
    [InlineData("{b=\"c\",\"my.name\"} 1", "my.name = 1 b=c")]
    [InlineData("a{\"b.c\"=\"d\"} 1", "a = 1 b.c=d")]
    [InlineData("a{é=\"1\"} 1", null)]
    [InlineData("a", null)]
    [InlineData("a ", null)]
    [InlineData("a{ 1", null)]
    [InlineData("a{b} 1", null)]
    [InlineData("a{b=c} 1", null)]
    [InlineData("a{b=\"c} 1", null)]
    [InlineData("a{b=\"c\\\"} 1", null)]
    [InlineData("a{b=\"c\" d=\"e\"} 1", null)]
    [InlineData("a{=\"c\"} 1", null)]
    [InlineData("{b=\"c\"} 1", null)]
    [InlineData("{\"a\",\"b\"} 1", null)]
    [InlineData("9a 1", null)]
    [InlineData("a-b 1", null)]
    [InlineData("a 1x", null)]
    [InlineData("a 0x10", null)]
    [InlineData("a 1 2 3", null)]
    [InlineData("a 1 x", null)]
    [InlineData("<html>", null)]
    [InlineData("# TYPE a", null)]
    [InlineData("# TYPE \"a counter", null)]
    public void A_line_is_read_or_is_an_error_with_its_place(string line, string? expected)
    {
        (List<string> read, string? error) = Read(Encoding.UTF8.GetBytes($"# a comment\n\n{line}\n"), 3, withLabels: true);
        if (expected is null)
        {
            Assert.StartsWith("line 3 ", error, StringComparison.Ordinal);
            Assert.Empty(read);
        }
        else
        {
            Assert.Null(error);
            Assert.Equal([expected], read);
        }
    }

    [Theory]
    [InlineData("a 1\n# EOF\na 2\n", "line 3 stands behind # EOF")]
    [InlineData("a 1\na 2", "line 2 has no line end")]
    [InlineData("a 1\r\nb 2\r\n", null)]
    [InlineData("# EOF\n\n", null)]
    public void The_end_of_a_page_is_checked(string page, string? error)
    {
        string? found = Read(Encoding.UTF8.GetBytes(page), 1).Error;
        if (error is null) Assert.Null(found);
        else Assert.StartsWith(error, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_100_MB_is_an_error_and_costs_no_memory()
    {
        Collector collector = new(withLabels: false);
        ExpositionParser parser = new(collector);
        byte[] part = Encoding.UTF8.GetBytes(new string('x', 1 << 20));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(parser.Push("a{b=\""u8));
        for (int i = 0; i < 100; i++) parser.Push(part);
        Assert.Equal("line 1 is longer than 64 KB", parser.Finish());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void More_labels_and_samples_than_are_read_are_errors()
    {
        string labels = string.Join(',', Enumerable.Range(0, 65).Select(i => $"l{i}=\"\""));
        Assert.Equal("line 1 has more than 64 labels", Read(Encoding.UTF8.GetBytes($"a{{{labels}}} 1\n"), 100).Error);

        ExpositionParser parser = new(new Collector(withLabels: false, wants: false));
        byte[] lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a 1\n", 10_000)));
        for (int i = 0; i < ExpositionLimits.Samples / 10_000; i++) Assert.True(parser.Push(lines));
        Assert.False(parser.Push(lines));
        Assert.Equal($"line {ExpositionLimits.Samples + 1} is beyond the {ExpositionLimits.Samples} samples that are read", parser.Error);
    }

    [Fact]
    public void A_damaged_page_gives_samples_or_an_error_and_the_same_in_pieces()
    {
        byte[] page = Capture("client_golang-go1.22.openmetrics");
        Gen.Select(Gen.Int[0, page.Length], Gen.Int[0, page.Length], Gen.Int[0, 3], Gen.Int[1, 999], Gen.Select(Gen.Int[0, page.Length - 1], Gen.Byte).Array[0, 8]).Sample((from, to, kind, piece, changes) =>
        {
            byte[] changed = [.. page];
            foreach ((int at, byte value) in changes) changed[at] = value;
            int low = Math.Min(from, to), high = Math.Max(from, to);
            changed = kind switch { 0 => changed[..low], 1 => [.. changed[..low], .. changed[high..]], 2 => [.. changed[..high], .. changed[low..]], _ => changed };
            (List<string> read, string? error) = Read(changed, changed.Length + 1, withLabels: true);
            (List<string> again, string? errorAgain) = Read(changed, piece, withLabels: true);
            Assert.Equal(error, errorAgain);
            Assert.Equal(read, again);
            ServiceMetricsReader reader = new();
            ExpositionParser parser = new(reader);
            parser.Push(changed);
            Assert.True(ServiceMetrics.Service(reader, "/metrics").Http.TryGet(out var http) ? http.Total >= 0 && http.Failed.ValueOr(0) <= http.Total : true);
            _ = ServiceMetrics.Runtime(reader, "/metrics");
        }, iter: 1500);
    }

    private static (List<string> Read, string? Error) Read(byte[] page, int piece, bool withLabels = false)
    {
        Collector collector = new(withLabels);
        ExpositionParser parser = new(collector);
        for (int at = 0; at < page.Length; at += piece) parser.Push(page.AsSpan(at, Math.Min(piece, page.Length - at)));
        return (collector.Read, parser.Finish());
    }

    private sealed class Collector(bool withLabels, bool wants = true) : IExpositionReader
    {
        private static readonly string[] Labels = ["b", "x_1", "y", "le", "b.c"];

        public List<string> Read { get; } = [];

        public void TakeType(ReadOnlySpan<byte> family, ReadOnlySpan<byte> type) => Assert.True(family.Length > 0 && type.Length > 0);

        public int Wants(ReadOnlySpan<byte> name) => wants ? 0 : -1;

        public void Take(int wanted, in MetricSample sample)
        {
            StringBuilder text = new();
            text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(sample.Name)}{(withLabels ? " =" : "")} {sample.Value:R}");
            foreach (string label in withLabels ? Labels : [])
            {
                if (sample.TryGetLabel(Encoding.UTF8.GetBytes(label), out ReadOnlySpan<byte> value)) text.Append(CultureInfo.InvariantCulture, $" {label}={Encoding.UTF8.GetString(value)}");
            }

            Read.Add(text.ToString());
        }
    }
}
