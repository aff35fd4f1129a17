namespace GoTop.Bench.Alerts;

/// <summary>What the service is like at one moment, before its figures are made of it. A fault changes it.</summary>
internal sealed class ServiceState
{
    public const double GoMemoryLimitBytes = 1.5 * (1L << 30);
    public const double ContainerLimitBytes = 3.0 * (1L << 30);
    public const int HandleLimit = 1024;

    /// <summary>By day.</summary>
    public const double UsualHeapBytes = 240.0 * (1L << 20);
    public const double UsualResidentBytes = 560.0 * (1L << 20);
    public const double UsualHandles = 150;

    public const int Cores = 4;

    public double RequestsFactor { get; set; } = 1;

    public double LatencyFactor { get; set; } = 1;

    public double CpuFactor { get; set; } = 1;

    /// <summary>Each takes a core, while there are any.</summary>
    public double SpinningGoroutines { get; set; }

    public double LeakedHeapBytes { get; set; }

    public double ForeignBytes { get; set; }

    public double LeakedGoroutines { get; set; }

    /// <summary>Beyond those of connections.</summary>
    public double Handles { get; set; }

    /// <summary>0 to 1.</summary>
    public double FailedShare { get; set; }
}
