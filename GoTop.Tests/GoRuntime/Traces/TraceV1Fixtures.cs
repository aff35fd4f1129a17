using System.IO.Compression;
using System.Text.Json;
using GoTop.Tests.Support;

namespace GoTop.Tests.GoRuntime.Traces;

/// <summary>Traces of format 1 with what the reference reader says of them.</summary>
internal static class TraceV1Fixtures
{
    private static readonly string[] SmallWorkloads = ["idle.1s", "load.0.2s", "syscall.1s"];

    /// <summary>Folder and workload of every shared trace.</summary>
    public static IEnumerable<(string Folder, string Workload)> Captures =>
    [
        .. ((string[])["go1.19-linux", "go1.19-windows-wine", "go1.21-linux"]).SelectMany(folder => SmallWorkloads.Select(workload => (folder, workload))),
        ("go1.21-linux", "heavy.5s"),
    ];

    /// <summary>
    /// Own traces, small enough to be here, of Targets/tracesample: one round with Go 1.19, one with CPU samples with Go 1.21.
    /// They have one of everything.
    /// </summary>
    public static byte[] Sample(string version)
    {
        using GZipStream packed = new(File.OpenRead(PathOf($"go{version}-sample.trace.gz")), CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    public static JsonElement SampleGolden(string version)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(PathOf($"go{version}-sample.golden.json")));
        return golden.RootElement.Clone();
    }

    private static string PathOf(string file) => Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Traces", file);
}
