using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows.PerformanceData;

/// <summary>A query of pdh.dll.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class LivePerformanceData : IPerformanceData
{
    // PDH_FMT_DOUBLE | PDH_FMT_NOCAP100: a process may use more than one core.
    private const uint Format64 = 0x0000_0200 | 0x0000_8000;

    private readonly nint _query;
    private bool _isClosed;

    private LivePerformanceData(nint query)
    {
        _query = query;
    }

    public static Reading<IPerformanceData> Open()
    {
        uint status = PdhOpenQueryW(null, 0, out nint query);
        return status == PdhStatus.Success ? Reading.Of<IPerformanceData>(new LivePerformanceData(query)) : PdhStatus.Why(status).Absent<IPerformanceData>();
    }

    public uint Add(string path, out nint counter) => PdhAddEnglishCounterW(_query, path, 0, out counter);

    public uint Collect() => PdhCollectQueryData(_query);

    public uint Format(nint counter, out uint counterStatus, out double value)
    {
        uint status = PdhGetFormattedCounterValue(counter, Format64, out _, out CounterValue answer);
        (counterStatus, value) = (answer.Status, answer.Value);
        return status;
    }

    public void Dispose()
    {
        if (_isClosed) return;
        _isClosed = true;
        // Closes its counters with it. There is nothing to do when it fails.
        _ = PdhCloseQuery(_query);
    }

    [LibraryImport("pdh.dll", StringMarshalling = StringMarshalling.Utf16)]
    private static partial uint PdhOpenQueryW(string? dataSource, nint user, out nint query);

    [LibraryImport("pdh.dll", StringMarshalling = StringMarshalling.Utf16)]
    private static partial uint PdhAddEnglishCounterW(nint query, string path, nint user, out nint counter);

    [LibraryImport("pdh.dll")]
    private static partial uint PdhCollectQueryData(nint query);

    [LibraryImport("pdh.dll")]
    private static partial uint PdhGetFormattedCounterValue(nint counter, uint format, out uint type, out CounterValue value);

    [LibraryImport("pdh.dll")]
    private static partial uint PdhCloseQuery(nint query);

    /// <summary>PDH_FMT_COUNTERVALUE with its union as a double, which lies at 8.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private struct CounterValue
    {
        [FieldOffset(0)]
        public uint Status;

        [FieldOffset(8)]
        public double Value;
    }
}
