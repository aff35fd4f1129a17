using System.Collections.Immutable;
using System.Globalization;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>
/// A tracepoint's number and where its fields lie, as its <c>format</c> file in tracefs tells
/// (Documentation/trace/events.rst): they differ between kernels.
/// </summary>
internal sealed record TracepointFormat(ulong Id, ImmutableDictionary<string, TracepointField> Fields)
{
    private const int LongestRecord = 8192;

    /// <summary>Null when the text is not such a file.</summary>
    public static TracepointFormat? Parse(string text)
    {
        ulong? id = null;
        ImmutableDictionary<string, TracepointField>.Builder fields = ImmutableDictionary.CreateBuilder<string, TracepointField>(StringComparer.Ordinal);
        foreach (ReadOnlySpan<char> whole in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = whole.Trim();
            if (line.StartsWith("ID:", StringComparison.Ordinal) && ulong.TryParse(line[3..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)) id = number;
            else if (line.StartsWith("print fmt:", StringComparison.Ordinal)) break;
            else if (line.StartsWith("field:", StringComparison.Ordinal) && Field(line["field:".Length..], out string name) is { } field) fields[name] = field;
        }

        return id is { } found ? new TracepointFormat(found, fields.ToImmutable()) : null;
    }

    /// <summary>The field of a name, when it is so long; null otherwise.</summary>
    public int? OffsetOf(string name, int size) => Fields.TryGetValue(name, out TracepointField field) && field.Size == size ? field.Offset : null;

    /// <summary><c>pid_t prev_pid;	offset:24;	size:4;	signed:1;</c></summary>
    private static TracepointField? Field(ReadOnlySpan<char> line, out string name)
    {
        name = "";
        int end = line.IndexOf(';');
        if (end < 0) return null;
        ReadOnlySpan<char> declaration = line[..end].TrimEnd();
        int bracket = declaration.IndexOf('[');
        if (bracket >= 0) declaration = declaration[..bracket];
        name = declaration[(declaration.LastIndexOfAny(' ', '*') + 1)..].ToString();
        return Number(line, "offset:") is { } offset and < LongestRecord && Number(line, "size:") is { } size and <= LongestRecord && name.Length > 0
            ? new TracepointField(offset, size)
            : null;
    }

    private static int? Number(ReadOnlySpan<char> line, string key)
    {
        int at = line.IndexOf(key, StringComparison.Ordinal);
        if (at < 0) return null;
        line = line[(at + key.Length)..];
        int end = line.IndexOf(';');
        return end >= 0 && int.TryParse(line[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
    }
}

internal readonly record struct TracepointField(int Offset, int Size);
