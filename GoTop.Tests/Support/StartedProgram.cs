using System.Diagnostics;
using Xunit;

namespace GoTop.Tests.Support;

/// <summary>A program that a test starts with an environment of its own, and that it may stop or replace. It is killed when this is disposed.</summary>
internal sealed class StartedProgram : IAsyncDisposable
{
    private readonly Process _process;

    private StartedProgram(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public static async Task<StartedProgram> StartAsync(string executable, string[] arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(executable, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        StartedProgram program = new(Process.Start(start)!);
        await program.UntilAsync("ready");
        return program;
    }

    /// <summary>Reads on until it prints this line.</summary>
    public async Task UntilAsync(string line)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } read)
        {
            if (read == line) return;
        }

        throw new InvalidOperationException($"it ended before it printed \"{line}\"");
    }

    /// <summary>Ends what somebody else has started, if it has not ended meanwhile.</summary>
    public static void KillIfThere(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended.
        }
    }

    /// <summary>Linux only. A zombie, whose parent has not asked for it yet, does not run.</summary>
    public static bool IsRunning(string id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
