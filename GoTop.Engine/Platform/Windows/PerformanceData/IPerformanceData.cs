namespace GoTop.Engine.Platform.Windows.PerformanceData;

/// <summary>The calls of pdh.dll that are needed, so that what is made of their answers can be tested anywhere. Each gives a PDH status.</summary>
internal interface IPerformanceData : IDisposable
{
    /// <summary>PdhAddEnglishCounter: names as they are in English, whatever the system's language.</summary>
    uint Add(string path, out nint counter);

    /// <summary>PdhCollectQueryData, for all counters together.</summary>
    uint Collect();

    /// <summary>PdhGetFormattedCounterValue as a floating-point number, not capped at 100.</summary>
    uint Format(nint counter, out uint counterStatus, out double value);
}
