using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Tests.Support;

/// <summary>Goroutine tables made by hand.</summary>
internal static class GoroutineTables
{
    /// <summary>Rows of <see cref="Leak"/> besides those that leak.</summary>
    public const int OthersInLeak = 48;

    private const string Module = "github.com/acme/order-api/internal/";

    private static readonly ImmutableArray<CodeLocation> Locations =
    [
        /* 0 */ new(Module + "orders.(*Handler).Create", "/src/order-api/internal/orders/handler.go", 88),
        /* 1 */ new(Module + "orders.(*Handler).Create.func1", "/src/order-api/internal/orders/handler.go", 91),
        /* 2 */ new("net/http.(*Server).Serve", "/usr/local/go/src/net/http/server.go", 3454),
        /* 3 */ new("net/http.(*conn).serve", "/usr/local/go/src/net/http/server.go", 2102),
        /* 4 */ new("runtime.gopark", "/usr/local/go/src/runtime/proc.go", 460),
        /* 5 */ new("runtime.chansend", "/usr/local/go/src/runtime/chan.go", 283),
        /* 6 */ new("runtime.chansend1", "/usr/local/go/src/runtime/chan.go", 161),
        /* 7 */ new("internal/poll.(*FD).Read", "/usr/local/go/src/internal/poll/fd_unix.go", 165),
        /* 8 */ new("net.(*conn).Read", "/usr/local/go/src/net/net.go", 196),
        /* 9 */ new("bufio.(*Reader).Peek", "/usr/local/go/src/bufio/bufio.go", 148),
        /* 10 */ new("database/sql.OpenDB", "/usr/local/go/src/database/sql/sql.go", 833),
        /* 11 */ new("database/sql.(*DB).connectionOpener", "/usr/local/go/src/database/sql/sql.go", 1261),
        /* 12 */ new("main.main", "/src/order-api/cmd/order-api/main.go", 41),
        /* 13 */ new("runtime.main", "/usr/local/go/src/runtime/proc.go", 285),
        /* 14 */ new(Module + "queue.Start", "/src/order-api/internal/queue/queue.go", 33),
        /* 15 */ new(Module + "queue.(*Worker).loop", "/src/order-api/internal/queue/queue.go", 57),
        /* 16 */ new("sync.(*Mutex).Lock", "/usr/local/go/src/sync/mutex.go", 46),
        /* 17 */ new(Module + "orders.(*Store).Save", "/src/order-api/internal/orders/store.go", 140),
        /* 18 */ new("os/signal.Notify.func1.1", "/usr/local/go/src/os/signal/signal.go", 151),
        /* 19 */ new("os/signal.loop", "/usr/local/go/src/os/signal/signal_unix.go", 21),
        /* 20 */ new(Module + "orders.(*Publisher).publish", "/src/order-api/internal/orders/publisher.go", 62),
        /* 21 */ new(Module + "queue.(*Worker).take", "/src/order-api/internal/queue/queue.go", 71),
        /* 22 */ new(Module + "queue.(*Worker).loop", "/src/order-api/internal/queue/queue.go", 61),
    ];

    private static readonly ImmutableArray<string> Reasons = ["", "chan send", "IO wait", "select", "sync.Mutex.Lock", "chan receive", "sleep"];

    private static readonly ImmutableArray<ImmutableArray<int>> Stacks =
    [
        [4, 5, 6, 20, 1],
        [4, 5, 6, 17, 20, 1],
        [4, 7, 8, 9, 3],
        [4, 11],
        [4, 16, 21, 15],
        [4, 12, 13],
        [4, 22],
        [4, 19],
    ];

