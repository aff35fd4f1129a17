using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows.PerformanceData;

/// <summary>What pdh.dll answers (pdhmsg.h), in words.</summary>
internal static class PdhStatus
{
    public const uint Success = 0;
    public const uint ValidData = 0;
    public const uint NewData = 1;

    private const uint NoMachine = 0x8000_07D0;
    private const uint NoInstance = 0x8000_07D1;
    private const uint NoData = 0x8000_07D5;
    private const uint NegativeDenominator = 0x8000_07D6;
    private const uint NegativeTimebase = 0x8000_07D7;
    private const uint NegativeValue = 0x8000_07D8;
    private const uint NoObject = 0xC000_0BB8;
    private const uint NoCounter = 0xC000_0BB9;
    private const uint BadCounterName = 0xC000_0BC0;
    private const uint InvalidData = 0xC000_0BC6;
    private const uint AccessDenied = 0xC000_0BDB;
    private const uint AccessDeniedOfSystem = 5;

    public static Reading<double> Why(uint status) => status switch
    {
        // A rate needs two readings, and some counters pass over one in which nothing happened.
        InvalidData or NoData or NegativeDenominator or NegativeTimebase or NegativeValue => Reading.NotYet<double>("a rate needs another reading"),
        NoMachine => Reading.NotSupported<double>("the machine that the path names cannot be reached"),
        NoInstance => Reading.NotSupported<double>("there is no such instance at present"),
        NoObject => Reading.NotSupported<double>("this machine has no such counter object"),
        NoCounter => Reading.NotSupported<double>("its object has no such counter"),
        BadCounterName => Reading.NotSupported<double>(@"it is no path of a counter, such as \Memory\Pages/sec"),
        AccessDenied or AccessDeniedOfSystem => Reading.Denied<double>("reading it needs membership in Performance Monitor Users, or elevation"),
        _ => Reading.Failed<double>(string.Create(CultureInfo.InvariantCulture, $"the system answered with 0x{status:X8}")),
    };
}
