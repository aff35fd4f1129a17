namespace GoTop.Bench.Report;

/// <summary>
/// <c>docs/benchmarks.md</c>: an introduction and a section for each part. A run renews the sections it measured and
/// leaves the others, each of which says when and where it was measured.
/// </summary>
internal static class BenchmarkDocument
{
    private const string SectionMark = "## ";

    private static readonly string[] Introduction =
    [
        "# Benchmarks",
        "",
        "Written by `eng/bench/run.sh`, which installs btop and htop, publishes gotop and measures everything again (about",
        "fifteen minutes; Linux, a Go toolchain). A part alone: `dotnet run -c Release --project eng/bench -- screen --gotop PATH",
        "--report docs/benchmarks.md`; `--help` names the parts. `--show` prints the screens that were measured.",
        "",
        "Peers and gotop run in turn on the same machine; figures are medians of the runs. What counts is the ratio.",
        "",
    ];

    /// <param name="order">Titles of all sections, in the order in which they stand.</param>
    public static async Task WriteAsync(string path, BenchmarkSection section, IReadOnlyList<string> order, TimeProvider time)
    {
        Dictionary<string, string[]> sections = File.Exists(path) ? Sections(await File.ReadAllLinesAsync(path)) : [];
        sections[section.Title] =
        [
            SectionMark + section.Title, "",
            $"{time.GetUtcNow():yyyy-MM-dd}, {Machine.Describe()}. {string.Join(", ", section.Versions)}.", "",
            .. section.Lines,
        ];
        string text = string.Join('\n', [.. Introduction, .. order.Where(sections.ContainsKey).SelectMany(title => sections[title])]);
        await File.WriteAllTextAsync(path, text.TrimEnd() + "\n");
    }

    private static Dictionary<string, string[]> Sections(string[] lines)
    {
        int[] starts = [.. lines.Index().Where(line => line.Item.StartsWith(SectionMark, StringComparison.Ordinal)).Select(line => line.Index), lines.Length];
        return starts.Zip(starts.Skip(1)).ToDictionary(span => lines[span.First][SectionMark.Length..], span => (string[])[.. lines[span.First..span.Second], ""]);
    }
}
