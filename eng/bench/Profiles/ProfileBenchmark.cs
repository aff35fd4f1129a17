using GoTop.Bench.Measure;
using GoTop.Bench.Target;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Export;
using GoTop.Engine.Export.Profiles;
using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Bench.Profiles;

/// <summary>A large profile: read and analysed in this process, and by whole commands beside <c>go tool pprof -top</c>.</summary>
internal sealed class ProfileBenchmark(BenchOptions options)
{
    private const long TargetBytes = 100_000_000;
    private const int WarmUp = 2, Repeats = 7, CommandRepeats = 3;

    public async Task<ProfileResult> RunAsync(CancellationToken cancellation)
    {
        options.Say("making a profile of 100 MB");
        Profile made = GeneratedProfile.Make(TargetBytes);
        string plain = Write("made.pb", made, ProfileWriter.WriteUncompressed), packed = Write("made.pb.gz", made, ProfileWriter.Write);
        (int samples, int stacks) = (made.SampleCount, made.StackCount);
        return new ProfileResult(samples, stacks, await TimingsAsync(plain, packed), [await CommandsAsync(plain, samples, cancellation), await CommandsAsync(packed, samples, cancellation)], ReaderBenchmarks.Run(plain));
    }

    private string Write(string name, Profile profile, Action<Profile, Stream> write)
    {
        string path = Path.Combine(options.WorkFolder, name);
        using FileStream file = File.Create(path);
        write(profile, file);
        return path;
    }

    private async Task<IReadOnlyList<ProfileTiming>> TimingsAsync(string plain, string packed)
    {
        long bytes = new FileInfo(plain).Length;
        List<ProfileTiming> timings = [];
        async Task MeasureAsync(string what, Action work)
        {
            options.Say(what);
            timings.Add(new ProfileTiming(what, bytes, await Timing.OfAsync(
                () =>
                {
                    work();
                    return Task.CompletedTask;
                },
                WarmUp, Repeats, options.Time)));
        }

        await MeasureAsync("reading, not compressed", () => Read(plain));
        await MeasureAsync("reading, compressed", () => Read(packed));
        Profile profile = Read(plain);
        await MeasureAsync("functions of one sample type", () => _ = new AnalysedProfile(profile).Functions(1).Length);
        await MeasureAsync("call tree of one sample type", () => _ = new AnalysedProfile(profile).Tree(1).Count);
        await MeasureAsync("reading and all of the JSON document", () => _ = ExportJson.Write(ProfileDocument.Of(new AnalysedProfile(Read(plain)))).Length);
        return timings;
    }

    /// <summary>Both in turn, so that what else the machine does meets both.</summary>
    private async Task<ProfileFileResult> CommandsAsync(string file, int samples, CancellationToken cancellation)
    {
        string name = Path.GetFileName(file);
        string pprof = await GoCommand.BuiltToolAsync("pprof", cancellation);
        options.Say($"{name}: go tool pprof -top{(options.GoTopPath is null ? "" : ", gotop analyze")}");
        List<MeasuredCommand> reference = [], own = [];
        for (int i = 0; i <= CommandRepeats; i++)
        {
            MeasuredCommand theirs = await MeasuredCommand.RunAsync(pprof, ["-top", file], options.Time, cancellation);
            MeasuredCommand? ours = options.GoTopPath is { } gotop ? await MeasuredCommand.RunAsync(gotop, ["analyze", file, "--text"], options.Time, cancellation) : null;
            // The first of each fills the caches.
            if (i == 0) continue;
            reference.Add(theirs);
            if (ours is not null) own.Add(ours);
        }

        return new ProfileFileResult(name, new FileInfo(file).Length, samples, Result("`go tool pprof -top`", reference), own.Count == 0 ? null : Result("`gotop analyze --text`", own));
    }

    private static CommandResult Result(string what, List<MeasuredCommand> runs) => new(
        what, Statistics.MedianWithInterval(runs.Select(run => run.Milliseconds)), Statistics.Median(runs.Select(run => run.CpuMilliseconds)), Statistics.Median(runs.Select(run => (double)run.PeakBytes)));

    private static Profile Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return ProfileReader.Read(file);
    }
}
