using Microsoft.Extensions.Time.Testing;

namespace GoTop.Tests.Support;

/// <summary>Fake time with a clock on the wall that somebody can set; timers and timestamps do not mind.</summary>
internal class SettableTime : FakeTimeProvider
{
    private TimeSpan _set;

    public SettableTime()
    {
    }

    public SettableTime(DateTimeOffset start)
        : base(start)
    {
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _set;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <param name="by">How far it is from the true time from now on.</param>
    public void Set(TimeSpan by) => _set = by;
}
