using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.GoRuntime.Dumps;

public sealed class GoroutineTextWriterTests
{
    private const long Minute = 60_000_000_000;

    private static readonly GoroutineTable Table = new()
    {
        Locations =
        [
            new CodeLocation("main.main", "/src/main.go", 10), new CodeLocation("main.(*Shop[...]).serve", "/src/shop.go", 33),
            new CodeLocation("internal/poll.runtime_pollWait", "/go/src/runtime/netpoll.go", 351), new CodeLocation("", "", 0),
        ],
        WaitReasons = ["", "chan receive", "IO wait"],
        Stacks = [[2, 1], [1, 0], [3]],
        Rows =
        [
            new GoroutineRow(1, GoroutineState.Waiting, 2, 1 * Minute, -1, 0, 0, 0, true),
            new GoroutineRow(18, GoroutineState.Waiting, 1, 9 * Minute, 0, 1, 1, 1, false) { Labels = 1 },
            new GoroutineRow(19, GoroutineState.Runnable, 0, 0, 1, 1, 18, 2, false) { Labels = 2 },
            new GoroutineRow(20, GoroutineState.Running, 0, 0, 1, 1, 0, -1, false),
            new GoroutineRow(21, GoroutineState.Syscall, 0, 0, 1, 1, 1, -1, false) { Labels = -1 },
            new GoroutineRow(22, GoroutineState.Leaked, 1, 0, 1, 1, 1, 1, false),
        ],
        NowNanoseconds = 10 * Minute,
        Torn = 0,
        SystemGoroutines = 3,
        LabelSets = Reading.Of<ImmutableArray<ImmutableArray<GoroutineLabel>>>(
            [[], [new GoroutineLabel("kind", "mail"), new GoroutineLabel("route id", "GET /\u00e9\n\"x\"")], [new GoroutineLabel("a", "")]]),
    };

    [Fact]
    public async Task It_reads_as_Go_writes_it() => Assert.Equal(
        """
        goroutine 1 [IO wait, 9 minutes, locked to thread]:
        internal/poll.runtime_pollWait(...)
        	/go/src/runtime/netpoll.go:351
        main.(*Shop[...]).serve(...)
        	/src/shop.go:33

        goroutine 18 [chan receive, 1 minutes] {kind: mail, "route id": "GET /\u00e9\n\"x\""}:
        main.(*Shop[...]).serve(...)
        	/src/shop.go:33
        main.main(...)
        	/src/main.go:10
        created by main.main in goroutine 1
        	/src/main.go:10

        goroutine 19 [runnable] {a: ""}:
        ?(...)
        	?:0
        created by main.(*Shop[...]).serve in goroutine 18
        	/src/shop.go:33

        goroutine 20 [running]:
        	goroutine running on other thread; stack unavailable
        created by main.(*Shop[...]).serve
        	/src/shop.go:33

        goroutine 21 [syscall]:
        main.(*Shop[...]).serve(...)
        	/src/shop.go:33
        created by main.(*Shop[...]).serve in goroutine 1
        	/src/shop.go:33

        goroutine 22 [chan receive (leaked)]:
        main.(*Shop[...]).serve(...)
        	/src/shop.go:33
        main.main(...)
        	/src/main.go:10
        created by main.(*Shop[...]).serve in goroutine 1
        	/src/shop.go:33

        """, await WriteAsync(Table));

    [Fact]
    public async Task The_dump_reader_takes_it_for_Gos_own()
    {
        GoroutineDump dump = GoroutineDumpReader.Read(Encoding.UTF8.GetBytes(await WriteAsync(Table))).Value;
        Assert.Empty(dump.Problems);
        Assert.Null(dump.Truncation);
        Assert.Equal([1, 18, 19, 20, 21, 22], dump.Rows.Select(row => row.Id));
        Assert.Equal(Table.LabelSets.Value[1], dump.LabelSets[dump.Rows[1].Labels]);
        Assert.Equal(Table.LabelSets.Value[2], dump.LabelSets[dump.Rows[2].Labels]);
        Assert.True(dump.Statuses[dump.Rows[5].Status].Leaked);
        Assert.Equal(
            ["main.(*Shop[...]).serve /src/shop.go:33", "main.main /src/main.go:10"],
            dump.Stacks[dump.Rows[1].Stack].Frames.Select(frame => dump.Locations[frame]).Select(at => $"{at.Function} {at.File}:{at.Line}"));
    }

    [Fact]
    public async Task Names_of_a_target_make_no_lines_of_their_own()
    {
        string text = await WriteAsync(Table with { Locations = Table.Locations.SetItem(0, new CodeLocation("main.x\ngoroutine 7 [running]:", "a\r\nb", 1)) });
        Assert.DoesNotContain("\ngoroutine 7 ", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public async Task Many_goroutines_are_written_as_one_text()
    {
        GoroutineTable many = Table with { Rows = [.. Enumerable.Range(1, 5000).Select(id => Table.Rows[1] with { Id = id })] };
        GoroutineDump dump = GoroutineDumpReader.Read(Encoding.UTF8.GetBytes(await WriteAsync(many))).Value;
        Assert.Equal((5000, 1), (dump.Rows.Length, dump.Stacks.Length));
    }

    private static async Task<string> WriteAsync(GoroutineTable table)
    {
        using MemoryStream output = new();
        await GoroutineTextWriter.WriteAsync(table, output, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
