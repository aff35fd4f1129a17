using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GoTop.Engine.KernelEvents.Etw;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>
/// Makes of an event in a log the record that Windows would hand over for it. The payload is copied, and nothing but zeros
/// stands behind it: parsers read fields at fixed places and texts up to a zero, whatever a damaged log says of its length.
/// </summary>
internal sealed unsafe class EventRecordBuilder : IDisposable
{
    private const int MaxEventBytes = ushort.MaxValue + 1;

    /// <summary>More than all fixed fields of any event, and a security identifier with the most parts.</summary>
    private const int ZeroBytes = 16 * 1024;

    private const int MaxExtendedItems = 16;
    private const int ClassicHeaderBytes = 48;
    private const int SystemHeaderBytes = 32;
    private const int CompactHeaderBytes = 24;
    private const int PerformanceHeaderBytes = 16;

    private readonly byte* _copy = (byte*)NativeMemory.AllocZeroed(MaxEventBytes + ZeroBytes);
    private readonly ExtendedItem* _items = (ExtendedItem*)NativeMemory.AllocZeroed(MaxExtendedItems, (nuint)sizeof(ExtendedItem));
    private int _copiedBytes;

    /// <param name="record">Valid until the next call.</param>
    /// <returns>False for forms that are not decoded: messages of WPP and events of instances.</returns>
    public bool TryBuild(in EtlEvent happened, out EventRecord record)
    {
        record = default;
        ReadOnlySpan<byte> bytes = happened.Bytes;
        Copy(bytes);
        record.ProcessorIndex = (ushort)happened.Processor;
        record.TimeStamp = happened.TimeStamp;
        return happened.Form switch
        {
            EtlEventForm.Event32 or EtlEventForm.Event64 => BuildEvent(happened.Form, bytes, ref record),
            EtlEventForm.Full32 or EtlEventForm.Full64 => BuildFull(happened.Form, bytes, ref record),
            >= EtlEventForm.System32 and <= EtlEventForm.Compact64 => BuildSystem(happened.Form, bytes, ref record),
            EtlEventForm.Performance32 or EtlEventForm.Performance64 => BuildPerformance(happened.Form, bytes, ref record),
            _ => false,
        };
    }

    public void Dispose()
    {
        NativeMemory.Free(_copy);
        NativeMemory.Free(_items);
    }

    /// <summary>EVENT_HEADER, and extended items where a flag says so.</summary>
    private bool BuildEvent(EtlEventForm form, ReadOnlySpan<byte> bytes, ref EventRecord record)
    {
        if (bytes.Length < EventRecord.HeaderBytes) return false;
        ushort processor = record.ProcessorIndex;
        Unsafe.CopyBlockUnaligned(Unsafe.AsPointer(ref record), _copy, EventRecord.HeaderBytes);
        bool hasItems = (record.Flags & 1) != 0;
        record.HeaderType = 0;
        record.ProcessorIndex = processor;
        record.Flags = (ushort)((record.Flags & ~(EventRecord.Flag32Bit | EventRecord.Flag64Bit)) | (form == EtlEventForm.Event64 ? EventRecord.Flag64Bit : EventRecord.Flag32Bit));
        int at = EventRecord.HeaderBytes;
        if (hasItems && !TryReadItems(bytes, ref at, ref record)) return false;
        return SetPayload(bytes, at, ref record);
    }

    private bool TryReadItems(ReadOnlySpan<byte> bytes, ref int at, ref EventRecord record)
    {
        const int ItemHeaderBytes = 8;
        int count = 0;
        for (bool isMore = true; isMore;)
        {
            if (at + ItemHeaderBytes > bytes.Length || count == MaxExtendedItems) return false;
            ReadOnlySpan<byte> item = bytes[at..];
            int itemBytes = BinaryPrimitives.ReadUInt16LittleEndian(item);
            int dataBytes = BinaryPrimitives.ReadUInt16LittleEndian(item[6..]);
            isMore = (BinaryPrimitives.ReadUInt16LittleEndian(item[4..]) & 1) != 0;
            if (itemBytes < ItemHeaderBytes + dataBytes || at + itemBytes > bytes.Length) return false;
            _items[count++] = new ExtendedItem
            {
                Type = BinaryPrimitives.ReadUInt16LittleEndian(item[2..]),
                Linkage = isMore ? (ushort)1 : (ushort)0,
                Bytes = (ushort)dataBytes,
                Data = _copy + at + ItemHeaderBytes,
            };
            at += itemBytes;
        }

        record.ExtendedData = _items;
        record.ExtendedDataCount = (ushort)count;
        return true;
    }

