using System.Buffers.Binary;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>Finds where events stand in a buffer, and when they were.</summary>
internal static class EtlEventParser
{
    private const int LeastBytes = 16;

    // Options of a WPP message (EventTraceMessage of evntrace.h) say which parts its header has.
    private const int MessageHeaderBytes = 8;
    private const int MessageHasSequence = 1;
    private const int MessageHasGuid = 2;
    private const int MessageHasComponent = 4;
    private const int MessageHasTime = 8;

    /// <summary>The event at the beginning of what is left of a buffer.</summary>
    /// <param name="bytes">How long it is; not yet rounded up to the next one's beginning.</param>
    /// <returns>False when there is none: the buffer ends here, or is damaged.</returns>
    public static bool TryFind(ReadOnlySpan<byte> rest, out EtlEventForm form, out int bytes, out long timeStamp)
    {
        form = default;
        bytes = 0;
        if (!TryFindTime(rest, out timeStamp)) return false;
        form = (EtlEventForm)rest[2];
        bytes = BinaryPrimitives.ReadUInt16LittleEndian(IsSizedFirst(form) ? rest : rest[4..]);
        return bytes >= LeastBytes && bytes <= rest.Length;
    }

    /// <summary>When the event was that begins here; no more than its header's first bytes need be there.</summary>
    public static bool TryFindTime(ReadOnlySpan<byte> rest, out long timeStamp)
    {
        timeStamp = 0;
        if (rest.Length < LeastBytes) return false;
        EtlEventForm form = (EtlEventForm)rest[2];
        int timeAt = form switch
        {
            EtlEventForm.Performance32 or EtlEventForm.Performance64 => 8,
            EtlEventForm.Message => MessageTime(rest),
            >= EtlEventForm.System32 and <= EtlEventForm.Compact64 => 16,
            EtlEventForm.Full32 or EtlEventForm.Full64 or EtlEventForm.Instance32 or EtlEventForm.Instance64 or EtlEventForm.Event32 or EtlEventForm.Event64 => 16,
            _ => -1,
        };
        if (timeAt < 0 || timeAt + 8 > rest.Length) return false;
        timeStamp = BinaryPrimitives.ReadInt64LittleEndian(rest[timeAt..]);
        return true;
    }

    private static bool IsSizedFirst(EtlEventForm form) => form is >= EtlEventForm.Full32 and <= EtlEventForm.Message or >= EtlEventForm.Event32;

    private static int MessageTime(ReadOnlySpan<byte> message)
    {
        int options = BinaryPrimitives.ReadUInt16LittleEndian(message[6..]);
        if ((options & MessageHasTime) == 0) return -1;
        int at = MessageHeaderBytes;
        if ((options & MessageHasSequence) != 0) at += 4;
        if ((options & MessageHasGuid) != 0) at += 16;
        else if ((options & MessageHasComponent) != 0) at += 4;
        return at;
    }
}
