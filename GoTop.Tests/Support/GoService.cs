using System.Diagnostics;

namespace GoTop.Tests.Support;

/// <summary>A running program of <c>Targets</c>. It ends when this is disposed, or when the test run dies: both close its input.</summary>
internal sealed class GoService : IAsyncDisposable
{
    private readonly Process _process;

    private GoService(Process process, string? address)
    {
        _process = process;
        Address = address;
    }

    public int ProcessId => _process.Id;

    /// <summary>Where it listens, <c>127.0.0.1:PORT</c>; null with <c>-listen ""</c>.</summary>
    public string? Address { get; }

    public int Port => int.Parse(Address!.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public static Task<GoService> StartAsync(string executable, params string[] arguments) => StartAsync(executable, goDebug: "", arguments);

    /// <param name="goDebug">GODEBUG.</param>
    public static async Task<GoService> StartAsync(string executable, string goDebug, string[] arguments)
    {
        ProcessStartInfo start = new(executable, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (goDebug.Length > 0) start.Environment["GODEBUG"] = goDebug;
        Process process = Process.Start(start)!;
        string? address = null;
        while (await process.StandardOutput.ReadLineAsync(Xunit.TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("listening on ", StringComparison.Ordinal)) address = line["listening on ".Length..];
            if (line == "ready") return new GoService(process, address);
        }

        throw new InvalidOperationException($"{executable} ended before it was ready");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
