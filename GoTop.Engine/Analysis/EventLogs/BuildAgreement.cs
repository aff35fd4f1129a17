using System.Globalization;
using GoTop.Engine.GoRuntime.Binaries;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>
/// Whether an executable is the build that a log's process ran: with another one every name would be wrong. Windows logs the
/// size, the time stamp and the checksum of an image; Go sets the first alone, and it is the same after many a change. So the
/// log's return addresses are held against the executable as well: each must follow a call.
/// </summary>
internal static class BuildAgreement
{
    /// <summary>A goroutine that is preempted anywhere, or a fault, leaves an address that follows no call.</summary>
    private const int LeastPercent = 90;

    /// <summary>The share of the places of a foreign build that follow a call by chance is a few per cent.</summary>
    private const int EnoughAddresses = 8;

    /// <param name="returnAddresses">Of the process, as the log has them; others are left out.</param>
    /// <returns>What says that it is the same build; not supported with what says that it is not, or that it cannot be told.</returns>
    public static Reading<string> Check(LoadedImage logged, LoggedExecutable executable, IReadOnlyCollection<ulong> returnAddresses, DateTimeOffset? loggedAt)
    {
        PeStamp stamp = executable.Stamp;
        if (logged.Bytes != stamp.ImageBytes) return Another(executable, string.Create(CultureInfo.InvariantCulture, $"it takes {stamp.ImageBytes:N0} bytes of memory, the one in the log {logged.Bytes:N0}"));
        if (logged.TimeDateStamp != 0 && logged.TimeDateStamp != stamp.TimeDateStamp) return Another(executable, "its time stamp is another than the log's");
        if (logged.Checksum != 0 && logged.Checksum != stamp.Checksum) return Another(executable, "its checksum is another than the log's");
        int checkedCount = 0, followCalls = 0;
        foreach (ulong address in returnAddresses)
        {
            if (address <= logged.Base || address - logged.Base >= logged.Bytes) continue;
            checkedCount++;
            if (CallSites.FollowsCall(executable.Image, address - logged.Base + executable.Image.PreferredBase)) followCalls++;
        }

        string ofCalls = string.Create(CultureInfo.InvariantCulture, $"{followCalls} of {checkedCount} return addresses follow a call");
        if (checkedCount > 0 && followCalls * 100 < checkedCount * LeastPercent) return Another(executable, $"only {ofCalls} in it");
        bool hasStamp = logged.TimeDateStamp != 0 && stamp.TimeDateStamp == logged.TimeDateStamp;
        if (checkedCount >= EnoughAddresses || hasStamp) return Reading.Of(Said(executable, hasStamp ? $"the size and the time stamp agree, and {ofCalls}" : $"the size agrees, and {ofCalls}"));
        if (executable.IsGiven) return Reading.Of(Said(executable, $"as you say; the size agrees, and {ofCalls}"));
        if (loggedAt is { } at && executable.ModifiedAt < at) return Reading.Of(Said(executable, $"the size agrees, and the file is older than the log"));
        return Reading.NotSupported<string>(
            $"{executable.Path} has the size of the one in the log, but nothing tells that it is the same build: it was written after the log began, Go sets no time stamp, and {ofCalls} (--binary says that it is)");
    }

    private static string Said(LoggedExecutable executable, string how) => $"{executable.Path}: {how}";

    private static Reading<string> Another(LoggedExecutable executable, string how) => Reading.NotSupported<string>($"{executable.Path} is another build than the one in the log: {how}");
}
