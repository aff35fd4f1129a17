using System.Runtime.InteropServices;

namespace GoTop.Screen;

/// <summary>
/// Every way in which the process is told to go from outside, or falls over: signals ask the UI thread to end and put
/// an end to it when it does not; an exception that nobody caught restores the terminal first and is printed then.
/// </summary>
internal sealed class Departure : IDisposable
{
    private const int SignalExitCode = 128;
    private readonly TerminalRestore _restore;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly List<PosixSignalRegistration> _signals = [];
    private ITimer? _watchdog;
    private int _exitCode;
    private volatile bool _wanted;

    public Departure(TerminalRestore restore, TimeProvider time, TimeSpan patience)
    {
        _restore = restore;
        _time = time;
        _patience = patience;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        Listen(PosixSignal.SIGTERM, 15);
        Listen(PosixSignal.SIGINT, 2);
        Listen(PosixSignal.SIGQUIT, 3);
        Listen(PosixSignal.SIGHUP, 1);
    }

    /// <summary>Raised on any thread when the program shall end.</summary>
    public event Action? Wanted;

    public bool IsWanted => _wanted;

    public int ExitCode => Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        _watchdog?.Dispose();
    }

    private void Listen(PosixSignal signal, int number) =>
        _signals.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            Volatile.Write(ref _exitCode, SignalExitCode + number);
            _wanted = true;
            Interlocked.CompareExchange(ref _watchdog, _time.CreateTimer(_ => EndNow(), null, _patience, Timeout.InfiniteTimeSpan), null);
            Wanted?.Invoke();
        }));

    private void EndNow()
    {
        _restore.LeaveAtOnce();
        Environment.Exit(ExitCode);
    }

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs failure)
    {
        _restore.LeaveAtOnce();
        Console.Error.WriteLine($"gotop: {failure.ExceptionObject}");
        // The runtime would abort with a core dump next.
        Environment.Exit(1);
    }
}