    /// <summary>A service whose handlers leave so many goroutines stuck in a channel send.</summary>
    public static GoroutineTable Leak(int leaked, long now)
    {
        ImmutableArray<GoroutineRow>.Builder rows = ImmutableArray.CreateBuilder<GoroutineRow>(leaked + OthersInLeak);
        const long Second = 1_000_000_000;
        rows.Add(new GoroutineRow(1, GoroutineState.Waiting, 5, now - (183_600 * Second), -1, 13, 0, 5, false));
        rows.Add(new GoroutineRow(5, GoroutineState.Syscall, 0, 0, 18, 19, 1, 7, true));
        rows.Add(new GoroutineRow(7, GoroutineState.Waiting, 3, now - (183_590 * Second), 10, 11, 1, 3, false));
        for (int i = 0; i < 30; i++) rows.Add(new GoroutineRow(1000 + i, GoroutineState.Waiting, 2, now - ((i * 7L + 2) * Second), 2, 3, 34, i == 0 ? 2 : -1, false));
        for (int i = 0; i < 6; i++) rows.Add(new GoroutineRow(40 + i, GoroutineState.Waiting, 4, now - ((i * 3L + 1) * Second), 14, 15, 1, i == 0 ? 4 : -1, false) { Labels = 3 });
        for (int i = 0; i < 5; i++) rows.Add(new GoroutineRow(50 + i, GoroutineState.Runnable, 0, 0, 14, 15, 1, i == 0 ? 6 : -1, false));
        for (int i = 0; i < 4; i++) rows.Add(new GoroutineRow(60 + i, GoroutineState.Running, 0, 0, 14, 15, 1, -1, false));
        for (int i = 0; i < leaked; i++)
        {
            // The newest have not seen a GC cycle yet, so Go has not noted since when they wait.
            long since = i >= leaked - 20 ? 0 : now - ((leaked - i) / 41 * Second) - Second;
            rows.Add(new GoroutineRow(2_000 + (i * 3L), GoroutineState.Waiting, 1, since, 0, 1, 1000 + (i % 30), i % 5 == 4 ? 1 : 0, false) { Labels = 1 + (i % 3 == 0 ? 1 : 0) });
        }

        return Table(rows.ToImmutable(), now, torn: leaked > 0 ? 2 : 0) with { LabelSets = Reading.Of(LabelSets), Waits = Reading.Of(WaitsOfLeak(leaked)) };
    }

    private static readonly ImmutableArray<ImmutableArray<GoroutineLabel>> LabelSets =
    [
        [],
        [new("endpoint", "POST /orders"), new("tenant", "acme")],
        [new("endpoint", "POST /orders"), new("tenant", "globex")],
        [new("worker", "queue")],
    ];

    /// <summary>The leaked wait at the publisher's full channel, but for a fifth at some others; the workers at a mutex.</summary>
    private static GoroutineWaits WaitsOfLeak(int leaked)
    {
        List<WaitObject> objects =
        [
            new(0xc0000720e0, WaitObjectKind.Channel) { ReceiversWait = true, Capacity = 1, ElementType = 1 },
            new(0xc00012a000, WaitObjectKind.Channel) { ReceiversWait = true, Capacity = 1_000_000, ElementType = 2 },
            new(0xc00012a060, WaitObjectKind.Channel) { ReceiversWait = true, ElementType = 2 },
            new(0xc000214008, WaitObjectKind.Mutex) { IsClosedOrLocked = true },
            new(0xc0003c8000, WaitObjectKind.Channel) { SendersWait = true, Count = 64, Capacity = 64, ElementType = 3 },
        ];
        List<GoroutineWait> waits = [new(0, 0), new(2, 1), new(2, 2), .. Enumerable.Range(33, 6).Select(row => new GoroutineWait(row, 3))];
        for (int i = 0; i < leaked; i++)
        {
            if (i % 5 == 4 && i < 60) objects.Add(new WaitObject(0xc000800000 + ((ulong)i * 96), WaitObjectKind.Channel) { SendersWait = true, ElementType = 4 });
            waits.Add(new GoroutineWait(OthersInLeak + i, i % 5 != 4 ? 4 : i < 60 ? objects.Count - 1 : 5 + (i % 3)));
        }

        return new GoroutineWaits
        {
            Objects = [.. objects],
            ElementTypes = ["", "os.Signal", "struct {}", "orders.Event", "error"],
            Waits = [.. waits],
            Unread = leaked > 0 ? 3 : 0,
            Missing = [],
        };
    }

    /// <summary>So many goroutines, of a few kinds, in no order.</summary>
    public static GoroutineTable Large(int count)
    {
        ImmutableArray<GoroutineRow>.Builder rows = ImmutableArray.CreateBuilder<GoroutineRow>(count);
        ulong random = 88_172_645_463_325_252;
        for (int i = 0; i < count; i++)
        {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            int reason = 1 + (int)(random % 6);
            rows.Add(new GoroutineRow(
                10 + (i * 2L), GoroutineState.Waiting, reason, (long)(random % 3_600_000_000_000UL) + 1, i % 3 == 0 ? 0 : 2, i % 3 == 0 ? 1 : 3, 0, -1, false));
        }

        return Table(rows.MoveToImmutable(), 4_000_000_000_000, torn: 0);
    }

    private static GoroutineTable Table(ImmutableArray<GoroutineRow> rows, long now, int torn) => new()
    {
        Rows = rows,
        Locations = Locations,
        WaitReasons = Reasons,
        Stacks = Stacks,
        NowNanoseconds = now,
        Torn = torn,
        SystemGoroutines = 14,
    };
}
