using System.Buffers.Text;
using System.Text;
using GoTop.Engine.Platform.Linux;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>
/// The kernel's functions by /proc/kallsyms, read when first asked for. Names stay one block of bytes: there are some
/// 200,000 of them.
/// </summary>
internal sealed class KernelSymbols(ProcFiles files)
{
    private const int UsualFile = 16 << 20;
    private const int LargestFile = 64 << 20;

    private readonly Dictionary<int, string> _named = [];
    private ulong[]? _addresses;
    private int[] _nameAt = [];
    private byte[] _names = [];

    /// <summary>Null where addresses are hidden (kernel.kptr_restrict) or nothing is there.</summary>
    public string? Find(ulong address)
    {
        if (_addresses is null) Load();
        int index = Array.BinarySearch(_addresses!, address);
        if (index < 0) index = ~index - 1;
        if (index < 0) return null;
        if (_named.TryGetValue(index, out string? name)) return name;
        int begin = _nameAt[index], length = _names.AsSpan(begin).IndexOf((byte)0);
        return _named[index] = Encoding.UTF8.GetString(_names, begin, length);
    }

    private void Load()
    {
        ReadOnlySpan<byte> text = ReadAll();
        List<ulong> addresses = new(1 << 17);
        List<int> nameAt = new(1 << 17);
        List<byte> names = new(1 << 22);
        while (KernelText.TryTakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            // ffffffff81000000 T _text	[module]
            if (!Utf8Parser.TryParse(line, out ulong address, out int used, 'x') || address == 0 || line.Length < used + 4) continue;
            if (line[used + 1] is not ((byte)'t' or (byte)'T' or (byte)'w' or (byte)'W')) continue;
            ReadOnlySpan<byte> name = line[(used + 3)..];
            int end = name.IndexOfAny((byte)'\t', (byte)' ');
            if (end >= 0) name = name[..end];
            addresses.Add(address);
            nameAt.Add(names.Count);
            names.AddRange(name);
            names.Add(0);
        }

        _addresses = [.. addresses];
        _nameAt = [.. nameAt];
        _names = [.. names];
        // The kernel's own are in order; modules stand behind them.
        Array.Sort(_addresses, _nameAt);
    }

    /// <summary>Not from the pool, which would keep as much for good.</summary>
    private byte[] ReadAll()
    {
        for (int size = UsualFile; ; size = LargestFile)
        {
            byte[] buffer = GC.AllocateUninitializedArray<byte>(size);
            int length = files.Read("/proc/kallsyms", buffer);
            if (length < size || size == LargestFile) return buffer[..Math.Max(0, length)];
        }
    }
}
