using System.ComponentModel;
using GoTop.Engine.Config;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Kernel;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Sources.Kernel;

/// <summary>Which sessions are open when.</summary>
public sealed class KernelSourceTests
{
    private const KernelFacts Few = KernelFacts.Disk | KernelFacts.Network | KernelFacts.HardFaults;

    private static readonly Interest Shown = new() { KernelEvents = true };

    // A performance counter counts from the start of the system.
    private readonly FakeTimeProvider _time = new(DateTimeOffset.MinValue.AddMinutes(1));
    private readonly List<FakeSession> _cheap = [];
    private readonly List<FakeSession> _scheduler = [];

    [Fact]
    public async Task The_cheap_session_is_always_there_and_the_scheduler_s_while_somebody_looks()
    {
        await using (KernelSource source = Source(Cheap, Scheduler))
        {
            // A single observation is not worth a session.
            Assert.Equal(SourceState.NotYet, (await ReadAsync(source, Interest.None)).State);
            Assert.Empty(_cheap);
            await ReadAsync(source, Interest.None);
            FakeSession cheap = Assert.Single(_cheap);
            cheap.DiskWritten(4096);
            SourceResult few = await ReadAsync(source, Interest.None);
            Assert.Equal(4096, few.Facts.Kernel.Value.DiskWrittenBytes.Value);
            Assert.False(few.Facts.Kernel.Value.RunQueueDelay.HasValue);
            Assert.Empty(_scheduler);

            await ReadAsync(source, Shown);
            FakeSession scheduler = Assert.Single(_scheduler);
            Assert.True((await ReadAsync(source, Shown)).Facts.Kernel.Value.Coverage.Tells(KernelFacts.Switches));
            Assert.False(cheap.IsEnded);
            // What it has counted meanwhile was in the other's reports.
            cheap.DiskWritten(1);
            await ReadAsync(source, Shown);

            SourceResult after = await ReadAsync(source, Interest.None);
            Assert.True(scheduler.IsEnded);
            Assert.False(cheap.IsEnded);
            Assert.Equal((Few, 0), (after.Facts.Kernel.Value.Coverage.Told, after.Facts.Kernel.Value.DiskWrittenBytes.Value));
        }

        Assert.All(_cheap, session => Assert.True(session.IsEnded));
    }

    [Fact]
    public async Task A_system_without_cheap_events_is_asked_once_and_waits_for_somebody_to_look()
    {
        int asked = 0;
        await using KernelSource source = Source(
            () =>
            {
                asked++;
                return Reading.NotSupported<IKernelEventSession>("counters tell the same");
            },
            Scheduler);
        for (int i = 0; i < 5; i++)
        {
            SourceResult result = await ReadAsync(source, Interest.None);
            Assert.Equal((SourceState.NotYet, "collected while a pane shows it"), (result.State, result.Reason));
        }

        Assert.Equal(1, asked);
        await ReadAsync(source, Shown);
        Assert.Single(_scheduler);
    }

    [Fact]
    public async Task Without_rights_it_says_which_is_missing_and_what_is_told_all_the_same()
    {
        int asked = 0;
        await using KernelSource source = Source(
            () =>
            {
                asked++;
                return Reading.Denied<IKernelEventSession>("needs an administrator");
            },
            () => Reading.Denied<IKernelEventSession>("needs an administrator"));
        SourceResult result = SourceResult.Not(SourceState.NotYet, "");
        for (int i = 0; i < 5; i++) result = await ReadAsync(source, Interest.None);
        Assert.Equal(SourceState.Denied, result.State);
        Assert.Equal("needs an administrator; meanwhile states, switches and CPU time of its threads are polled", result.Reason);
        Assert.Equal(1, asked);
        Assert.Equal((SourceState.Denied, "needs an administrator"), ((await ReadAsync(source, Shown)).State, (await ReadAsync(source, Shown)).Reason));
    }

    [Fact]
    public async Task Never_is_never()
    {
        await using KernelSource source = Source(Cheap, Scheduler, KernelEventsMode.Never);
        for (int i = 0; i < 3; i++) Assert.Equal(SourceState.NotSupported, (await ReadAsync(source, Shown)).State);
        Assert.Empty(_cheap);
        Assert.Empty(_scheduler);
    }

