using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Control.Services.Processes;

/// <summary>How a process was started, read from itself while it runs, so that the same can be started again.</summary>
internal sealed record Relaunch
{
    private const string DeletedMark = " (deleted)";
    private const string Nowhere = "/dev/null";

    /// <summary>A session of its own, so that closing our terminal does not end it, and its output where it was.</summary>
    private const string Shell = "out=$1; err=$2; shift 2; if command -v setsid >/dev/null; then exec setsid \"$@\" </dev/null >>\"$out\" 2>>\"$err\"; else exec \"$@\" </dev/null >>\"$out\" 2>>\"$err\"; fi";

    public required string Executable { get; init; }

    /// <summary>Without the program's name.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    public required ImmutableArray<KeyValuePair<string, string>> Environment { get; init; }

    public required string Directory { get; init; }

    /// <summary>Linux: the file its standard output went to; <c>/dev/null</c> where that was none.</summary>
    public string Output { get; init; } = Nowhere;

    public string Error { get; init; } = Nowhere;

    /// <summary>Null where its standard error goes nowhere.</summary>
    public string? ErrorFile => Error == Nowhere ? null : Error;

    /// <exception cref="ControlException">It could not be started as it was.</exception>
    public static Relaunch Of(IPlatform platform, ProcessKey process)
    {
        string executable = ValueOf(platform.Executable(process), "its executable").DisplayPath;
        // Replaced on disk: the new one is what a restart is for.
        if (executable.EndsWith(DeletedMark, StringComparison.Ordinal)) executable = executable[..^DeletedMark.Length];
        if (!File.Exists(executable)) throw Cannot($"there is no file {executable} (it may run in a container, or was removed)");
        string user = ValueOf(platform.User(process), "its account"), own = ValueOf(platform.User(ValueOf(platform.FindProcess(System.Environment.ProcessId), "our own process")), "our own account");
        if (user != own) throw Cannot($"it runs as {user} and would be started as {own}");
        string directory = ValueOf(platform.WorkingDirectory(process), "its working directory");
        if (!System.IO.Directory.Exists(directory)) throw Cannot($"its working directory {directory} is gone");
        ImmutableArray<string> command = ValueOf(platform.CommandLine(process), "its command line");
        Relaunch again = new()
        {
            Executable = executable,
            Arguments = command.IsEmpty ? [] : command[1..],
            Environment = ValueOf(platform.Environment(process), "its environment"),
            Directory = directory,
        };
        return OperatingSystem.IsLinux() ? again with { Output = FileOf(process, 1), Error = FileOf(process, 2) } : again;
    }

    /// <summary>Starts it.</summary>
    /// <param name="changes">To its environment; a null removes a variable.</param>
    /// <exception cref="ControlException"></exception>
    public ProcessKey Start(IPlatform platform, ImmutableSortedDictionary<string, string?> changes)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(Executable, Arguments) { CreateNoWindow = true }
            : new ProcessStartInfo("/bin/sh", ["-c", Shell, "sh", Output, Error, Executable, .. Arguments]);
        start.WorkingDirectory = Directory;
        start.UseShellExecute = false;
        start.Environment.Clear();
        foreach ((string name, string value) in Environment) start.Environment[name] = value;
        foreach ((string name, string? value) in changes)
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }

        try
        {
            using Process started = Process.Start(start) ?? throw new ControlException($"{Executable} could not be started");
            return ValueOf(platform.FindProcess(started.Id), "what was started");
        }
        catch (Win32Exception refused)
        {
            throw new ControlException($"{Executable} could not be started: {refused.Message}");
        }
    }

    public override string ToString()
    {
        string output = OperatingSystem.IsWindows() ? "" : Output == Nowhere ? ", its output going nowhere" : $", its output appended to {Output}";
        return PlainText.Clean($"{Executable}{(Arguments.IsEmpty ? "" : " " + string.Join(' ', Arguments))} in {Directory} with its own environment{output}", 400);
    }

    /// <summary>Terminals and pipes belong to whoever started it: only a file can be written to again.</summary>
    private static string FileOf(ProcessKey process, int descriptor)
    {
        try
        {
            return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.ProcessId}/fd/{descriptor}")).LinkTarget is { } target && target.StartsWith('/')
                && !target.StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(target) ? target : Nowhere;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return Nowhere;
        }
    }

    private static T ValueOf<T>(Reading<T> reading, string what) =>
        reading.TryGet(out T? value) ? value : throw new ControlException($"it could not be started again as it was: {what} is not known: {reading.Reason}") { IsDenied = reading.State == ReadingState.Denied };

    private static ControlException Cannot(string why) => new($"it could not be started again as it was: {why}");
}
