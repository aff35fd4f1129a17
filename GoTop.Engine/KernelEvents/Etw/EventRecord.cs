using System.Runtime.InteropServices;

namespace GoTop.Engine.KernelEvents.Etw;

/// <summary>EVENT_RECORD of evntcons.h in 64-bit form, as OpenTrace hands events over and TraceEvent takes them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EventRecord
{
    public const ushort Flag32Bit = 0x20;
    public const ushort Flag64Bit = 0x40;
    public const ushort FlagClassic = 0x100;

    /// <summary>The part that stands in files as well, with the header's extended items behind it.</summary>
    public const int HeaderBytes = 80;

    public ushort Size;
    public ushort HeaderType;
    public ushort Flags;
    public ushort EventProperty;
    public int ThreadId;
    public int ProcessId;
    public long TimeStamp;
    public Guid ProviderId;
    public ushort Id;
    public byte Version;
    public byte Channel;
    public byte Level;
    public byte Opcode;
    public ushort Task;
    public ulong Keyword;
    public uint KernelTime;
    public uint UserTime;
    public Guid ActivityId;
    public ushort ProcessorIndex;
    public ushort LoggerId;
    public ushort ExtendedDataCount;
    public ushort UserDataLength;
    public ExtendedItem* ExtendedData;
    public byte* UserData;
    public void* UserContext;
}

/// <summary>EVENT_HEADER_EXTENDED_DATA_ITEM.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ExtendedItem
{
    public const ushort SchemaOfTraceLogging = 11;
    public const ushort TraitsOfProvider = 12;

    public ushort Reserved;
    public ushort Type;
    public ushort Linkage;
    public ushort Bytes;
    public byte* Data;
}
