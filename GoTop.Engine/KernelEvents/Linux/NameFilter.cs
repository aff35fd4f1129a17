using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Platform.Linux;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>
/// The names of the target's threads, by which tracepoints can be filtered in the kernel. Numbers would not do: threads come
/// and go, and one that has just been made has its maker's name.
/// </summary>
internal sealed class NameFilter
{
    private const int MaxNames = 8;

    private readonly ImmutableArray<string> _names;

    private NameFilter(ImmutableArray<string> names) => _names = names;

    /// <summary>The distinct names, in order.</summary>
    public static ImmutableArray<string> NamesOf(ProcFiles files, int process, IEnumerable<int> threads)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        Span<byte> buffer = stackalloc byte[64];
        foreach (int thread in threads)
        {
            int length = files.Read(process, thread, "comm"u8, buffer);
            if (length > 0) names.Add(Encoding.Latin1.GetString(buffer[..length]).TrimEnd('\n'));
            if (names.Count > MaxNames) break;
        }

        return [.. names];
    }

    /// <summary>Null when there are too many names, or one that an expression cannot hold.</summary>
    public static NameFilter? Of(ImmutableArray<string> names) =>
        names.Length is > 0 and <= MaxNames && names.All(IsPlain) ? new NameFilter(names) : null;

    /// <summary>Any of the fields is one of the names: <c>prev_comm=="a"||next_comm=="a"</c>.</summary>
    public string Expression(params ReadOnlySpan<string> fields)
    {
        List<string> terms = [];
        foreach (string field in fields)
        {
            foreach (string name in _names) terms.Add($"{field}==\"{name}\"");
        }

        return string.Join("||", terms);
    }

    private static bool IsPlain(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExceptInRange(' ', '~') && name.AsSpan().IndexOfAny("\"'\\") < 0;
}
