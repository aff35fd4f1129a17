using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[profiles]</c> table.</summary>
internal static class ProfileSettingsReader
{
    private const int LongestTraceSeconds = 10;
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromHours(1);

    public static ProfileSettings Read(TableReader? table)
    {
        ProfileSettings settings = new();
        if (table is null) return settings;
        settings = settings with
        {
            CpuSeconds = table.WholeNumber("cpu_seconds", 1, ProfileSettings.LongestSeconds) ?? settings.CpuSeconds,
            CpuEvery = table.Duration("cpu_every", ShortestPeriod, LongestPeriod) ?? settings.CpuEvery,
            HeapEvery = table.Duration("heap_every", ShortestPeriod, LongestPeriod) ?? settings.HeapEvery,
            GoroutineEvery = table.Duration("goroutine_every", ShortestPeriod, LongestPeriod) ?? settings.GoroutineEvery,
            TraceSeconds = table.WholeNumber("trace_seconds", 1, LongestTraceSeconds) ?? settings.TraceSeconds,
            TraceEvery = table.Duration("trace_every", TimeSpan.Zero, LongestPeriod) ?? settings.TraceEvery,
        };
        if (settings.CpuEvery <= TimeSpan.FromSeconds(settings.CpuSeconds))
        {
            table.Report("cpu_every", "\"profiles.cpu_every\" must be longer than \"profiles.cpu_seconds\": without a pause the service would be profiled all the time");
            settings = settings with { CpuSeconds = new ProfileSettings().CpuSeconds, CpuEvery = new ProfileSettings().CpuEvery };
        }

        if (settings.TraceEvery > TimeSpan.Zero && settings.TraceEvery < ShortestPeriod)
        {
            table.Report("trace_every", "\"profiles.trace_every\" is \"0s\" for never, or at least \"2s\"");
            settings = settings with { TraceEvery = TimeSpan.Zero };
        }

        table.Finish();
        return settings;
    }
}
