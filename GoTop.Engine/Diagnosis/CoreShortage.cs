using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis;

public enum CoreShortageCause : byte
{
    Unknown,

    /// <summary>Its container has used its quota up: the cores may be free.</summary>
    Quota,

    /// <summary>Its own threads take turns on the few cores that it may use, while there are others.</summary>
    Pinned,

    /// <summary>Its own threads take turns on all cores there are.</summary>
    OwnThreads,

    /// <summary>One other process has the cores.</summary>
    Neighbour,

    /// <summary>Many others have them.</summary>
    Machine,
}

/// <summary>Why the target's threads are ready without a core, as far as counters and the kernel's events prove it.</summary>
public sealed record CoreShortage
{
    private const double ThrottledPercentThatCounts = 5;

    /// <summary>Of the time that its threads waited; less proves nothing about who is to blame.</summary>
    private const double ShareThatCounts = 0.3;

    public required CoreShortageCause Cause { get; init; }

    /// <summary>The evidence, as a sentence without its capital and full stop.</summary>
    public required string Why { get; init; }

    public required string Advice { get; init; }

    public static CoreShortage Of(Snapshot now)
    {
        Facts facts = new(now);
        CoreShortageCause cause = facts.Cause();
        return new CoreShortage { Cause = cause, Why = facts.Why(cause), Advice = facts.Advice(cause) };
    }

    /// <summary>What is known of one snapshot.</summary>
    private sealed class Facts
    {
        private readonly Snapshot _now;
        private readonly int? _gomaxprocs;
        private readonly CoreSet? _allowed;
        private readonly ImmutableArray<CoreLoad> _cores;
        private readonly double _throttledPercent;
        private readonly Contention? _contention;

        public Facts(Snapshot now)
        {
            _now = now;
            _gomaxprocs = now.Go.Counters.Gomaxprocs.TryGet(out int procs) ? procs : null;
            _allowed = now.Process.AllowedCores.ValueOr(null);
            _cores = now.Host.Cores.TryGet(out ImmutableArray<CoreLoad> cores) ? cores : [];
            _throttledPercent = now.Container.ThrottledPercent.TryGet(out double throttled) ? throttled : 0;
            _contention = now.Kernel.TryGet(out KernelFigures? kernel) && kernel.Report.RanInstead.TryGet(out ImmutableArray<RanInstead> instead)
                ? Contention.Of(instead, now.Target.Process)
                : null;
        }

        private bool IsPinned => _allowed is { Count: > 0 } && _allowed.Count < _cores.Length;

        public CoreShortageCause Cause()
        {
            CoreShortageCause own = IsPinned ? CoreShortageCause.Pinned : CoreShortageCause.OwnThreads;
            if (_contention is not { } contention)
            {
                return IsPinned ? CoreShortageCause.Pinned
                    : _throttledPercent > 1 ? CoreShortageCause.Quota
                    : _now.Host.CpuPercent.HasValue ? CoreShortageCause.Machine : CoreShortageCause.Unknown;
            }

            // A group that is throttled leaves its cores idle or to others, never to itself.
            if (_throttledPercent >= ThrottledPercentThatCounts && contention.OwnShare < 0.5) return CoreShortageCause.Quota;
            if (contention.OthersShare >= ShareThatCounts && contention.OthersShare >= contention.OwnShare)
                return contention.NeighbourShare >= contention.OthersShare / 2 ? CoreShortageCause.Neighbour : CoreShortageCause.Machine;
            return contention.OwnShare >= ShareThatCounts ? own : CoreShortageCause.Unknown;
        }

