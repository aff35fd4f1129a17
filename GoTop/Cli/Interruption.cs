using System.Runtime.InteropServices;

namespace GoTop.Cli;

/// <summary>
/// Ctrl-C and SIGTERM while a command runs: the command is asked to end, and may finish what must not be left half done (a
/// service between its stop and its start). A second one ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const int SignalExitCode = 128;

    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _exitCode;

    public Interruption()
    {
        _interrupt = Listen(PosixSignal.SIGINT, 2);
        _terminate = Listen(PosixSignal.SIGTERM, 15);
    }

    public CancellationToken Token => _asked.Token;

    /// <summary>130 after Ctrl-C, 143 after SIGTERM, as shells have it; null when nobody interrupted.</summary>
    public int? ExitCode => Volatile.Read(ref _exitCode) is not 0 and int code ? code : null;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _asked.Dispose();
    }

    private PosixSignalRegistration Listen(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        if (Interlocked.CompareExchange(ref _exitCode, SignalExitCode + number, 0) != 0) return;
        context.Cancel = true;
        _asked.Cancel();
    });
}
