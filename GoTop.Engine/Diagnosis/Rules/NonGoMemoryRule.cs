using System.Globalization;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>Most of the resident memory is not the Go runtime's: cgo, mapped files or a library leak.</summary>
public sealed class NonGoMemoryRule : IFindingRule
{
    private const long Smallest = 256L << 20;

    public string Name => "non-go-memory";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Go.NonGoResidentBytes.TryGet(out long outside) || !now.Process.ResidentBytes.TryGet(out long resident)) return null;
        if (outside < Smallest || outside < resident / 2) return null;
        return new Finding(
            Name, Severity.Notice,
            string.Create(CultureInfo.InvariantCulture, $"{outside / (double)(1 << 20):N0} MiB of resident memory are not Go's"),
            string.Create(CultureInfo.InvariantCulture, $"{100.0 * outside / resident:0} % of the resident set: C code, mapped files, or a library's own heap"),
            "A heap profile will not show it; look at cgo libraries and mapped files.");
    }
}
