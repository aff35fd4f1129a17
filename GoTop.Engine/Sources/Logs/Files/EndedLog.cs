using GoTop.Engine.Platform;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Sources.Logs.Files;

/// <summary>A file that was read up to a place.</summary>
/// <param name="Number">Its own, which another may have by now; null where only a copy of it can be met.</param>
/// <param name="Head">How it begins.</param>
/// <param name="Tail">What stands before <paramref name="Position"/>.</param>
internal sealed record EndedLog(FileNumber? Number, byte[] Head, byte[] Tail, long Position)
{
    /// <param name="begin">How the file begins.</param>
    public bool IsAlso(FileNumber? number, SafeFileHandle file, ReadOnlySpan<byte> begin)
    {
        bool same = number is not null && number == Number;
        // Of a copy more must be alike, since short beginnings are.
        return (same || Head.Length == OpenLog.HeadBytes) && begin.StartsWith(Head) && RandomAccess.GetLength(file) >= Position && Holds(file, Tail, Position - Tail.Length);
    }

    public static bool Holds(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at)
    {
        Span<byte> there = stackalloc byte[OpenLog.HeadBytes];
        there = there[..bytes.Length];
        return RandomAccess.Read(file, there, at) == there.Length && there.SequenceEqual(bytes);
    }
}
