namespace GoTop.Bench.Fleet;

/// <param name="PageBytes">Of each page.</param>
/// <param name="CpuPercent">Of gotop; 100 is one core.</param>
/// <param name="FirstSeconds">From its start until all targets stood on the screen.</param>
internal sealed record FleetResult(int Targets, TimeSpan Interval, int PageBytes, double CpuPercent, double ResidentMebibytes, double FirstSeconds, TimeSpan Window);