    /// <summary>EVENT_TRACE_HEADER, of providers from before Windows Vista and of the kernel's rundown.</summary>
    private bool BuildFull(EtlEventForm form, ReadOnlySpan<byte> bytes, ref EventRecord record)
    {
        if (bytes.Length < ClassicHeaderBytes) return false;
        record.Opcode = bytes[4];
        record.Level = bytes[5];
        record.Version = bytes[6];
        SetThread(bytes, ref record);
        record.ProviderId = new Guid(bytes.Slice(24, 16));
        record.KernelTime = BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]);
        record.UserTime = BinaryPrimitives.ReadUInt32LittleEndian(bytes[44..]);
        SetClassic(form == EtlEventForm.Full64, ref record);
        return SetPayload(bytes, ClassicHeaderBytes, ref record);
    }

    /// <summary>SYSTEM_TRACE_HEADER, whose compact form lacks the processor times.</summary>
    private bool BuildSystem(EtlEventForm form, ReadOnlySpan<byte> bytes, ref EventRecord record)
    {
        bool isCompact = form is EtlEventForm.Compact32 or EtlEventForm.Compact64;
        int headerBytes = isCompact ? CompactHeaderBytes : SystemHeaderBytes;
        if (bytes.Length < headerBytes || !TrySetHook(bytes, ref record)) return false;
        SetThread(bytes, ref record);
        if (!isCompact)
        {
            record.KernelTime = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
            record.UserTime = BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]);
        }

        SetClassic(form is EtlEventForm.System64 or EtlEventForm.Compact64, ref record);
        return SetPayload(bytes, headerBytes, ref record);
    }

    /// <summary>PERFINFO_TRACE_HEADER: no thread, which the payload tells where it matters; parts may be put in between.</summary>
    private bool BuildPerformance(EtlEventForm form, ReadOnlySpan<byte> bytes, ref EventRecord record)
    {
        const int HasThreadTime = 0x8000;
        const int ExtensionBytes = 8;
        if (!TrySetHook(bytes, ref record)) return false;
        int version = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        int headerBytes = PerformanceHeaderBytes + ((version & HasThreadTime) != 0 ? ExtensionBytes : 0) + ((version >> 8) & 7) * ExtensionBytes;
        record.ThreadId = record.ProcessId = -1;
        SetClassic(form == EtlEventForm.Performance64, ref record);
        return SetPayload(bytes, headerBytes, ref record);
    }

    private static bool TrySetHook(ReadOnlySpan<byte> bytes, ref EventRecord record)
    {
        if (KernelEventGroups.Provider(group: bytes[7], type: bytes[6]) is not { } provider) return false;
        record.ProviderId = provider;
        record.Opcode = bytes[6];
        record.Version = bytes[0];
        return true;
    }

    private static void SetThread(ReadOnlySpan<byte> bytes, ref EventRecord record)
    {
        record.ThreadId = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        record.ProcessId = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
    }

    private static void SetClassic(bool is64Bit, ref EventRecord record) =>
        record.Flags = (ushort)(EventRecord.FlagClassic | (is64Bit ? EventRecord.Flag64Bit : EventRecord.Flag32Bit));

    private bool SetPayload(ReadOnlySpan<byte> bytes, int at, ref EventRecord record)
    {
        if (at > bytes.Length) return false;
        record.UserData = _copy + at;
        record.UserDataLength = (ushort)(bytes.Length - at);
        record.Size = (ushort)Math.Min(ushort.MaxValue, EventRecord.HeaderBytes + bytes.Length - at);
        return true;
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(new Span<byte>(_copy, MaxEventBytes));
        if (_copiedBytes > bytes.Length) NativeMemory.Clear(_copy + bytes.Length, (nuint)(_copiedBytes - bytes.Length));
        _copiedBytes = bytes.Length;
    }
}
