namespace GoTop.Engine.Fleet.PromQl;

/// <summary>Which job's instances were Go programs within the last day: what is down does not tell it.</summary>
internal sealed class GoInstances(TimeProvider time)
{
    /// <summary>More than can be seen at once, so that those that are seen stay.</summary>
    public const int Most = 4 * FleetSnapshot.MostRows;

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private readonly Dictionary<(string? Job, string? Instance), long> _seenAt = [];

    public int Count => _seenAt.Count;

    public bool Knows(string? job, string? instance) => _seenAt.ContainsKey((job, instance));

    /// <summary>It is one, or was one lately.</summary>
    public void See(string? job, string? instance)
    {
        if (_seenAt.Count == Most && !Knows(job, instance)) ForgetOldest();
        _seenAt[(job, instance)] = time.GetTimestamp();
    }

    /// <summary>Those that were last seen a day ago.</summary>
    public void ForgetOld()
    {
        foreach (((string? Job, string? Instance) key, long at) in _seenAt)
        {
            if (time.GetElapsedTime(at) >= KeptFor) _seenAt.Remove(key);
        }
    }

    /// <summary>Many at once, since finding them is dear.</summary>
    private void ForgetOldest()
    {
        foreach ((string? Job, string? Instance) key in _seenAt.OrderBy(seen => seen.Value).Take(Most / 10).Select(seen => seen.Key).ToArray()) _seenAt.Remove(key);
    }
}
