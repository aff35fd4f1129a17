namespace GoTop.Engine.Config;

/// <summary>Where GoTop keeps what it writes for itself: its log, captures that were not given a place.</summary>
public static class StateFolder
{
    /// <summary>
    /// The machine's own: <c>/var/lib/gotop</c>, <c>%ProgramData%\gotop</c> on Windows. Installing the agent makes it, for
    /// administrators to write and others to read.
    /// </summary>
    public static string OfTheMachine() => OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "gotop")
        : "/var/lib/gotop";

    /// <summary><c>$XDG_STATE_HOME/gotop</c> or <c>~/.local/state/gotop</c>; <c>%LOCALAPPDATA%\gotop</c> on Windows.</summary>
    /// <remarks>
    /// Where the agent is installed, administrators have the machine's: what they do by hand and what the agent does is then in
    /// one audit log, and the agent knows which restart was a person's.
    /// </remarks>
    public static string OfThisUser()
    {
        if (Environment.IsPrivilegedProcess && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("XDG_STATE_HOME")) && Directory.Exists(OfTheMachine())) return OfTheMachine();
        if (OperatingSystem.IsWindows()) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "gotop");
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        return Path.Combine(string.IsNullOrEmpty(state) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state") : state, "gotop");
    }
}
