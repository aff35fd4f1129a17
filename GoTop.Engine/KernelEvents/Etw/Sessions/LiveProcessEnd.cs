namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>As .NET tells it: after an exception that nobody caught there is no ordinary end any more.</summary>
internal sealed class LiveProcessEnd : IProcessEnd
{
    public LiveProcessEnd()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Ending?.Invoke();
        AppDomain.CurrentDomain.UnhandledException += (_, _) => Ending?.Invoke();
    }

    public event Action? Ending;
}
