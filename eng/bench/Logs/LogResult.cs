namespace GoTop.Bench.Logs;

/// <param name="Rotation">As the writer calls it.</param>
/// <param name="Written">Lines that the writer wrote.</param>
/// <param name="Unreadable">Of these, lines that stand in no file: written between the copy and the truncation.</param>
/// <param name="Counted">Lines that gotop counted.</param>
/// <param name="CpuPercent">Of gotop's engine while the writer wrote; 100 is one core.</param>
/// <param name="ResidentBytes">Once a second.</param>
internal sealed record LogResult(string Rotation, long Written, long Unreadable, long Counted, double Seconds, double CpuPercent, IReadOnlyList<long> ResidentBytes, long ManagedBytesAllocated)
{
    public long Lost => Written - Counted;
}