    [Fact]
    public async Task Of_few_events_the_figures_of_threads_are_absent_and_not_zero()
    {
        await using KernelSource source = Source(Cheap, Scheduler);
        for (int i = 0; i < 2; i++) await ReadAsync(source, Interest.None);
        _cheap[0].DiskWritten(4096);
        Reading<KernelFigures> figures = KernelDerivation.Derive(null, (await ReadAsync(source, Interest.None)).Facts);
        Assert.Equal(4096 / figures.Value.Seconds, figures.Value.DiskWrittenBytesPerSecond.Value, 1e-6);
        Assert.All(
            new[] { figures.Value.OnCpuPercent, figures.Value.ReadyPercent, figures.Value.PreemptionsPerSecond, figures.Value.VoluntarySwitchesPerSecond, figures.Value.CoreMigrationsPerSecond },
            figure => Assert.Equal((ReadingState.NotSupported, "only while shown"), (figure.State, figure.Reason)));
    }

    [Fact]
    public async Task A_cheap_session_that_breaks_while_the_scheduler_s_is_shown_ends_and_harms_nothing()
    {
        await using KernelSource source = Source(Cheap, Scheduler);
        for (int i = 0; i < 3; i++) await ReadAsync(source, Interest.None);
        await ReadAsync(source, Shown);
        _cheap[0].Broken = new Win32Exception("the session is gone");
        Assert.Equal(SourceState.Ok, (await ReadAsync(source, Shown)).State);
        Assert.True(_cheap[0].IsEnded);
        SourceResult after = await ReadAsync(source, Interest.None);
        Assert.Equal((SourceState.Failed, "the session is gone"), (after.State, after.Reason));
    }

    [Fact]
    public async Task Whatever_breaks_between_readings_is_told_by_the_next_one_and_ends_the_session()
    {
        await using (KernelSource source = Source(Cheap, Scheduler))
        {
            await ReadAsync(source, Shown);
            FakeSession first = _scheduler[0];
            first.Broken = new Win32Exception("0x80071069");
            _time.Advance(first.DrainEvery);
            await first.HasBroken.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
            first.Broken = null;
            Assert.Equal("0x80071069", (await Assert.ThrowsAsync<Win32Exception>(() => ReadAsync(source, Shown))).Message);
            Assert.True(first.IsEnded);

            await ReadAsync(source, Shown);
            FakeSession second = _scheduler[1];
            second.Broken = new Win32Exception("0x80071069");
            _time.Advance(second.DrainEvery);
            await second.HasBroken.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.All(_scheduler, session => Assert.True(session.IsEnded));
    }

    private Reading<IKernelEventSession> Cheap() => Open(_cheap, Few);

    private Reading<IKernelEventSession> Scheduler() => Open(_scheduler, Few | KernelFacts.Switches | KernelFacts.AllSwitches | KernelFacts.Ready);

    private Reading<IKernelEventSession> Open(List<FakeSession> sessions, KernelFacts told)
    {
        FakeSession session = new(_time, told);
        sessions.Add(session);
        return Reading.Of<IKernelEventSession>(session);
    }

    private KernelSource Source(Func<Reading<IKernelEventSession>> cheap, Func<Reading<IKernelEventSession>> scheduler, KernelEventsMode mode = KernelEventsMode.Shown)
    {
        FakePlatform platform = new() { CheapKernelSessions = cheap, KernelSessions = scheduler };
        FakeProcess process = new(100, "shop", "/shop");
        platform.Add(process);
        return new KernelSource(platform, process.Key, mode, _time);
    }

    private async Task<SourceResult> ReadAsync(KernelSource source, Interest interest)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return await source.ReadAsync(interest, TestContext.Current.CancellationToken);
    }

    private sealed class FakeSession(FakeTimeProvider time, KernelFacts told) : IKernelEventSession
    {
        private readonly List<KernelEvent> _events = [];
        private readonly TaskCompletionSource _hasBroken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public KernelCoverage Coverage { get; } = new(KernelSystem.Windows, told, [new MissingFact(~told, "only while shown")]);

        public string CostToTarget => "nothing";

        public long BegunAtNanoseconds { get; } = Now(time);

        public TimeSpan DrainEvery => TimeSpan.FromMinutes(10);

        public bool IsEnded { get; private set; }

        public Exception? Broken { get; set; }

        public Task HasBroken => _hasBroken.Task;

        public void DiskWritten(long bytes) =>
            _events.Add(new KernelEvent { Kind = KernelEventKind.DiskWrite, TimeNanoseconds = Now(time), Process = 100, Thread = 101, Value = bytes });

        public long Drain(IKernelEventSink sink)
        {
            if (Broken is { } broken)
            {
                _hasBroken.TrySetResult();
                throw broken;
            }

            foreach (KernelEvent happened in _events) sink.OnEvent(happened);
            _events.Clear();
            return Now(time);
        }

        public string? ProcessName(int processId) => null;

        public string? KernelFunction(ulong address) => null;

        public void Dispose() => IsEnded = true;

        private static long Now(FakeTimeProvider time) => (long)(time.GetElapsedTime(0).TotalMilliseconds * 1e6);
    }
}
