using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>The executable mappings of /proc/PID/maps.</summary>
internal static class MappedCode
{
    private const int LargestMaps = 32 << 20;
    private const int MostModules = 4096;

    public static Reading<ImmutableArray<CodeModule>> Read(ProcFiles files, int pid)
    {
        using PooledFile maps = files.ReadWhole(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/maps"), LargestMaps);
        if (!maps.IsRead) return ProcessCounterReader.Unreadable<ImmutableArray<CodeModule>>(pid, "maps", maps.Error);
        ImmutableArray<CodeModule>.Builder modules = ImmutableArray.CreateBuilder<CodeModule>();
        ReadOnlySpan<byte> rest = maps.Bytes;
        while (modules.Count < MostModules && KernelText.TryTakeLine(ref rest, out ReadOnlySpan<byte> line))
        {
            // 00400000-00520000 r-xp 00000000 08:02 173521   /path
            ReadOnlySpan<byte> range = KernelText.TakeWord(ref line), rights = KernelText.TakeWord(ref line);
            if (rights.Length < 3 || rights[2] != 'x') continue;
            if (!Utf8Parser.TryParse(range, out ulong begin, out int used, 'x') || used >= range.Length || !Utf8Parser.TryParse(range[(used + 1)..], out ulong end, out _, 'x')) continue;
            for (int skipped = 0; skipped < 3; skipped++) KernelText.TakeWord(ref line);
            modules.Add(new CodeModule(begin, end, Encoding.UTF8.GetString(line.TrimStart((byte)' '))));
        }

        return Reading.Of(modules.ToImmutable());
    }
}
