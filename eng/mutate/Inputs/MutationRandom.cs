namespace GoTop.Mutate.Inputs;

/// <summary>Random numbers that are the same for a seed wherever and whenever they are drawn (SplitMix64).</summary>
internal struct MutationRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Those of one input of a series.</summary>
    public static MutationRandom For(ulong seed, long number)
    {
        MutationRandom ofSeed = new(seed);
        return new MutationRandom(ofSeed.Next() ^ ((ulong)number * 0xD1342543DE82EF95));
    }

    public ulong Next()
    {
        ulong value = _state += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>From 0 up to but not including the limit; 0 where there is nothing to choose from.</summary>
    public int Below(int limit) => limit <= 1 ? 0 : (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>From 1 to the limit, small ones far more often than large ones.</summary>
    public int Small(int limit)
    {
        int bits = Below(32 - int.LeadingZeroCount(Math.Max(1, limit)) + 1);
        return Math.Clamp(1 + Below(1 << Math.Min(bits, 30)), 1, Math.Max(1, limit));
    }

    public bool OneIn(int chances) => Below(chances) == 0;
}
