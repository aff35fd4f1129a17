using System.Collections.Immutable;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Discovery;

public sealed class GoProcessFinderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-find-");
    private readonly FakePlatform _platform = new();
    private readonly FakeTimeProvider _time = new();
    private readonly string _go;
    private readonly string _other;

    public GoProcessFinderTests()
    {
        _go = Write("orders", SmallGoBinary.Build("go1.25.1", "example.com/orders"));
        _other = Write("nginx", "#!/bin/sh\n"u8.ToArray());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Go_processes_are_found_with_all_that_is_known_of_them()
    {
        _platform.Add(new FakeProcess(9, "orders", _go) { Service = "orders.service", Ports = [new("127.0.0.1", 6060), new("::", 443), new("0.0.0.0", 443)] });
        _platform.Add(new FakeProcess(5, "nginx", _other));
        GoProcessList found = Finder().Find(TestContext.Current.CancellationToken);
        TargetIdentity orders = Assert.Single(found.Processes).Identity;
        Assert.Equal("orders", orders.Name);
        Assert.Equal(new ProcessKey(9, 90), orders.Process);
        Assert.Equal("go1.25.1", orders.Build.Value.GoVersion);
        Assert.Equal("example.com/orders", orders.Build.Value.Module);
        Assert.Equal("orders.service", orders.Service.Value);
        Assert.Equal([443, 6060], orders.Ports.Value);
        Assert.Equal("shop", orders.User.Value);
        Assert.Equal(ReadingState.NotYet, orders.PprofUrl.State);
        Assert.Equal(0, found.NotPermitted);
    }

    [Fact]
    public void A_name_cannot_steer_the_terminal()
    {
        _platform.Add(new FakeProcess(9, "a\u001b]0;x\u0007b\nc", _go));
        Assert.Equal("ab c", Assert.Single(Finder().Find(TestContext.Current.CancellationToken).Processes).Identity.Name);
    }

    [Fact]
    public async Task A_service_that_has_answered_is_not_asked_again_while_its_ports_are_the_same()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        int asked = 0;
        GoProcessFinder finder = new(_platform, _time, SourceCatalog.All, (_, _, _, _, _) =>
        {
            asked++;
            return ValueTask.FromResult<Uri?>(null);
        });
        FakeProcess orders = new(9, "orders", _go) { Ports = [new("127.0.0.1", 6060)] };
        _platform.Add(orders);
        ImmutableArray<GoProcess> first = await finder.ProbePprofAsync(finder.Find(cancellation).Processes, cancellation);
        ImmutableArray<GoProcess> second = await finder.ProbePprofAsync(finder.WithKnownPprof(finder.Find(cancellation).Processes, first), cancellation);
        Assert.Equal(1, asked);
        Assert.Equal(first[0].Identity.PprofUrl.Reason, second[0].Identity.PprofUrl.Reason);

        _platform.Add(orders with { Ports = [new("127.0.0.1", 6060), new("127.0.0.1", 7070)] });
        await finder.ProbePprofAsync(finder.WithKnownPprof(finder.Find(cancellation).Processes, second), cancellation);
        Assert.Equal(3, asked);
    }

    [Fact]
    public void A_process_alone_among_many_is_joined_just_the_same()
    {
        for (int id = 100; id < 140; id++) _platform.Add(new FakeProcess(id, "nginx", _other));
        _platform.Add(new FakeProcess(9, "orders", _go) { Service = "orders.service", Ports = [new("127.0.0.1", 6060)] });
        TargetIdentity orders = Assert.Single(Finder().Find(TestContext.Current.CancellationToken).Processes).Identity;
        Assert.Equal("orders.service", orders.Service.Value);
        Assert.Equal([6060], orders.Ports.Value);
    }

    [Fact]
    public void A_binary_is_read_once_for_all_its_processes_until_it_changes()
    {
        FileIdentity identity = new(1, 2, 3, 4);
        _platform.Add(new FakeProcess(5, "orders", _go) { Identity = identity });
        GoProcessFinder finder = Finder();
        Assert.Single(finder.Find(TestContext.Current.CancellationToken).Processes);
        // The same file by identity: its path is not opened again.
        _platform.Add(new FakeProcess(6, "orders", Path.Combine(_folder.FullName, "not-there")) { Identity = identity });
        Assert.Equal(2, finder.Find(TestContext.Current.CancellationToken).Processes.Length);
        _platform.Add(new FakeProcess(6, "orders", Path.Combine(_folder.FullName, "not-there")) { Identity = identity with { ModifiedNanoseconds = 9 } });
        Assert.Single(finder.Find(TestContext.Current.CancellationToken).Processes);
    }

    [Fact]
    public void Without_an_identity_a_replaced_file_is_noticed_by_its_size()
    {
        _platform.Add(new FakeProcess(5, "orders", _go));
        GoProcessFinder finder = Finder();
        Assert.Single(finder.Find(TestContext.Current.CancellationToken).Processes);
        Write("orders", "#!/bin/sh\n"u8.ToArray());
        Assert.Empty(finder.Find(TestContext.Current.CancellationToken).Processes);
    }

    [Fact]
    public void A_process_that_ends_while_it_is_read_is_left_out()
    {
        _platform.Add(new FakeProcess(5, "orders", _go) { EndsWhileRead = true });
        _platform.Add(new FakeProcess(6, "gone", Path.Combine(_folder.FullName, "gone")));
        Assert.Empty(Finder().Find(TestContext.Current.CancellationToken).Processes);
    }

    [Fact]
    public void A_half_written_binary_is_left_out_and_found_once_it_is_whole()
    {
        byte[] whole = SmallGoBinary.Build("go1.25.1", "example.com/orders");
        _platform.Add(new FakeProcess(5, "orders", _go));
        GoProcessFinder finder = Finder();
        foreach (int length in (int[])[0, 3, 40, 70, 0x1000, 0x1010, 0x1024])
        {
            Write("orders", whole[..length]);
            Assert.Empty(finder.Find(TestContext.Current.CancellationToken).Processes);
        }

        Write("orders", whole);
        Assert.Single(finder.Find(TestContext.Current.CancellationToken).Processes);
    }

    [Fact]
    public void A_torn_binary_is_looked_at_again_although_its_identity_is_the_same()
    {
        byte[] whole = SmallGoBinary.Build("go1.25.1", "example.com/orders");
        _platform.Add(new FakeProcess(5, "orders", _go) { Identity = new FileIdentity(1, 2, 3, 4) });
        GoProcessFinder finder = Finder();
        Write("orders", whole[..0x1024]);
        Assert.Empty(finder.Find(TestContext.Current.CancellationToken).Processes);
        Write("orders", whole);
        Assert.Single(finder.Find(TestContext.Current.CancellationToken).Processes);
    }

    [Fact]
    public void Processes_we_may_not_look_at_are_counted()
    {
        _platform.Add(new FakeProcess(5, "secret", _go) { Denied = "another user's" });
        GoProcessList found = Finder().Find(TestContext.Current.CancellationToken);
        Assert.Empty(found.Processes);
        Assert.Equal(1, found.NotPermitted);
    }

    [Fact]
    public void A_name_that_linux_cut_is_completed()
    {
        string path = Write("payment-gateway-worker", SmallGoBinary.Build("go1.25.1", "m"));
        _platform.Add(new FakeProcess(5, "payment-gateway", path) { ShownPath = path + " (deleted)" });
        _platform.Add(new FakeProcess(6, "orders.exe", _go));
        Assert.Equal(["payment-gateway-worker", "orders"], Finder().Find(TestContext.Current.CancellationToken).Processes.Select(p => p.Identity.Name));
    }

    [Fact]
    public void Sources_say_whether_they_could_serve_and_one_that_throws_hides_nothing()
    {
        _platform.Add(new FakeProcess(5, "orders", _go));
        GoProcessFinder finder = Finder(sources:
        [
            new SourceEntry("good", _ => new SourceStatus("good", SourceState.Ok, null, null), _ => null),
            new SourceEntry("bad", _ => throw new InvalidOperationException("broken\u001b[31m"), _ => null),
        ]);
        ImmutableArray<SourceStatus> sources = Assert.Single(finder.Find(TestContext.Current.CancellationToken).Processes).Sources;
        Assert.Equal(SourceState.Ok, sources[0].State);
        Assert.Equal((SourceState.Failed, "broken"), (sources[1].State, sources[1].Reason));
    }

    [Fact]
    public async Task Only_ports_that_loopback_leads_to_are_asked()
    {
        _platform.Add(new FakeProcess(5, "orders", _go)
        {
            Ports = [new("10.0.0.7", 1), new("127.0.0.1", 2), new("::1", 3), new("0.0.0.0", 4), new("::", 4), new("127.0.0.1", 5) { OtherNetwork = true }, new("::ffff:127.0.0.1", 6)],
        });
        List<int> asked = [];
        GoProcessFinder finder = Finder((address, port, arguments, time, cancellation) =>
        {
            lock (asked) asked.Add(port);
            Assert.Equal(["orders", "-x"], arguments);
            return ValueTask.FromResult(port == 3 ? new Uri("http://[::1]:3/debug/pprof/") : null);
        });
        ImmutableArray<GoProcess> probed = await finder.ProbePprofAsync(finder.Find(TestContext.Current.CancellationToken).Processes, TestContext.Current.CancellationToken);
        Assert.Equal("http://[::1]:3/debug/pprof/", probed[0].Identity.PprofUrl.Value);
        Assert.Equal([2, 3, 4, 6], asked.Order());
    }

    [Fact]
    public async Task Why_a_process_has_no_pprof_page_is_said()
    {
        _platform.Add(new FakeProcess(5, "silent", _go));
        _platform.Add(new FakeProcess(6, "outside", _go) { Ports = [new("10.0.0.7", 1)] });
        _platform.Add(new FakeProcess(7, "plain", _go) { Ports = [new("127.0.0.1", 2)] });
        GoProcessFinder finder = Finder();
        ImmutableArray<GoProcess> probed = await finder.ProbePprofAsync(finder.Find(TestContext.Current.CancellationToken).Processes, TestContext.Current.CancellationToken);
        Assert.All(probed, p => Assert.Equal(ReadingState.NotSupported, p.Identity.PprofUrl.State));
        Assert.Contains("listens on no", probed[0].Identity.PprofUrl.Reason, StringComparison.Ordinal);
        Assert.Contains("loopback", probed[1].Identity.PprofUrl.Reason, StringComparison.Ordinal);
        Assert.Contains("none of its ports", probed[2].Identity.PprofUrl.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_never_answers_holds_nothing_up()
    {
        for (int id = 1; id <= 100; id++) _platform.Add(new FakeProcess(id, "stuck", _go) { Ports = [new("127.0.0.1", id)] });
        GoProcessFinder finder = Finder(async (address, port, arguments, time, cancellation) =>
        {
            if (port <= 10) return new Uri($"http://127.0.0.1:{port}/debug/pprof/");
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
            return null;
        });
        Task<ImmutableArray<GoProcess>> probing = finder.ProbePprofAsync(finder.Find(TestContext.Current.CancellationToken).Processes, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMilliseconds(299));
        Assert.False(probing.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        ImmutableArray<GoProcess> probed = await probing;
        Assert.Equal(10, probed.Count(p => p.Identity.PprofUrl.HasValue));
        Assert.Equal(90, probed.Count(p => p.Identity.PprofUrl.State == ReadingState.NotYet));
    }

    private GoProcessFinder Finder(PortProbe? probe = null, ImmutableArray<SourceEntry>? sources = null) =>
        new(_platform, _time, sources ?? [], probe ?? ((_, _, _, _, _) => ValueTask.FromResult<Uri?>(null)));

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
