using System.IO.Compression;
using System.Text.Json;
using GoTop.Engine.GoRuntime.Traces;
using GoTop.Tests.Support;

namespace GoTop.Tests.GoRuntime.Traces;

/// <summary>Captured traces with what the reference reader says of them; see go-fixtures/README.md.</summary>
internal static class TraceFixtures
{
    private static readonly string[] SmallWorkloads = ["idle.1s", "load.0.2s", "syscall.1s"];

    /// <summary>
    /// Own captures small enough to be here, with what the reference says of them: 1.23 and 1.26 with calls from C and
    /// coroutines in two generations each, 1.23 with the AllocFree experiment; the samples are of Targets/tracesample.
    /// </summary>
    private const string Committed = "committed";

    /// <summary>Folder and workload of every trace of format 2.</summary>
    public static IEnumerable<(string Folder, string Workload)> Format2 =>
    [
        (Committed, "go1.22-sample"), (Committed, "go1.23-cgo"), (Committed, "go1.23-allocfree"), (Committed, "go1.25-sample"), (Committed, "go1.26-cgo"), (Committed, "go1.27-sample"),
        .. ((string[])["go1.22-linux", "go1.24-linux", "go1.25-linux", "go1.27-linux", "go1.27-windows-wine"]).SelectMany(folder => SmallWorkloads.Select(workload => (folder, workload))),
        ("go1.24-linux", "heavy.5s"), ("go1.27-linux", "heavy.5s"),
    ];

    /// <summary>Ends without marks between its two generations.</summary>
    public static byte[] Go123 => Load(Committed, "go1.23-cgo");

    /// <summary>Marks the ends of its two generations.</summary>
    public static byte[] Go126 => Load(Committed, "go1.26-cgo");

    public static byte[] Load(string folder, string workload) => Unpack(folder == Committed ? PathOf($"{workload}.trace.gz") : SharedFiles.Require($"go-fixtures/{folder}/trace.{workload}.gz"));

    public static JsonElement Golden(string folder, string workload)
    {
        using JsonDocument golden = JsonDocument.Parse(
            folder == Committed ? File.ReadAllBytes(PathOf($"{workload}.golden.json")) : Unpack(SharedFiles.Require($"go-fixtures/{folder}/trace.{workload}.golden.json.gz")));
        return golden.RootElement.Clone();
    }

    /// <summary>The reference's ordering tests: name, events given, whether it accepts the trace.</summary>
    public static IEnumerable<(string Name, long Events, bool IsAccepted)> Upstream()
    {
        foreach (string line in File.ReadLines(SharedFiles.Require("go-fixtures/trace-upstream/expected.tsv")))
        {
            string[] columns = line.Split('\t');
            yield return (columns[0], long.Parse(columns[2].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), columns[3] == "ref err=<nil>");
        }
    }

    public static byte[] LoadUpstream(string name) => Unpack(SharedFiles.Require($"go-fixtures/trace-upstream/{name}.trace.gz"));

    /// <summary>Reads to the end.</summary>
    public static TraceReader ReadAll(Stream stream, ITraceSink sink, TraceLimits? limits = null)
    {
        TraceReader reader = TraceReader.Open(stream, limits);
        while (reader.ReadGeneration(sink))
        {
        }

        return reader;
    }

    private static string PathOf(string file) => Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Traces", file);

    private static byte[] Unpack(string path)
    {
        using GZipStream packed = new(File.OpenRead(path), CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
