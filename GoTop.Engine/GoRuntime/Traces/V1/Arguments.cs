namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>An event's arguments but for time and stack, as many as it has.</summary>
internal readonly record struct Arguments(ulong First, ulong Second, ulong Third)
{
    private const int LengthPrefixed = 3;

    /// <param name="offset">Place of the event's first byte.</param>
    public static Arguments Read(ReadOnlySpan<byte> bytes, int offset)
    {
        byte head = bytes[offset];
        int count = EventSpecs.Arguments((EventType)(head & 0x3F));
        if (count == 0) return default;
        int position = Start(bytes, offset);
        ulong first = Varint.Read(bytes, ref position);
        ulong second = count > 1 ? Varint.Read(bytes, ref position) : 0;
        return new Arguments(first, second, count > 2 ? Varint.Read(bytes, ref position) : 0);
    }

    /// <summary>Of a log event: where its message begins, with its length.</summary>
    public static int MessageOffset(ReadOnlySpan<byte> bytes, int offset)
    {
        int position = Start(bytes, offset);
        for (int i = EventSpecs.Numbers(EventType.UserLog) - 1; i > 0; i--) Varint.TrySkip(bytes, ref position);
        return position;
    }

    /// <summary>After the first number, which is the time.</summary>
    private static int Start(ReadOnlySpan<byte> bytes, int offset)
    {
        int position = offset + 1;
        if (bytes[offset] >> 6 == LengthPrefixed) Varint.TrySkip(bytes, ref position);
        Varint.TrySkip(bytes, ref position);
        return position;
    }
}
