using GoTop.Engine.KernelEvents.Etw.Sessions;
using Xunit;

namespace GoTop.Tests.KernelEvents.Etw.Sessions;

public sealed class EtwSessionKeeperTests
{
    private readonly FakeEnd _end = new();

    [Fact]
    public void What_is_open_when_the_process_ends_is_ended()
    {
        FakeEtwSystem system = new() { Active = ["Somebody else's"] };
        EtwSessionKeeper keeper = new(system, _end);
        keeper.Start("GoTop-Cheap-1-9", EtwRequest.Cheap);
        keeper.StartRecorder("GoTop-Recorder-9", 64, EtwRequest.Scheduler);
        keeper.Start("GoTop-Kernel-1-9", EtwRequest.Scheduler).Dispose();
        Assert.Equal(["Somebody else's", "GoTop-Cheap-1-9", "GoTop-Recorder-9"], system.Active);
        _end.Raise();
        Assert.Equal(["Somebody else's"], system.Active);
        // An unhandled exception and the end may both be told.
        _end.Raise();
    }

    [Fact]
    public void One_that_cannot_be_ended_does_not_keep_the_others()
    {
        FakeEtwSystem system = new();
        EtwSessionKeeper keeper = new(system, _end);
        system.CannotStop.Add("GoTop-Cheap-1-9");
        keeper.Start("GoTop-Cheap-1-9", EtwRequest.Cheap);
        keeper.Start("GoTop-Kernel-1-9", EtwRequest.Scheduler);
        _end.Raise();
        Assert.Equal(["GoTop-Cheap-1-9"], system.Active);
    }

    [Fact]
    public void One_that_was_refused_is_nobody_s_to_end()
    {
        FakeEtwSystem system = new() { Refusal = new UnauthorizedAccessException(), Active = ["GoTop-Cheap-1-9"] };
        EtwSessionKeeper keeper = new(system, _end);
        Assert.Throws<UnauthorizedAccessException>(() => keeper.Start("GoTop-Cheap-1-9", EtwRequest.Cheap));
        _end.Raise();
        Assert.Equal(["GoTop-Cheap-1-9"], system.Active);
    }

    private sealed class FakeEnd : IProcessEnd
    {
        public event Action? Ending;

        public void Raise() => Ending?.Invoke();
    }
}
