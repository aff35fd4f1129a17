using GoTop.Engine.GoRuntime;
using GoTop.Engine.Platform.Windows;

namespace GoTop.Tests.Platform.Windows;

/// <summary>
/// Memory of which only some pages are there. Each byte is a function of its address, so that a misplaced one shows.
/// </summary>
internal sealed class FakeVirtualMemory(params (ulong Start, ulong End)[] mapped) : IVirtualMemory
{
    private readonly Dictionary<ulong, byte> _written = [];

    public List<(ulong Address, int Length)> Calls { get; } = [];

    public bool Ended { get; set; }

    public static byte At(ulong address) => (byte)((address * 0x9E3779B97F4A7C15) >> 56);

    public void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes) _written[address++] = value;
    }

    public int Read(ulong address, Span<byte> destination)
    {
        Calls.Add((address, destination.Length));
        if (Ended) throw new ProcessGoneException();
        int read = 0;
        while (read < destination.Length && IsMapped(address + (ulong)read))
        {
            ulong at = address + (ulong)read;
            destination[read++] = _written.TryGetValue(at, out byte value) ? value : At(at);
        }

        return read;
    }

    public void Dispose()
    {
    }

    private bool IsMapped(ulong address) => mapped.Any(range => address >= range.Start && address < range.End);
}
