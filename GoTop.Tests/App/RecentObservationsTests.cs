using GoTop.App;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.App;

public sealed class RecentObservationsTests
{
    private readonly Derivation _derivation = new();

    [Fact]
    public void Only_the_newest_keep_their_single_goroutines_and_all_keep_their_groups()
    {
        RecentObservations recent = new(most: 10, mostGoroutines: 250);
        Observation newest = Fill(recent, ticks: 5);
        Observation before = recent.Neighbour(newest, -1)!;
        Observation oldest = recent.Neighbour(newest, -4)!;
        Assert.True(before.Now.Facts.Goroutines.HasValue);
        Assert.False(oldest.Now.Facts.Goroutines.HasValue);
        Assert.Equal(100, Assert.Single(oldest.Now.Groups.Value).Count);
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many()
    {
        RecentObservations recent = new(most: 3);
        Observation newest = Fill(recent, ticks: 8);
        Assert.Equal(newest.Tick - 2, recent.Neighbour(newest, -100)!.Tick);
        Assert.Equal(newest.Tick - 2, recent.At(Samples.Start)!.Tick);
    }

    [Fact]
    public void The_newest_stays_whole_however_large_it_is()
    {
        RecentObservations recent = new(mostGoroutines: 1, mostGroups: 0);
        Observation newest = Fill(recent, ticks: 3);
        Assert.True(recent.At(newest.Now.Time)!.Now.Facts.Goroutines.HasValue);
        Assert.Null(recent.Neighbour(newest, -1));
    }

    [Fact]
    public void Lines_of_the_log_are_kept_for_as_many_lines_as_there_is_room_for()
    {
        RecentObservations recent = new(mostLogLines: 35);
        List<Observation> all = [];
        for (int t = 0; t < 10; t++)
        {
            SampleFacts facts = new() { LogLines = [.. Enumerable.Range(0, 10).Select(i => new LogLine(Samples.Start, "x", $"INFO tick {t} line {i}"))] };
            all.Add(_derivation.Next(Samples.At(t, facts), 0));
            recent.Add(all[^1]);
        }

        // Each moment shows the lines up to it: the cursor of time moves them with everything else.
        Assert.Equal("INFO tick 7 line 9", recent.At(all[7].Now.Time)!.LogLines[^1].Text);
        Assert.Equal(Enumerable.Range(0, 10).Select(t => t >= 6), all.Select(o => !recent.At(o.Now.Time)!.LogLines.IsEmpty));
        Assert.Equal("lines of the log are kept for the newest moments only", recent.At(all[0].Now.Time)!.WhyNoLogLines);
    }

    [Fact]
    public void Only_the_newest_keep_their_threads()
    {
        RecentObservations recent = new(mostThreads: 100);
        List<Observation> all = [];
        for (int t = 0; t < 10; t++)
        {
            ThreadTable table = new() { Threads = [.. Enumerable.Range(1, 25).Select(id => new ThreadCounters { Id = id, OwnId = id, State = ThreadRunState.Sleeping, OnCpuNanoseconds = 1, ContextSwitches = 1 })] };
            all.Add(_derivation.Next(Samples.At(t, new SampleFacts { Threads = Reading.Of(table) }), 0));
            recent.Add(all[^1]);
        }

        Assert.Equal(25, all[^1].Now.Threads.Value.Length);
        Assert.Equal(Enumerable.Range(0, 10).Select(t => t >= 6), all.Select(o => recent.At(o.Now.Time)!.Now.Threads.HasValue));
        Assert.Equal("threads and kernel events are kept for the newest moments only", recent.At(all[0].Now.Time)!.Now.Threads.Reason);
    }

    [Fact]
    public void Only_the_newest_keep_their_profiles_and_one_that_many_share_counts_once()
    {
        RecentObservations recent = new(mostProfileBytes: 250);
        List<Observation> all = [];
        for (int t = 0; t < 40; t++)
        {
            // A new profile of 100 bytes at every tenth tick.
            SampleFacts facts = new() { ProfileCaptures = new ProfileCaptures { Cpu = Reading.Of(Profile(t / 10)) } };
            all.Add(_derivation.Next(Samples.At(t, facts), 0));
            recent.Add(all[^1]);
        }

        Assert.Equal(
            Enumerable.Range(0, 40).Select(t => t >= 20),
            all.Select(o => (o.Tick == all[^1].Tick ? all[^1] : recent.At(o.Now.Time)!).Now.Facts.ProfileCaptures.Cpu.HasValue));
        Observation thinned = recent.At(all[0].Now.Time)!;
        Assert.Equal("profiles and traces are kept for the newest moments only", thinned.Now.Facts.ProfileCaptures.Cpu.Reason);
    }

    private readonly Dictionary<int, ProfileCapture> _profiles = [];

    private ProfileCapture Profile(int number)
    {
        if (!_profiles.TryGetValue(number, out ProfileCapture? profile))
        {
            _profiles[number] = profile = new ProfileCapture
            {
                Kind = ProfileKind.Cpu,
                TakenAt = Samples.Start,
                ReadAtNanoseconds = number,
                Seconds = 2,
                TookMilliseconds = 2000,
                CostToTarget = "",
                Content = [.. new byte[100]],
            };
        }

        return profile;
    }

    private Observation Fill(RecentObservations recent, int ticks)
    {
        Observation? newest = null;
        for (int t = 0; t < ticks; t++)
        {
            newest = _derivation.Next(Samples.At(t, new SampleFacts { Goroutines = Reading.Of(Samples.Goroutines(t, ("main.work", "select", 100, 0))) }), 0);
            recent.Add(newest);
        }

        return newest!;
    }
}
