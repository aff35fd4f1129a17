using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;
using Row = GoTop.Engine.GoRuntime.Dumps.DumpedGoroutine;

namespace GoTop.Tests.GoRuntime.Dumps;

/// <summary>goroutine?debug=2 and debug=1 of a real service, beside what it knew of itself.</summary>
public sealed class PprofDumpTests
{
    public static TheoryData<string> Folders => [.. PprofCapture.Folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_goroutine_of_a_debug_2_text_is_as_a_plain_reading_of_it_tells(string folder)
    {
        byte[] text = PprofCapture.Read(folder, "goroutine.2.txt");
        GoroutineDump dump = DumpFixtures.Parse(text);
        // The header's labels are none of this simple reader's business.
        string plain = System.Text.RegularExpressions.Regex.Replace(Encoding.UTF8.GetString(text), @"\] \{.*\}:\n", "]:\n");
        List<GoRuntime.DumpedGoroutine> expected = GoRuntime.DumpedGoroutine.Parse(plain);

        Assert.Equal(expected.Count, dump.Rows.Length);
        Assert.Equal(expected.Count, dump.Goroutines);
        foreach ((GoRuntime.DumpedGoroutine wanted, Row row) in expected.Zip(dump.Rows))
        {
            GoroutineStatus status = dump.Statuses[row.Status];
            Assert.Equal(wanted.Id, row.Id);
            Assert.Equal(wanted.State, status.State switch
            {
                GoroutineState.Waiting => status.WaitReason,
                GoroutineState state => state.ToString().ToLowerInvariant(),
            });
            Assert.Equal(wanted.Locked, status.LockedToThread);
            Assert.Equal(wanted.Parent, row.ParentId);
            Assert.Equal(wanted.CreatedBy, row.CreatedBy < 0 ? null : dump.Locations[row.CreatedBy]);
            Assert.Equal(wanted.Frames, dump.Stacks[row.Stack].Frames.Select(frame => dump.Locations[frame]));
        }

        Assert.Null(dump.Truncation);
        Assert.Empty(dump.Problems);
        Assert.Empty(dump.Crashes);
        Assert.Empty(dump.ThreadStacks);
        Assert.Equal(text.Length, dump.TextBytes);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_census_of_the_service_is_found_again(string folder)
    {
        GoroutineDump dump = DumpFixtures.Parse(PprofCapture.Read(folder, "goroutine.2.txt"));
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require($"go-fixtures/{folder}/index.json")));
        JsonElement census = index.RootElement.GetProperty("truth").GetProperty("census");
        JsonElement file = index.RootElement.GetProperty("files").GetProperty("goroutine.2.txt");

        Assert.Equal(file.GetProperty("truthBefore").GetProperty("parked").GetInt32(), With("main.(*service).parkDeep"));
        Assert.InRange(
            With("main.(*service).leakedSend"),
            file.GetProperty("truthBefore").GetProperty("leaked").GetInt32() - 1,
            file.GetProperty("truthAfter").GetProperty("leaked").GetInt32() + 1);
        Assert.Equal(Kind("worker"), With("main.(*service).worker"));
        Assert.Equal(Kind("producer"), With("main.(*service).producer"));
        Assert.Equal(Kind("zoo.nilchan"), Waiting("chan receive (nil chan)"));
        Assert.Equal(Kind("zoo.selectforever"), Waiting("select (no cases)"));
        // net/http's background reads wait by a condition, too, while a request is served.
        Assert.InRange(Waiting("sync.Cond.Wait"), Kind("zoo.cond"), Kind("zoo.cond") + 3);
        Assert.Equal(Kind("zoo.locked"), dump.Rows.Count(row => dump.Statuses[row.Status].LockedToThread));

        int With(string function) => dump.Rows.Count(row => dump.Stacks[row.Stack].Frames.Any(frame => dump.Locations[frame].Function == function));

        int Waiting(string reason) => dump.Rows.Count(row => dump.Statuses[row.Status].WaitReason == reason);

        int Kind(string kind) => census.GetProperty(kind).GetInt32();
    }

    [Theory]
    [InlineData("go1.27-linux")]
    [InlineData("go1.27-windows-wine")]
    public void Go_1_27_prints_labels_in_debug_2(string folder)
    {
        GoroutineDump dump = DumpFixtures.Parse(PprofCapture.Read(folder, "goroutine.2.txt"));
        ImmutableArray<Row> labelled = [.. dump.Rows.Where(row => row.Labels >= 0)];

        Assert.NotEmpty(labelled);
        Assert.All(labelled, row =>
        {
            Assert.Equal(["kind", "worker"], dump.LabelSets[row.Labels].Select(label => label.Key));
            Assert.Contains(dump.LabelSets[row.Labels][0].Value, new[] { "mail", "index", "thumbnail", "http" });
            Assert.InRange(int.Parse(dump.LabelSets[row.Labels][1].Value, null), 0, 7);
            Assert.Contains("runtime/pprof.Do", dump.Stacks[row.Stack].Frames.Select(frame => dump.Locations[frame].Function));
        });
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_debug_1_text_gives_the_totals_it_says_and_the_service_knew(string folder)
    {
        GoroutineDump dump = DumpFixtures.Parse(PprofCapture.Read(folder, "goroutine.1.txt"));
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require($"go-fixtures/{folder}/index.json")));
        JsonElement file = index.RootElement.GetProperty("files").GetProperty("goroutine.1.txt");

        Assert.Equal(DumpFormat.Counts, dump.Format);
        Assert.InRange(
            dump.Goroutines,
            file.GetProperty("truthBefore").GetProperty("numGoroutine").GetInt64() - 3,
            file.GetProperty("truthAfter").GetProperty("numGoroutine").GetInt64() + 3);
        Assert.Equal(500, dump.Rows.Where(row => row.Stack >= 0 && dump.Locations[dump.Stacks[row.Stack].Frames[0]].Function == "main.(*service).parkDeep").Sum(row => row.Count));
        Assert.Contains(dump.Rows, row => row.Labels >= 0 && dump.LabelSets[row.Labels].Select(label => label.Key).SequenceEqual(["kind", "worker"]));
        Assert.All(dump.Rows, row => Assert.True(row.Status == -1 && row.Id == 0 && row.CreatedBy == -1));
        Assert.Null(dump.Truncation);
        Assert.Empty(dump.Problems);
    }

    /// <summary>Lines of CR LF take the longer way through the reader, single bytes that around the buffer's edges.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void Line_ends_and_the_size_of_reads_change_nothing(string folder)
    {
        foreach (string file in new[] { "goroutine.2.txt", "goroutine.1.txt" })
        {
            byte[] text = PprofCapture.Read(folder, file);
            string expected = DumpFixtures.Tell(DumpFixtures.Parse(text));

            Assert.Equal(expected, DumpFixtures.Tell(DumpFixtures.Parse(Encoding.UTF8.GetString(text).Replace("\n", "\r\n", StringComparison.Ordinal))));
            Assert.Equal(expected, DumpFixtures.Tell(GoroutineDumpReader.Read(new TricklingStream(text, 1), TestContext.Current.CancellationToken).Value));
            Assert.Equal(expected, DumpFixtures.Tell(GoroutineDumpReader.Read(new TricklingStream(text, 997), TestContext.Current.CancellationToken).Value));
        }
    }
}
