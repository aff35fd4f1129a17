using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Logs;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Logs;

/// <summary>Inputs that break, which real ones should not; and logs that cannot be read at all.</summary>
public sealed class LogSourceFaultTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly AwaitableTime _time = new();
    private readonly LogIntake _intake;

    public LogSourceFaultTests() => _intake = new LogIntake(new LogTally(_time.GetUtcNow(), new CodeOrigins(""), []), _time);

    [Fact]
    public async Task An_input_that_breaks_is_told_and_run_again_after_a_pause()
    {
        TaskCompletionSource again = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Input input = new(_intake);
        input.Run = async (run, cancellation) =>
        {
            if (run == 1) throw new InvalidOperationException("index out of range");
            again.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        };
        await using LogSource source = new(_intake, [input], _time);
        Assert.Equal(SourceState.Ok, (await ReadAsync(source)).State);
        await _time.TimerOfAsync(TimeSpan.FromSeconds(5)).WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal("following a log broke off, and is tried again: index out of range", (await ReadAsync(source)).Reason);
        _time.Advance(TimeSpan.FromSeconds(5));
        await again.Task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Null((await ReadAsync(source)).Reason);
    }

    [Fact]
    public async Task Inputs_are_disposed_of_however_they_end()
    {
        Input broken = new(_intake), other = new(_intake);
        TaskCompletionSource runs = new(TaskCreationOptions.RunContinuationsAsynchronously);
        broken.Run = async (_, cancellation) =>
        {
            runs.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException("while ending");
            }
        };
        LogSource source = new(_intake, [broken, other], _time);
        await ReadAsync(source);
        await runs.Task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);
        await source.DisposeAsync();
        Assert.True(broken.IsDisposed && other.IsDisposed);
    }

    [Fact]
    public async Task What_one_input_throws_at_a_tick_silences_no_other()
    {
        Input broken = new(_intake) { OnCatch = () => throw new ArgumentOutOfRangeException("x", "not in there") }, other = new(_intake);
        await using LogSource source = new(_intake, [broken, other], _time);
        other.Write("one");
        SourceResult result = await ReadAsync(source);
        Assert.Equal("one", Assert.Single(result.Facts.LogLines).Text);
        Assert.Contains("not in there", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_no_log_can_be_read_the_source_has_failed_and_silence_means_nothing()
    {
        Input one = new(_intake), two = new(_intake);
        one.Problem = new LogProblem(LogProblemKind.Unreadable, "the journal of x cannot be read: \u001b[2Jno");
        two.Problem = new LogProblem(LogProblemKind.Missing, "/x is not there yet");
        await using LogSource source = new(_intake, [one, two], _time);
        SourceResult result = await ReadAsync(source);
        Assert.Equal((SourceState.Failed, "the journal of x cannot be read: no; /x is not there yet"), (result.State, result.Reason));
        Assert.Equal((ReadingState.Failed, result.Reason), (result.Facts.Logs.State, result.Facts.Logs.Reason));
        // One of the two can be read again.
        one.Problem = null;
        one.Write("one");
        result = await ReadAsync(source);
        Assert.Equal((SourceState.Ok, 1L), (result.State, result.Facts.Logs.Value.Lines));
        one.Problem = new LogProblem(LogProblemKind.Unreadable, "permission denied");
        result = await ReadAsync(source);
        Assert.Equal((SourceState.Failed, ReadingState.Stale, 1L), (result.State, result.Facts.Logs.State, result.Facts.Logs.Value.Lines));
        one.Problem = two.Problem = new LogProblem(LogProblemKind.Missing, "not there yet");
        Assert.Equal(SourceState.NotYet, (await ReadAsync(source)).State);
        one.Problem = two.Problem = new LogProblem(LogProblemKind.Partial, "more than 64 files match");
        Assert.Equal(SourceState.Ok, (await ReadAsync(source)).State);
    }

    private static async Task<SourceResult> ReadAsync(LogSource source) => await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);

    private sealed class Input(LogIntake intake) : ILogInput
    {
        private readonly LogStream _stream = intake.Open("test", unwraps: false);
        private int _runs;

        public Func<int, CancellationToken, Task> Run { get; set; } = (_, cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);

        public Action? OnCatch { get; init; }

        public LogProblem? Problem { get; set; }

        public bool IsDisposed { get; private set; }

        public int Logs => 1;

        public ImmutableArray<LogProblem> Problems => Problem is { } problem ? [problem] : [];

        public void Write(string line) => _stream.Take(Encoding.UTF8.GetBytes(line));

        public Task RunAsync(CancellationToken cancellation) => Run(Interlocked.Increment(ref _runs), cancellation);

        public void Catch(CancellationToken cancellation) => OnCatch?.Invoke();

        public void Dispose() => IsDisposed = true;
    }
}
