using System.Buffers.Binary;
using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory.Waits;

/// <summary>What the things waited on say of themselves: a channel's buffer, a WaitGroup's counter, who has a lock.</summary>
internal sealed class WaitObjectReader(ChannelLayout channel, TypeNames types, PagedMemory pages)
{
    private const int MutexLocked = 1;
    private const int ReaderCount = 16;
    private const int ReaderWait = 20;
    private const int MaximumReaders = 1 << 30;

    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string> _elementTypes = [];

    public void Begin()
    {
        _numbers.Clear();
        _elementTypes.Clear();
        Number("");
    }

    public ImmutableArray<string> ElementTypes() => [.. _elementTypes];

    public WaitObject Read(WaitObject named) => named.Kind switch
    {
        WaitObjectKind.Channel => Channel(named),
        WaitObjectKind.Mutex => Mutex(named),
        WaitObjectKind.RWMutex => RWMutex(named),
        WaitObjectKind.WaitGroup => WaitGroup(named),
        _ => named,
    };

    private WaitObject Channel(WaitObject named)
    {
        Span<byte> bytes = stackalloc byte[channel.Length];
        if (!pages.TryRead(named.Address, bytes)) return named with { Count = -1 };
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(bytes[channel.Count..]), capacity = BinaryPrimitives.ReadUInt64LittleEndian(bytes[channel.Capacity..]);
        if (capacity > int.MaxValue || count > capacity) return named with { Count = -1 };
        return named with
        {
            Count = (int)count,
            Capacity = (int)capacity,
            IsClosedOrLocked = BinaryPrimitives.ReadUInt32LittleEndian(bytes[channel.Closed..]) != 0,
            ReceiversWait = BinaryPrimitives.ReadUInt64LittleEndian(bytes[channel.Receivers..]) != 0,
            SendersWait = BinaryPrimitives.ReadUInt64LittleEndian(bytes[channel.Senders..]) != 0,
            ElementType = Number(types.NameAt(BinaryPrimitives.ReadUInt64LittleEndian(bytes[channel.ElementType..]))),
        };
    }

    /// <summary>Mutex.state: the lowest bit says that it is locked.</summary>
    private WaitObject Mutex(WaitObject named) => pages.TryReadWord(named.Address, out ulong state)
        ? named with { IsClosedOrLocked = (state & MutexLocked) != 0 }
        : named with { Count = -1 };

    /// <summary>A writer takes 2^30 from RWMutex.readerCount and waits for the readerWait that are in.</summary>
    private WaitObject RWMutex(WaitObject named)
    {
        Span<byte> bytes = stackalloc byte[ReaderWait + 4];
        if (!pages.TryRead(named.Address, bytes)) return named with { Count = -1 };
        int readers = BinaryPrimitives.ReadInt32LittleEndian(bytes[ReaderCount..]), leaving = BinaryPrimitives.ReadInt32LittleEndian(bytes[ReaderWait..]);
        if (readers is < -MaximumReaders or >= MaximumReaders || leaving is < 0 or >= MaximumReaders) return named with { Count = -1 };
        return readers >= 0 ? named with { Count = readers } : named with { Count = leaving, IsClosedOrLocked = leaving == 0 };
    }

    /// <summary>The upper half of WaitGroup.state is the counter.</summary>
    private WaitObject WaitGroup(WaitObject named) => pages.TryReadWord(named.Address, out ulong state)
        ? named with { Count = Math.Max(-1, (int)(state >> 32)) }
        : named with { Count = -1 };

    private int Number(string text)
    {
        if (_numbers.TryGetValue(text, out int number)) return number;
        number = _elementTypes.Count;
        _elementTypes.Add(text);
        return _numbers[text] = number;
    }
}
