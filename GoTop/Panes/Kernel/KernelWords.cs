using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Kernel;

/// <summary>The answer in words: is it short of cores, who has them, is it throttled, or does it have nothing to do.</summary>
internal static class KernelWords
{
    private const double ShortPercent = 25;
    private const double IdlePercent = 5;
    private const double CriticalPercent = 100;

    public static (string Text, Tone Tone) Verdict(Snapshot now)
    {
        KernelFigures? kernel = now.Kernel.ValueOr(null);
        Reading<double> waiting = kernel is not null ? kernel.ReadyPercent.Or(now.Process.RunQueueDelayPercent) : now.Process.RunQueueDelayPercent;
        Reading<double> busyFor = kernel is not null ? kernel.OnCpuPercent.Or(now.Process.CpuPercent) : now.Process.CpuPercent;
        double throttled = now.Container.ThrottledPercent.TryGet(out double percent) ? percent : 0;
        if (!waiting.TryGet(out double ready))
            return ($"Whether it is short of cores cannot be told: {Figure.Of(waiting, _ => "").Reason}.{(throttled >= 1 ? " But" : "")}{Throttled(throttled)}", throttled >= 1 ? Tone.Warning : Tone.Dim);
        string atLeast = kernel is { IsPartial: true } ? "at least " : "";
        if (ready >= ShortPercent)
        {
            CoreShortage shortage = CoreShortage.Of(now);
            string kind = shortage.Cause == CoreShortageCause.Quota ? "Throttled by its quota" : "Short of cores";
            return ($"{kind}: its threads are ready without a core {atLeast}{Figures.Invariant($"{ready / 100:0.0}")} s of every second{Worst(kernel)}. {Sentence(shortage.Why)} {shortage.Advice}", ready >= CriticalPercent ? Tone.Critical : Tone.Warning);
        }

        double cpu = busyFor.TryGet(out double used) ? used : double.NaN;
        if (throttled >= 1) return ($"Throttled, not short of cores:{Throttled(throttled)} They wait {atLeast}{Figures.Percent(ready)} of a thread's time.", Tone.Warning);
        if (cpu < IdlePercent && ready < IdlePercent) return ($"Idle: it uses {Figures.Percent(cpu)} of one core and waits for none{MostlyFor(kernel)}. If it is slow, the cores are not why: see Goroutines and Locks.", Tone.Good);
        string may = Available(now) is { } cores ? $" of the {Figures.Cores(cores)} it may use" : "";
        string busy = double.IsNaN(cpu) ? "" : $" It uses {Figures.Cores(cpu / 100)} cores{may}.";
        return ($"Not short of cores: its threads are ready without one {atLeast}{Figures.Percent(ready)} of a thread's time{Worst(kernel)}.{busy}", Tone.Good);
    }

    /// <summary>Cores that may be used at once, by affinity and quota; null when neither is known.</summary>
    private static double? Available(Snapshot now)
    {
        double cores = now.Process.AllowedCores.TryGet(out CoreSet? allowed) ? allowed.Count : double.PositiveInfinity;
        if (now.Container.CpuQuotaCores.TryGet(out double quota)) cores = Math.Min(cores, quota);
        return double.IsInfinity(cores) ? null : cores;
    }

    private static string Throttled(double percent) =>
        percent >= 1 ? $" its container's quota stops it {Figures.Percent(percent)} of the time, which to its threads is the same as having no core." : "";

    private static string Worst(KernelFigures? kernel) => kernel is not null && kernel.Report.RunQueueDelay.TryGet(out var delay) && delay.Count > 0
        ? $" (one wait in a hundred is {Figures.Nanoseconds(delay.P99Nanoseconds)} or more, the longest {Figures.Nanoseconds(delay.MaxNanoseconds)})"
        : "";

    private static string MostlyFor(KernelFigures? kernel)
    {
        if (kernel is null) return "";
        ImmutableArray<OffCpuTime> off = kernel.Report.Target.OffCpu;
        return off.IsDefaultOrEmpty ? "" : $"; its threads are mostly {PlainText.Clean(off[0].Reason, 64)}";
    }

    private static string Sentence(string text) => text.Length == 0 ? "" : $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
}
