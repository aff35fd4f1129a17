using System.Globalization;

namespace GoTop.Mutate;

/// <summary>Keeps failing inputs so that they can be read again with <c>--replay</c>: of each kind of failure a few.</summary>
internal sealed class FailureFolder(DirectoryInfo folder)
{
    private const int KeptOfKind = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _kinds = [];

    /// <param name="what">The failure, its first line being its kind.</param>
    public void Save(string target, ulong seed, long number, ReadOnlySpan<byte> input, string what)
    {
        string kind = $"{target}: {what.Split('\n')[0]}";
        lock (_lock)
        {
            int already = _kinds.GetValueOrDefault(kind);
            _kinds[kind] = already + 1;
            if (already >= KeptOfKind) return;
            folder.Create();
            string path = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{target}-{seed}-{number}.bin"));
            File.WriteAllBytes(path, input);
            File.WriteAllText(Path.ChangeExtension(path, ".txt"), $"{target}, seed {seed}, input {number}\n{what}\n");
            Console.Error.WriteLine($"FAILED {target}, seed {seed}, input {number}: {what}\n  --replay {path} --target {target}");
        }
    }
}
