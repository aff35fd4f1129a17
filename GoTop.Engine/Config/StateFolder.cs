namespace GoTop.Engine.Config;

/// <summary>Where GoTop keeps what it writes for itself: its log, captures that were not given a place.</summary>
public static class StateFolder
{
    /// <summary><c>$XDG_STATE_HOME/gotop</c> or <c>~/.local/state/gotop</c>; <c>%LOCALAPPDATA%\gotop</c> on Windows.</summary>
    public static string OfThisUser()
    {
        if (OperatingSystem.IsWindows()) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "gotop");
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        return Path.Combine(string.IsNullOrEmpty(state) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state") : state, "gotop");
    }
}
