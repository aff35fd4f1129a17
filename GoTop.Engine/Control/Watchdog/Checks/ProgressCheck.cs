using GoTop.Engine.Config;

namespace GoTop.Engine.Control.Watchdog.Checks;

/// <summary>It gets somewhere, by what the agent observes of it anyway: alive and accepting is not enough.</summary>
internal sealed class ProgressCheck(WatchdogSettings settings, TimeProvider time) : IHealthCheck
{
    public const string Name = "progress";

    public Task<CheckResult> LookAsync(CheckSubject subject, CancellationToken cancellation) =>
        Task.FromResult(subject.Ended is not null ? CheckResult.Unknown(Name, "it has ended") : Judge(subject.Progress.Read(time.GetElapsedTime(0))));

    private CheckResult Judge(ProgressFacts facts)
    {
        if (facts.NothingReadFor is not { } age) return CheckResult.Unknown(Name, "nothing has been read yet");
        if (age > settings.HangAfter) return CheckResult.Unknown(Name, $"nothing has been read for {Text(age)}");
        if (settings.LogEvery is { } every && facts.SilentFor is { } silent && silent > every)
            return CheckResult.Of(Name, false, $"no line of its logs for {Text(silent)}, and it writes one every {DurationText.Format(every)}");
        if (!settings.Progress) return facts.SilentFor is null ? CheckResult.Unknown(Name, "its logs are not read") : CheckResult.Of(Name, true, "writes to its logs");
        if (facts.StarvedFor > settings.HangAfter) return CheckResult.Of(Name, false, FormattableString.Invariant($"goroutines are ready to run, and none was given a time slice for {Text(facts.StarvedFor)}"));
        if (facts.StuckFor > settings.HangAfter) return CheckResult.Of(Name, false, FormattableString.Invariant($"{facts.Stuck} goroutines wait for locks or receivers, and nothing has gone on for {Text(facts.StuckFor)}"));
        if (facts.WithoutGcFor is { } without && without > ProgressMemory.LongestWithoutGc)
            return CheckResult.Of(Name, false, $"no GC cycle has ended for {Text(without)}, and Go begins one every 2 minutes");
        return facts.CanTell ? CheckResult.Of(Name, true, "is made") : CheckResult.Unknown(Name, facts.WhyNot ?? "its scheduler cannot be read");
    }

    private static string Text(TimeSpan time) => Sampling.Figures.Age(time.TotalSeconds);
}
