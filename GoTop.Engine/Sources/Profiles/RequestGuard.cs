using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Profiles;

/// <summary>
/// Whether a request may be made of a target without making an incident worse. Pure. Figures that are not known hold nothing
/// back, but an unknown number of goroutines counts as too many where their number is what makes a request dear.
/// </summary>
public static class RequestGuard
{
    /// <summary>Above this GC works in earnest: a healthy service is at a few per cent, and dedicated mark workers alone take 25 %.</summary>
    public const double MostGcCpuPercent = 25;

    /// <summary>Go's own stops are far below 1 ms; on Windows its clock moves in steps of up to 15.6 ms.</summary>
    public const long LongestStopNanoseconds = 100_000_000;

    /// <summary>A hundredth of all goroutines then waits longer than this for a processor.</summary>
    public const long LongestSchedulingLatencyNanoseconds = 100_000_000;

    /// <summary>With more, <c>debug=2</c> stops the world for tens of milliseconds and more: 0.5 s at 100,000.</summary>
    public const long MostGoroutinesAsText = 2_000;

    /// <summary>With more, a goroutine profile is a matter of tens of milliseconds of CPU: asked for less often, and held back as dear ones are.</summary>
    public const long ManyGoroutines = 20_000;

    /// <summary>With more, a goroutine profile is not asked for unless a person does.</summary>
    public const long MostGoroutinesUnasked = 100_000;

    /// <summary>Why the request must not be made now; null when it may.</summary>
    /// <param name="byPerson">A person asked for it, rather than a pane that keeps itself fresh.</param>
    /// <param name="force">The person has confirmed in spite of the target's trouble.</param>
    public static GuardStop? Check(ServedProfile request, TargetCondition condition, bool byPerson, bool force) =>
        OfSize(request, condition.Goroutines, byPerson || force) ?? (force || !IsDear(request, condition.Goroutines) ? null : OfTrouble(condition));

    private static bool IsDear(ServedProfile request, Reading<long> goroutines) => request.Cost switch
    {
        RequestCost.Little => false,
        RequestCost.PerGoroutine => !goroutines.TryGet(out long count) || count > ManyGoroutines,
        _ => true,
    };

    private static GuardStop? OfSize(ServedProfile request, Reading<long> goroutines, bool byPerson)
    {
        bool isKnown = goroutines.TryGet(out long count);
        switch (request.Cost)
        {
            case RequestCost.StopsTheWorld when !isKnown:
                return new GuardStop("how many goroutines there are is not known, and with many this stops the world for seconds: take their stacks from memory", CanForce: false);
            case RequestCost.StopsTheWorld when count > MostGoroutinesAsText:
                return new GuardStop(Text($"{count} goroutines (more than {MostGoroutinesAsText}) would stop the world for long: take their stacks from memory"), CanForce: false);
            case RequestCost.PerGoroutine when !byPerson && !isKnown:
                return new GuardStop("how many goroutines there are is not known", CanForce: true);
            case RequestCost.PerGoroutine when !byPerson && count > MostGoroutinesUnasked:
                return new GuardStop(Text($"{count} goroutines (more than {MostGoroutinesUnasked}) take {count * 2.2 / 1e6:0.0} s of its CPU time"), CanForce: true);
            default:
                return null;
        }
    }

    private static GuardStop? OfTrouble(TargetCondition condition)
    {
        if (condition.GcCpuPercent.TryGet(out double gc) && gc > MostGcCpuPercent)
            return new GuardStop(Text($"GC uses {gc:0} % of its CPU (more than {MostGcCpuPercent:0} %)"), CanForce: true);
        if (condition.LongestStopNanoseconds.TryGet(out long stop) && stop > LongestStopNanoseconds)
            return new GuardStop(Text($"the world was stopped for {Milliseconds(stop)} ms in the last 30 s (more than {Milliseconds(LongestStopNanoseconds)} ms)"), CanForce: true);
        if (condition.SchedulingLatencyP99Nanoseconds.TryGet(out long latency) && latency > LongestSchedulingLatencyNanoseconds)
            return new GuardStop(Text($"goroutines wait {Milliseconds(latency)} ms to run at p99 (more than {Milliseconds(LongestSchedulingLatencyNanoseconds)} ms)"), CanForce: true);
        return null;
    }

    private static long Milliseconds(long nanoseconds) => nanoseconds / 1_000_000;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <param name="Reason">The figure that did it and its limit, for the screen.</param>
/// <param name="CanForce">A person may have it all the same.</param>
public sealed record GuardStop(string Reason, bool CanForce);
