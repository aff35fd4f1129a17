using System.Collections.Immutable;
using GoTop.Engine.Export;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.RuntimeMemory;

namespace GoTop.Engine.Control.Capture;

/// <summary>All goroutines with their stacks, read from the target's memory: as Go's text and as a goroutine profile.</summary>
internal static class StackCapture
{
    private const string NoProcess = "the target is known by its address only; its memory can be read on its own machine";

    public static async Task RunAsync(CaptureWork work)
    {
        GoroutineTable table = await ReadAsync(work).ConfigureAwait(false);
        await work.SaveAsync("stacks.txt", "less {file}", file => GoroutineTextWriter.WriteAsync(table, file, work.Cancellation).AsTask()).ConfigureAwait(false);
        await work.SaveAsync("stacks.pb.gz", "go tool pprof {file}", file => Task.Run(() => ProfileWriter.Write(ProfileOf(table, work.Target.Time.GetUtcNow()), file), work.Cancellation)).ConfigureAwait(false);
        if (table.Torn > 0 || table.BeyondCap > 0) work.Note(NoteOf(table));
    }

    /// <summary>One sample for each stack, state and set of labels; a goroutine that runs has the function it began with for a stack.</summary>
    public static Profile ProfileOf(GoroutineTable table, DateTimeOffset takenAt)
    {
        ProfileBuilder builder = new(new ProfileValueType("goroutine", "count"))
        {
            DefaultSampleType = "goroutine",
            PeriodType = new ProfileValueType("goroutine", "count"),
            Period = 1,
            TimeNanoseconds = (takenAt.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100,
        };
        ImmutableArray<ImmutableArray<GoroutineLabel>> labelSets = table.LabelSets.ValueOr([]);
        // Goroutines of one kind are many: each sample is made once.
        IEnumerable<IGrouping<(int Stack, int Start, GoroutineState State, int Reason, int Labels), GoroutineRow>> kinds =
            table.Rows.GroupBy(row => (row.Stack, row.Stack < 0 ? row.StartFunction : -1, row.State, row.WaitReason, row.Labels));
        foreach (IGrouping<(int Stack, int Start, GoroutineState State, int Reason, int Labels), GoroutineRow> kind in kinds)
        {
            ProfileFrame[] stack = kind.Key.Stack >= 0
                ? [.. table.Stacks[kind.Key.Stack].Select(frame => Frame(table.Locations[frame]))]
                : kind.Key.Start >= 0 ? [Frame(table.Locations[kind.Key.Start])] : [new ProfileFrame("(stack not known)", "", 0)];
            List<KeyValuePair<string, string>> labels = [new("state", JsonNames.Of(kind.Key.State))];
            if (table.WaitReasons[kind.Key.Reason] is { Length: > 0 } reason) labels.Add(new("wait_reason", reason));
            if (kind.Key.Labels > 0 && kind.Key.Labels < labelSets.Length) labels.AddRange(labelSets[kind.Key.Labels].Select(label => KeyValuePair.Create(label.Key, label.Value)));
            builder.AddSample(stack, [kind.Count()], [.. labels]);
        }

        return builder.Build();
    }

    private static ProfileFrame Frame(CodeLocation location) => new(location.Function, location.File, location.Line);

    private static async Task<GoroutineTable> ReadAsync(CaptureWork work)
    {
        if (work.Target.Target.Process is not { } process) throw new CaptureException(CaptureState.NotHad, NoProcess);
        RuntimeMemorySource memory = new(work.Target.Platform, process);
        await using (memory.ConfigureAwait(false))
        {
            SourceResult result = await Task.Run(() => memory.ReadAsync(new Interest { AllStacks = true }, work.Cancellation).AsTask(), work.Cancellation).ConfigureAwait(false);
            if (result.Facts.Goroutines.TryGet(out GoroutineTable? table)) return table;
            string reason = result.Facts.Goroutines.Reason ?? result.Reason ?? "they could not be read";
            throw new CaptureException(result.State is SourceState.NotSupported ? CaptureState.NotHad : CaptureState.Failed, reason);
        }
    }

    private static string NoteOf(GoroutineTable table)
    {
        string torn = table.Torn > 0 ? $"{table.Torn} moved while they were read and have no stack, or are left out" : "";
        string more = table.BeyondCap > 0 ? $"{table.BeyondCap} beyond the {table.Rows.Length} that are read are left out" : "";
        return torn.Length > 0 && more.Length > 0 ? $"{torn}; {more}" : torn + more;
    }
}
