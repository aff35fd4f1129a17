namespace GoTop.Cli;

/// <summary>What the process ends with; scripts rely on these. One that is interrupted ends as <see cref="Interruption"/> says.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It ran and found a problem.</summary>
    public const int Problem = 1;

    public const int Usage = 2;
    public const int TargetNotFound = 3;
    public const int NotPermitted = 4;
}

/// <summary>Ends a command with a message for the person who typed it: the thing, the reason, what to do next.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
