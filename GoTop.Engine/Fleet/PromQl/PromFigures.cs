using GoTop.Engine.GoRuntime.Metrics;

namespace GoTop.Engine.Fleet.PromQl;

/// <summary>Where the value of a series goes: of now, or of a step of the past.</summary>
internal static class PromFigures
{
    /// <summary>Of <see cref="PromQueries.Levels"/>.</summary>
    public static void TakeLevel(FleetRaw raw, PromSeries series, double value)
    {
        // The first of several names of a figure stands.
        if (series[PromLabel.Name] is { } name && RuntimeMetricNames.All.TryGetValue(name, out RuntimeMetric metric) && double.IsNaN(raw[metric])) raw[metric] = value;
    }

    /// <summary>Of <see cref="PromQueries.Rates"/>.</summary>
    public static void TakeRate(FleetRaw raw, PromSeries series, double value)
    {
        switch (series[PromLabel.Figure])
        {
            case PromQueries.Cpu: raw.CpuPerSecond = value; break;
            case PromQueries.GcCpu: raw.GcCpuPerSecond = value; break;
            case PromQueries.Pause: raw.PausePerSecond = value; break;
            case PromQueries.Allocation: raw.AllocBytesPerSecond = value; break;
            case PromQueries.Latency: raw.SchedulingP99Seconds = value; break;
        }
    }
}
