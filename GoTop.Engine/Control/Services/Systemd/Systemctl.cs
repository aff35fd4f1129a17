using System.ComponentModel;
using System.Text;
using CliWrap;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Services.Systemd;

/// <summary>Runs systemd's own programs: in English, without a pager, without asking for a password, not for long.</summary>
/// <param name="folder">Where they lie; null for the path.</param>
/// <param name="manager">Null for the system's.</param>
internal sealed class Systemctl(TimeProvider time, string? folder = null, SystemdManager? manager = null)
{
    private const int MostCharacters = 1 << 20;

    /// <summary>None of the commands waits for what it asks systemd to do.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public SystemdManager Manager { get; } = manager ?? SystemdManager.OfSystem;

    public Task<string> RunAsync(CancellationToken cancellation, params string[] arguments) => RunAsync("systemctl", [.. Manager.Options, .. arguments], cancellation);

    /// <exception cref="ControlException">It failed, in its own words.</exception>
    public async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        StringBuilder output = new(), error = new();
        using CancellationTokenSource late = new(Longest, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            CommandResult result = await Cli.Wrap(folder is null ? program : Path.Combine(folder, program)).WithArguments(arguments)
                .WithEnvironmentVariables(variables => variables.Set("LC_ALL", "C").Set("SYSTEMD_PAGER", "").Set("SYSTEMD_COLORS", "0").Set("XDG_RUNTIME_DIR", Manager.RuntimeDirectory ?? Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR")))
                .WithStandardOutputPipe(Capped(output)).WithStandardErrorPipe(Capped(error))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(either.Token).ConfigureAwait(false);
            if (result.ExitCode == 0) return output.ToString();
            string told = PlainText.Clean(error.ToString().Trim(), 500);
            bool denied = told.Contains("Access denied", StringComparison.OrdinalIgnoreCase) || told.Contains("authentication required", StringComparison.OrdinalIgnoreCase) || told.Contains("Permission denied", StringComparison.OrdinalIgnoreCase);
            throw new ControlException(denied ? $"systemd refuses: {told} (run GoTop as root, or allow it with polkit)" : $"{program} {Verb(arguments)}: {(told.Length > 0 ? told : $"exit status {result.ExitCode}")}") { IsDenied = denied };
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ControlException($"{program} {Verb(arguments)} has not answered within {Longest.TotalSeconds:0} s");
        }
        catch (Exception missing) when (missing is Win32Exception or IOException)
        {
            throw new ControlException($"{program} cannot be run: {PlainText.Clean(missing.Message, 200)}");
        }
    }

    private static string? Verb(string[] arguments) => arguments.FirstOrDefault(argument => !argument.StartsWith('-'));

    private static PipeTarget Capped(StringBuilder text) => PipeTarget.ToDelegate(line =>
    {
        if (text.Length + line.Length < MostCharacters) text.Append(line).Append('\n');
    });
}
