namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>How much of this machine a log may take, whatever it says of itself.</summary>
internal static class EtlLimits
{
    /// <summary>ETW's own limit for a session's buffers.</summary>
    public const int MaxBufferBytes = 16 << 20;

    /// <summary>XPRESS packs events four to six times; more than this is no log but a bomb.</summary>
    public const int MaxCompressionRatio = 256;

    /// <summary>Buffers whose times overlap are held together: as a rule one for each processor and session.</summary>
    public const long MaxHeldBytes = 512L << 20;

    /// <summary>Above this the list of buffers alone would be dear.</summary>
    public const int MaxBuffers = 4_000_000;
}
