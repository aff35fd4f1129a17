using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Control.Capture;

public sealed class CaptureSessionTests : IDisposable
{
    private const string Binary = "application/octet-stream";

    private static readonly TargetCondition Well = new() { Goroutines = Reading.Of(100L) };

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("gotop-capture-");
    private readonly AwaitableTime _time = new();
    private readonly List<string> _paths = [];
    private TargetCondition _condition = Well;

    private string Folder => Path.Combine(_parent.FullName, "incident");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task Files_are_what_was_served_and_the_manifest_tells_of_them()
    {
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync(exchange.Path.Contains("debug=2", StringComparison.Ordinal) ? "text/plain; charset=utf-8" : Binary, Body(exchange.Path["/debug/pprof/".Length..])));
        CaptureProgress progress = await RunAsync(server, Plan("trace", "cpu", "heap", "goroutine"));

        Assert.All(progress.Items, item => Assert.Equal(CaptureState.Done, item.State));
        // Quick ones first; one at a time.
        Assert.Equal(["heap", "goroutine", "goroutine?debug=2", "profile?seconds=5", "trace?seconds=5"], _paths);
        Assert.Equal(["cpu.pb.gz", "goroutine.pb.gz", "goroutine.txt", "heap.pb.gz", "manifest.json", "trace.out"], Names());
        Assert.Equal(Body("profile?seconds=5"), File.ReadAllBytes(Path.Combine(Folder, "cpu.pb.gz")));

