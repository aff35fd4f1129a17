using System.Collections.Immutable;
using System.Text;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// The texts of runtime.waitReasonStrings, from the target itself: their numbers change with every release.
/// </summary>
internal static class WaitReasonReader
{
    private const int MaximumReasons = 128;
    private const int MaximumLength = 80;
    private const int StringHeaderSize = 16;

    /// <summary>By number; the first is the empty text. Empty when the table is not there.</summary>
    public static ImmutableArray<string> Read(TargetMemory memory, ulong address)
    {
        ImmutableArray<string>.Builder texts = ImmutableArray.CreateBuilder<string>(48);
        Span<byte> text = stackalloc byte[MaximumLength];
        for (int i = 0; i < MaximumReasons; i++)
        {
            ulong header = address + (ulong)(i * StringHeaderSize);
            if (!memory.TryReadWord(header, out ulong data) || !memory.TryReadWord(header + 8, out ulong length)) break;
            if (length > MaximumLength || (length == 0 && i > 0)) break;
            Span<byte> bytes = text[..(int)length];
            // Behind the table lie other variables: what is no plain text is none of it.
            if (length > 0 && (!memory.Reader.TryRead(data, bytes) || bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~'))) break;
            texts.Add(Encoding.ASCII.GetString(bytes));
        }

        return texts.Count > 1 && texts[0].Length == 0 ? texts.DrainToImmutable() : [];
    }
}
