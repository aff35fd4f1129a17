namespace GoTop.Bench.Screen;

/// <summary>A screen program as it is measured.</summary>
/// <param name="Markers">Texts that all stand on its screen once the first frame is complete.</param>
/// <param name="Keys">Two keys, pressed in turn, each of which changes what is shown.</param>
internal sealed record ScreenProgram(string Name, string[] Command, string[] Markers, string[] Keys)
{
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>How often it is asked to refresh.</summary>
    public required double RefreshesPerSecond { get; init; }

    private static string[] ArrowKeys => ["\e[B", "\e[A"];

    /// <param name="configRoot">A private folder: the user's own btop settings are neither read nor changed.</param>
    public static ScreenProgram Btop(TimeSpan refresh, string configRoot)
    {
        string home = Path.Combine(configRoot, $"btop-{refresh.TotalMilliseconds:0}");
        Directory.CreateDirectory(Path.Combine(home, "btop"));
        File.WriteAllText(Path.Combine(home, "btop", "btop.conf"), $"#? Config file for btop\nupdate_ms={refresh.TotalMilliseconds:0}\n");
        return new ScreenProgram("btop", ["btop", "--utf-force"], ["Pid:", "Program:", "download"], ArrowKeys)
        {
            RefreshesPerSecond = 1 / refresh.TotalSeconds,
            Variables = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = home },
        };
    }

    /// <param name="configRoot">A private folder: htop writes its settings when it ends.</param>
    public static ScreenProgram Htop(TimeSpan refresh, string configRoot) =>
        new("htop", ["htop", "-d", $"{refresh.TotalSeconds * 10:0}"], ["F10", "PID"], ArrowKeys)
        {
            RefreshesPerSecond = 1 / refresh.TotalSeconds,
            Variables = new Dictionary<string, string> { ["HTOPRC"] = Path.Combine(configRoot, "htoprc") },
        };

    /// <param name="target">PID of the watched service.</param>
    /// <param name="markers">What tells a complete first frame: pane tabs and the target's name.</param>
    public static ScreenProgram GoTop(string path, int target, TimeSpan refresh, string configRoot, string[] markers, string[] keys) =>
        new("gotop", [path, $"{target}", "--interval", $"{refresh.TotalMilliseconds:0}ms"], markers, keys)
        {
            RefreshesPerSecond = 1 / refresh.TotalSeconds,
            Variables = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = configRoot },
        };
}