        JsonElement manifest = Manifest();
        Assert.Equal("done", manifest.GetProperty("state").GetString());
        Assert.Equal("gotop 9.9", manifest.GetProperty("tool").GetString());
        Assert.Equal("shop", manifest.GetProperty("target").GetProperty("name").GetString());
        JsonElement trace = manifest.GetProperty("captures")[3];
        Assert.Equal(("trace", "done", 5), (trace.GetProperty("kind").GetString(), trace.GetProperty("result").GetString(), trace.GetProperty("plannedSeconds").GetInt32()));
        JsonElement file = trace.GetProperty("files")[0];
        Assert.Equal(("trace.out", "go tool trace trace.out"), (file.GetProperty("name").GetString(), file.GetProperty("open").GetString()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Body("trace?seconds=5"))), file.GetProperty("sha256").GetString());
        Assert.Equal(Body("trace?seconds=5").Length, file.GetProperty("bytes").GetInt32());
    }

    [Fact]
    public async Task The_manifest_is_true_while_the_capture_goes_on()
    {
        TaskCompletionSource asked = new(), answer = new();
        await using TinyServer server = Serve(async exchange =>
        {
            if (_paths.Count == 2)
            {
                asked.SetResult();
                await answer.Task;
            }

            await exchange.AnswerAsync(Binary, [1]);
        });
        using CaptureSession session = Session(server, Plan("heap", "cpu"));
        Task<CaptureProgress> run = session.RunAsync(TestContext.Current.CancellationToken);
        await asked.Task;
        JsonElement manifest = Manifest();
        Assert.Equal("running", manifest.GetProperty("state").GetString());
        Assert.Equal(["done", "waiting"], manifest.GetProperty("captures").EnumerateArray().Select(part => part.GetProperty("result").GetString()));
        _time.Advance(TimeSpan.FromSeconds(2));
        CaptureItem cpu = session.Progress.Running!;
        Assert.Equal(("cpu", 2, 5), (cpu.Kind.Id, cpu.Seconds, cpu.PlannedSeconds));
        Assert.Equal(0.5, session.Progress.Share, 3);
        answer.SetResult();
        Assert.Equal(1, (await run).Share);
    }

    [Fact]
    public async Task Cancelled_it_keeps_what_there_is_and_says_what_is_not()
    {
        using CancellationTokenSource cancel = new();
        await using TinyServer server = Serve(async exchange =>
        {
            if (!exchange.Path.Contains("trace", StringComparison.Ordinal))
            {
                await exchange.AnswerAsync(Binary, [1, 2]);
                return;
            }

            await exchange.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: {Binary}\r\n\r\nbegin of a trace");
            await exchange.HangUpAsync();
        });
        using CaptureSession session = Session(server, Plan("heap", "trace"));
        Task<CaptureProgress> run = session.RunAsync(cancel.Token);
        await Until.TrueAsync(() => session.Progress.Running is { Kind.Id: "trace", Bytes: > 0 });
        await cancel.CancelAsync();
        CaptureProgress progress = await run;

        Assert.Equal([CaptureState.Done, CaptureState.Cancelled], progress.Items.Select(item => item.State));
        Assert.Equal(["heap.pb.gz", "manifest.json", "part-of-trace.out"], Names());
        JsonElement manifest = Manifest();
        Assert.Equal("cancelled", manifest.GetProperty("state").GetString());
        Assert.Equal("what had come is in part-of-trace.out", manifest.GetProperty("captures")[1].GetProperty("note").GetString());
    }

    [Fact]
    public async Task What_comes_after_the_cancelled_one_is_cancelled_too()
    {
        using CancellationTokenSource cancel = new();
        await using TinyServer server = Serve(async exchange =>
        {
            await cancel.CancelAsync();
            await exchange.HangUpAsync();
        });
        using CaptureSession session = Session(server, Plan("heap", "cpu", "trace"));
        CaptureProgress progress = await session.RunAsync(cancel.Token);
        Assert.All(progress.Items, item => Assert.Equal(CaptureState.Cancelled, item.State));
        Assert.Single(_paths);
        Assert.Equal(["manifest.json"], Names());
    }

    [Fact]
    public async Task A_target_in_trouble_gives_only_what_costs_it_little()
    {
        _condition = Well with { GcCpuPercent = Reading.Of(70.0) };
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync(Binary, [1]));
        CaptureProgress progress = await RunAsync(server, Plan("heap", "cpu"));
        Assert.Equal(["heap"], _paths);
        Assert.Equal("held back: GC uses 70 % of its CPU (more than 25 %); it can be forced", progress.Items[1].Reason);
        Assert.Equal(1, progress.Failed);
    }

    [Fact]
    public async Task Forced_it_gives_all()
    {
        _condition = Well with { GcCpuPercent = Reading.Of(70.0) };
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync(Binary, [1]));
        Assert.Equal(CaptureState.Done, (await RunAsync(server, Plan("cpu") with { Force = true })).Items[0].State);
        Assert.True(Manifest().GetProperty("forced").GetBoolean());
    }

    [Fact]
    public async Task A_dump_as_text_is_left_out_where_it_would_stop_the_world_for_long()
    {
        _condition = new TargetCondition { Goroutines = Reading.Of(50_000L) };
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync(Binary, [1]));
        CaptureItem goroutine = (await RunAsync(server, Plan("goroutine") with { Force = true })).Items[0];
        Assert.Equal((CaptureState.Done, "goroutine.pb.gz"), (goroutine.State, Assert.Single(goroutine.Files).Name));
        Assert.StartsWith("goroutine.txt was left out: 50000 goroutines (more than 2000)", goroutine.Note, StringComparison.Ordinal);
        Assert.Equal(["goroutine"], _paths);
    }

    [Fact]
    public async Task What_the_service_does_not_have_is_a_failure_only_if_it_was_named()
    {
        await using TinyServer server = Serve(exchange => exchange.Path.EndsWith("heap", StringComparison.Ordinal)
            ? exchange.AnswerAsync(Binary, [1])
            : exchange.AnswerAsync("text/plain", "Unknown profile\n"u8.ToArray(), "404 Not Found"));
        CaptureProgress named = await RunAsync(server, Plan("heap", "goroutineleak"));
        Assert.Equal((CaptureState.NotHad, 1), (named.Items[1].State, named.Failed));
        Directory.Delete(Folder, recursive: true);
        CaptureProgress all = await RunAsync(server, Plan("heap", "goroutineleak", "stacks") with { IsAll = true });
        Assert.Equal(0, all.Failed);
        Assert.Equal("done", Manifest().GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_trace_that_breaks_off_is_kept_in_part_and_the_next_is_taken()
    {
        await using TinyServer server = Serve(exchange => exchange.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: {Binary}\r\nContent-Length: 999\r\n\r\nsome").AsTask());
        CaptureProgress progress = await RunAsync(server, Plan("cpu", "trace"));
        Assert.Equal([CaptureState.Failed, CaptureState.Partial], progress.Items.Select(item => item.State));
        Assert.Equal("the connection closed before the answer was complete", progress.Items[0].Reason);
        Assert.Equal(["manifest.json", "part-of-trace.out"], Names());
        Assert.Equal("partial", Manifest().GetProperty("captures")[1].GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_trace_is_cut_off_at_its_limit()
    {
        await using TinyServer server = Serve(async exchange =>
        {
            await exchange.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: {Binary}\r\n\r\n");
            for (byte[] more = new byte[64 << 10]; ;) await exchange.WriteAsync(more);
        });
        CaptureItem trace = (await RunAsync(server, Plan("trace") with { MaxTraceBytes = 1 << 20 })).Items[0];
        Assert.Equal(CaptureState.Partial, trace.State);
        Assert.StartsWith("trace?seconds=5 is longer than 1024 KB; what had come is in part-of-trace.out", trace.Reason, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Path.Combine(Folder, "part-of-trace.out")).Length, 1 << 19, 1 << 20);
    }

    [Fact]
    public async Task Two_captures_of_one_kind_do_not_get_in_each_others_way()
    {
        TaskCompletionSource asked = new(), answer = new();
        await using TinyServer server = Serve(async exchange =>
        {
            asked.TrySetResult();
            await answer.Task;
            await exchange.AnswerAsync(Binary, [1]);
        });
        using CaptureSession first = Session(server, Plan("cpu"));
        Task<CaptureProgress> run = first.RunAsync(TestContext.Current.CancellationToken);
        await asked.Task;
        CaptureProgress second = await RunAsync(server, Plan("cpu") with { Folder = Path.Combine(_parent.FullName, "second") });
        Assert.Equal((CaptureState.Failed, "another gotop is capturing this from the same target"), (second.Items[0].State, second.Items[0].Reason));
        answer.SetResult();
        Assert.Equal(CaptureState.Done, (await run).Items[0].State);
        Assert.Single(_paths);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_keeps_anything_from_being_asked()
    {
        File.WriteAllText(Folder, "a file");
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync(Binary, [1]));
        using CaptureSession session = Session(server, Plan("heap"));
        await Assert.ThrowsAsync<CaptureException>(() => session.RunAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_paths);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_ends_the_capture()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "heap.pb.gz"));
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync(Binary, [1]));
        CaptureProgress progress = await RunAsync(server, Plan("heap", "trace"));
        Assert.All(progress.Items, item => Assert.Equal(CaptureState.Failed, item.State));
        Assert.All(progress.Items, item => Assert.Contains("is there already", item.Reason, StringComparison.Ordinal));
        Assert.Empty(_paths);
    }

    [Fact]
    public async Task Secrets_are_in_no_manifest()
    {
        await using TinyServer server = Serve(exchange => exchange.AnswerAsync(Binary, [1]));
        TargetIdentity target = new()
        {
            Name = "shop",
            Build = Reading.Of(new GoBuildInfo("go1.27.4", "shop", "example.com/shop", "v1", ImmutableSortedDictionary<string, string>.Empty.Add("-ldflags", "-X main.token=hunter2"))),
        };
        TargetSettings settings = new() { Url = server.Url, Http = new HttpSettings { User = "me", Password = "hunter2" } };
        using CaptureSession session = new(new TargetContext(target, new UnsupportedPlatform(), settings, _time), Plan("heap"), () => _condition, Locks());
        await session.RunAsync(TestContext.Current.CancellationToken);
        string manifest = await File.ReadAllTextAsync(Path.Combine(Folder, "manifest.json"), TestContext.Current.CancellationToken);
        Assert.Contains("go1.27.4", manifest, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", manifest, StringComparison.Ordinal);
    }

    private static byte[] Body(string path) => [.. Enumerable.Range(0, 3000).Select(i => (byte)(i * path.Length)), .. System.Text.Encoding.ASCII.GetBytes(path)];

    private TinyServer Serve(Func<TinyServer.Exchange, Task> answer) => new(exchange =>
    {
        _paths.Add(exchange.Path["/debug/pprof/".Length..]);
        return answer(exchange);
    });

    private CapturePlan Plan(params string[] kinds) =>
        new([.. kinds.Select(kind => CaptureCatalog.Find(kind)!)], 5, Folder) { ToolVersion = "9.9" };

    private CaptureSession Session(TinyServer server, CapturePlan plan) => new(
        new TargetContext(new TargetIdentity { Name = "shop" }, new UnsupportedPlatform(), new TargetSettings { Url = server.Url }, _time), plan, () => _condition, Locks());

    private async Task<CaptureProgress> RunAsync(TinyServer server, CapturePlan plan)
    {
        using CaptureSession session = Session(server, plan);
        return await session.RunAsync(TestContext.Current.CancellationToken);
    }

    private string Locks() => Path.Combine(_parent.FullName, "locks");

    private string[] Names() => [.. Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    private JsonElement Manifest() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "manifest.json"))).RootElement;
}
