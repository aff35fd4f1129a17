using System.IO.Compression;
using System.Text.Json;

namespace GoTop.Tests.Support;

/// <summary>
/// A folder of pages captured from a real Go service: those in <c>Fixtures/Pprof</c>, all the others in
/// <c>shared/go-fixtures</c> (skips without). The service also wrote down what it knew itself around each request.
/// </summary>
internal static class PprofCapture
{
    public static string[] Folders { get; } =
    [
        "go1.19-linux", "go1.19-windows-wine", "go1.21-linux", "go1.22-linux",
        "go1.24-linux", "go1.25-linux", "go1.27-linux", "go1.27-windows-wine",
    ];

    /// <param name="file">e.g. <c>index.html</c>; it is stored as .gz.</param>
    public static byte[] Read(string folder, string file)
    {
        string path = Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Pprof", folder, file + ".gz");
        if (!File.Exists(path)) path = SharedFiles.Require($"go-fixtures/{folder}/{file}.gz");
        using FileStream stored = File.OpenRead(path);
        using GZipStream plain = new(stored, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        plain.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>runtime.NumGoroutine() just before and after the index was asked for.</summary>
    public static (long Before, long After) GoroutinesAroundIndex(string folder)
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require($"go-fixtures/{folder}/index.json")));
        JsonElement file = index.RootElement.GetProperty("files").GetProperty("index.html");
        return (file.GetProperty("truthBefore").GetProperty("numGoroutine").GetInt64(), file.GetProperty("truthAfter").GetProperty("numGoroutine").GetInt64());
    }
}
