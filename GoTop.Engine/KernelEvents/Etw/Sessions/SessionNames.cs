using System.Globalization;

namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>
/// Names of our sessions: <c>GoTop-Scheduler-4711</c>, with the process that began it. Sessions outlive a process that is
/// killed, and the machine has room for few; so what processes that are no more have left is ended before one begins.
/// </summary>
internal static class SessionNames
{
    private const string Prefix = "GoTop-";

    public static string Of(string purpose, int processId) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{purpose}-{processId}");

    /// <returns>False for sessions that are not ours.</returns>
    public static bool TryGetProcess(string name, out int processId)
    {
        processId = 0;
        int last = name.LastIndexOf('-');
        return name.StartsWith(Prefix, StringComparison.Ordinal) && last > Prefix.Length
            && int.TryParse(name.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out processId) && processId > 0;
    }

    /// <summary>Ends the sessions that GoTop's dead processes have left.</summary>
    /// <param name="isAlive">Whether there is a process of that number. When the number is used again by another, the session stays.</param>
    /// <returns>Names of those that were ended.</returns>
    public static IReadOnlyList<string> Sweep(IEtwSystem system, Func<int, bool> isAlive)
    {
        List<string> ended = [];
        foreach (string name in system.ActiveSessions())
        {
            if (!TryGetProcess(name, out int processId) || isAlive(processId)) continue;
            try
            {
                system.Stop(name);
                ended.Add(name);
            }
            catch (Exception refused) when (EtwRefusal.IsRefusal(refused))
            {
                // Another one was quicker, or it is somebody else's; it hinders nothing but takes up a place.
            }
        }

        return ended;
    }
}