        public string Why(CoreShortageCause cause)
        {
            string procs = _gomaxprocs is { } number ? Invariant($"GOMAXPROCS is {number}") : "";
            return cause switch
            {
                CoreShortageCause.Quota => Join(ThrottledBy(), Quota(), procs),
                CoreShortageCause.Pinned when _contention is { } contention => Join(Invariant($"its own threads take turns ({contention.OwnShare * 100:0} % of that time)"), Allowed(), procs, Elsewhere(), Throttled()),
                CoreShortageCause.Pinned => Join(Allowed(), procs, Elsewhere(), Throttled()),
                CoreShortageCause.OwnThreads => Join(
                    Invariant($"its own threads take turns on all {_cores.Length} cores ({_contention!.OwnShare * 100:0} % of that time)"), procs, Throttled()),
                CoreShortageCause.Neighbour => Join(
                    Invariant($"{Named(_contention!.Neighbour)} had the cores for {_contention.NeighbourShare * 100:0} % of that time, its own threads for {_contention.OwnShare * 100:0} %"), IsPinned ? Allowed() : "", Throttled()),
                CoreShortageCause.Machine when _contention is { } contention => Join(
                    Invariant($"other processes had the cores for {contention.OthersShare * 100:0} % of that time, most of all {Named(contention.Neighbour)}"), IsPinned ? Allowed() : "", Throttled()),
                CoreShortageCause.Machine => Invariant($"the machine's cores are {_now.Host.CpuPercent.ValueOr(0):0} % busy"),
                _ when _contention is { IdleShare: >= 0.5 } contention => Invariant($"for {contention.IdleShare * 100:0} % of that time the core it got was idle: it had to wake up, or the machine's own host gave it none"),
                _ => "who has the cores is not known",
            };
        }

        public string Advice(CoreShortageCause cause) => cause switch
        {
            CoreShortageCause.Quota => "Raise the quota, or set GOMAXPROCS to it (Go 1.25 and later do so by themselves).",
            CoreShortageCause.Pinned => "Allow it more cores, or set GOMAXPROCS to the number of allowed ones.",
            CoreShortageCause.OwnThreads => "It needs more CPU than the machine has: see On CPU in Kernel for what it spends it on.",
            CoreShortageCause.Neighbour => Invariant($"Move {Named(_contention!.Neighbour)} to other cores, or give it a lower priority or a quota."),
            _ => "See Kernel and Cores: free the cores it may use, allow it more, or move the neighbour.",
        };

        private string Allowed() => Invariant($"it may only run on {(_allowed!.Count == 1 ? "core" : "cores")} {_allowed} of {_cores.Length}");

        /// <summary>Throttled time is summed over cores and may be more than all the time there is; periods are not.</summary>
        private string ThrottledBy() => _now.Container.ThrottledPeriodsPercent.TryGet(out double periods)
            ? Invariant($"its container is throttled in {periods:0} % of the periods")
            : Invariant($"its container is throttled {_throttledPercent:0} % of the time");

        private string Quota() => _now.Container.CpuQuotaCores.TryGet(out double cores) ? Invariant($"its quota is {cores:0.##} cores") : "";

        private string Throttled() => _throttledPercent > 1 ? Invariant($"besides it is throttled {_throttledPercent:0} % of the time") : "";

        /// <summary>What the cores do that it may not use.</summary>
        private string Elsewhere()
        {
            double[] busy = [.. _cores.Where(core => !_allowed!.Contains(core.Core.Id)).Select(core => core.BusyPercent)];
            return busy.Length == 0 ? "" : Invariant($"the other {(busy.Length == 1 ? "core is" : "cores are")} {Math.Max(0, 100 - busy.Average()):0} % idle");
        }

        private static string Named(RanInstead who) =>
            who.Name is { Length: > 0 } name ? Invariant($"{PlainText.Clean(name, 64)} ({who.Process})") : Invariant($"process {who.Process}");

        private static string Join(params ReadOnlySpan<string> parts)
        {
            List<string> said = [];
            foreach (string part in parts)
            {
                if (part.Length > 0) said.Add(part);
            }

            return string.Join("; ", said);
        }

        private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Who had the cores, as shares of the time that the target's threads waited.</summary>
    private sealed record Contention(double OwnShare, double OthersShare, double IdleShare, RanInstead Neighbour, double NeighbourShare)
    {
        /// <summary>Null when nobody waited.</summary>
        public static Contention? Of(ImmutableArray<RanInstead> instead, ProcessKey? target)
        {
            double total = instead.Sum(who => (double)who.Nanoseconds);
            if (total <= 0) return null;
            RanInstead[] others = [.. instead.Where(who => who.Process > 0 && !Is(who)).OrderByDescending(who => who.Nanoseconds)];
            RanInstead neighbour = others.Length > 0 ? others[0] : new RanInstead(KernelEvent.Unknown, null, KernelEvent.Unknown, 0);
            return new Contention(
                Share(Is), Share(who => who.Process > 0 && !Is(who)), Share(who => who.Process == 0), neighbour, neighbour.Nanoseconds / total);

            bool Is(RanInstead who) => who.Process == target?.ProcessId;

            double Share(Func<RanInstead, bool> which) => instead.Where(which).Sum(who => (double)who.Nanoseconds) / total;
        }
    }
}
