using System.Diagnostics;

namespace GoTop.Bench.Engine;

/// <summary>Very many processes that do nothing, for the length of a measurement.</summary>
internal sealed class ManySleepers : IAsyncDisposable
{
    private readonly Process _shell;

    private ManySleepers(Process shell) => _shell = shell;

    public static async Task<ManySleepers> StartAsync(int count, TimeProvider time, CancellationToken cancellation)
    {
        // They end by themselves should this process be killed.
        string script = $"i=0; while [ $i -lt {count} ]; do sleep 180 & i=$((i+1)); done; echo ready; wait";
        Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardOutput = true }) ?? throw new InvalidOperationException("sh did not start");
        ManySleepers sleepers = new(shell);
        await shell.StandardOutput.ReadLineAsync(cancellation);
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
        return sleepers;
    }

    public async ValueTask DisposeAsync()
    {
        _shell.Kill(entireProcessTree: true);
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
