using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace GoTop.Tests.Support;

/// <summary><c>gotop agent</c> as people run it: a process of its own. It is killed when this is disposed.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];

    private AgentProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>All that it has said so far.</summary>
    public string Output => string.Join('\n', _output);

    public static AgentProcess Start(string configFile) => new(Process.Start(
        new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "gotop"), ["agent", "--config", configFile]) { RedirectStandardOutput = true, RedirectStandardError = true })!);

    /// <summary>Waits for what comes of its work, as long as it runs, and four minutes at most.</summary>
    /// <param name="found">What there is instead, for the failure.</param>
    /// <param name="what">What is waited for.</param>
    public Task ComesToAsync(Func<bool> condition, Func<string>? found = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        string Instead() => $"{found?.Invoke()}\n{Output}";
        return Until.TrueAsync(
            () =>
            {
                Assert.False(_process.HasExited, $"the agent has ended before {what}: {Instead()}");
                return condition();
            },
            Instead, TimeSpan.FromMinutes(4), what);
    }

    /// <summary>SIGKILL; what it has started lives on.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
