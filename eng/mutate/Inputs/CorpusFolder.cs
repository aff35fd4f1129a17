using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;

namespace GoTop.Mutate.Inputs;

/// <summary>Sound inputs: the committed ones, and more where <c>shared</c> lies beside the repository.</summary>
/// <param name="root">Of the repository.</param>
internal sealed class CorpusFolder(string root)
{
    private readonly string _shared = FindShared(root);

    /// <summary>
    /// Files by patterns such as <c>Traces/*.trace.gz</c> below GoTop.Tests/Fixtures, and <c>shared:go1.27-linux/heap.pb.gz</c>
    /// below shared/go-fixtures. Compressed ones are unpacked.
    /// </summary>
    /// <param name="maxBytes">Longer ones are cut there, or left out.</param>
    public ImmutableArray<byte[]> Files(int maxBytes, bool cut, params ReadOnlySpan<string> patterns)
    {
        ImmutableArray<byte[]>.Builder files = ImmutableArray.CreateBuilder<byte[]>();
        foreach (string pattern in patterns)
        {
            foreach (string path in Find(pattern))
            {
                byte[] bytes = Load(path);
                if (bytes.Length <= maxBytes) files.Add(bytes);
                else if (cut) files.Add(bytes[..maxBytes]);
            }
        }

        return files.Count > 0 ? files.ToImmutable() : throw new InvalidOperationException($"no sound input of at most {maxBytes} bytes: {string.Join(", ", patterns.ToArray())}");
    }

    public static ImmutableArray<byte[]> Texts(params ReadOnlySpan<string> texts) => [.. texts.ToArray().Select(Encoding.UTF8.GetBytes)];

    public static byte[] Compress(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return compressed.ToArray();
    }

    /// <summary>The first lines of a text, as many as fit, and its last.</summary>
    public static byte[] Head(byte[] text, int maxBytes)
    {
        if (text.Length <= maxBytes) return text;
        int end = text.AsSpan(0, maxBytes).LastIndexOf((byte)'\n') + 1;
        int last = text.AsSpan(0, text.Length - 1).LastIndexOf((byte)'\n') + 1;
        return [.. text.AsSpan(0, end), .. text.AsSpan(last)];
    }

    private IEnumerable<string> Find(string pattern)
    {
        const string Shared = "shared:";
        bool isShared = pattern.StartsWith(Shared, StringComparison.Ordinal);
        string folder = isShared ? _shared : Path.Combine(root, "GoTop.Tests", "Fixtures");
        string relative = isShared ? pattern[Shared.Length..] : pattern;
        string below = Path.Combine(folder, Path.GetDirectoryName(relative)!);

        // In one order on every machine, as the number of an input stands for the files it is made of.
        return Directory.Exists(below) ? Directory.GetFiles(below, Path.GetFileName(relative)).Order(StringComparer.Ordinal) : [];
    }

    private static string FindShared(string root)
    {
        for (DirectoryInfo? above = new DirectoryInfo(root).Parent; above is not null; above = above.Parent)
        {
            string folder = Path.Combine(above.FullName, "shared", "go-fixtures");
            if (Directory.Exists(folder)) return folder;
        }

        return Path.Combine(root, "..", "shared", "go-fixtures");
    }

    private static byte[] Load(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal)) return File.ReadAllBytes(path);
        using GZipStream packed = new(File.OpenRead(path), CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
