using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Pprof;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Pprof;

/// <summary>A local process that opens its pprof port when it is watched already.</summary>
public sealed class PprofLocatorTests
{
    private static readonly ProcessKey Process = new(4711, 1);
    private readonly AwaitableTime _time = new();
    private readonly PortsPlatform _platform = new();

    [Fact]
    public async Task A_port_opened_later_is_found_at_the_next_look()
    {
        List<string> asked = [];
        await using TinyServer server = Service("svc", asked);
        PprofLocator locator = new(Context());
        Assert.Equal(PprofLocator.NoPort, (await locator.FindAsync(TestContext.Current.CancellationToken)).Reason);

        _platform.Ports = [new ListeningPort("127.0.0.1", server.Port)];
        _time.Advance(TimeSpan.FromSeconds(29));
        await locator.FindAsync(TestContext.Current.CancellationToken);
        Assert.Empty(asked);

        _time.Advance(TimeSpan.FromSeconds(1));
        Reading<PprofPlace> found = await locator.FindAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new PprofPlace(server.Url, FoundByProbe: true), found.Value);
    }

    [Fact]
    public async Task A_port_that_is_not_it_is_not_asked_again_for_5_minutes()
    {
        List<string> asked = [];
        await using TinyServer server = Service("another", asked);
        _platform.Ports = [new ListeningPort("127.0.0.1", server.Port)];
        PprofLocator locator = new(Context());
        for (int look = 0; look < 10; look++)
        {
            await locator.FindAsync(TestContext.Current.CancellationToken);
            Assert.Single(asked);
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        await locator.FindAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task A_port_that_is_late_is_asked_again_soon()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isLate = true;
        await using TinyServer server = new(async exchange =>
        {
            asked.TrySetResult();
            if (isLate) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, exchange.Stopped);
            if (exchange.Path.EndsWith("cmdline", StringComparison.Ordinal)) await exchange.AnswerAsync("text/plain", "svc"u8.ToArray());
            else await exchange.AnswerAsync("text/html", PprofCapture.Read("go1.27-windows-wine", "index.html"));
        });
        _platform.Ports = [new ListeningPort("127.0.0.1", server.Port)];
        PprofLocator locator = new(Context());
        Task<Reading<PprofPlace>> first = locator.FindAsync(TestContext.Current.CancellationToken).AsTask();
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(PprofLocator.Late, (await first).Reason);

        isLate = false;
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(server.Url, (await locator.FindAsync(TestContext.Current.CancellationToken)).Value.BaseUrl);
    }

    [Fact]
    public async Task A_port_in_another_network_namespace_is_not_asked()
    {
        List<string> asked = [];
        await using TinyServer server = Service("svc", asked);
        _platform.Ports = [new ListeningPort("127.0.0.1", server.Port) { OtherNetwork = true }];
        Assert.False((await new PprofLocator(Context()).FindAsync(TestContext.Current.CancellationToken)).HasValue);
        Assert.Empty(asked);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.2", true)]
    [InlineData("192.0.2.7", false)]
    [InlineData("fe80::1", false)]
    [InlineData("nonsense", false)]
    public void Only_ports_on_loopback_are_asked_unnamed(string address, bool asked) =>
        Assert.Equal(asked, new ListeningPort(address, 6060).IsOnLoopback);

    [Fact]
    public async Task Where_probing_was_refused_nothing_is_asked()
    {
        List<string> asked = [];
        await using TinyServer server = Service("svc", asked);
        _platform.Ports = [new ListeningPort("127.0.0.1", server.Port)];
        TargetContext context = Context();
        context = context with { Target = context.Target with { PprofUrl = Reading.Denied<string>("probing is turned off") } };
        Assert.Equal("probing is turned off", (await new PprofLocator(context).FindAsync(TestContext.Current.CancellationToken)).Reason);
        Assert.Empty(asked);
    }

    [Fact]
    public async Task The_configured_url_goes_before_the_found_one()
    {
        TargetContext context = Context();
        context = context with
        {
            Target = context.Target with { PprofUrl = Reading.Of("http://127.0.0.1:1/debug/pprof/") },
            Settings = new TargetSettings { Url = new Uri("http://host:2") },
        };
        Reading<PprofPlace> found = await new PprofLocator(context).FindAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new PprofPlace(new Uri("http://host:2/debug/pprof/"), FoundByProbe: false), found.Value);
    }

    private TargetContext Context() => new(new TargetIdentity { Name = "svc", Process = Process }, _platform, TargetSettings.Default, _time);

    private static TinyServer Service(string arguments, List<string> asked) => new(exchange =>
    {
        asked.Add(exchange.Path);
        return exchange.Path.EndsWith("cmdline", StringComparison.Ordinal)
            ? exchange.AnswerAsync("text/plain", Encoding.UTF8.GetBytes(arguments))
            : exchange.AnswerAsync("text/html", PprofCapture.Read("go1.27-windows-wine", "index.html"));
    });

    /// <summary>Knows one process: its arguments and ports.</summary>
    private sealed class PortsPlatform : IPlatform
    {
        private const string None = "not in this test";

        public ImmutableArray<ListeningPort> Ports { get; set; } = [];

        public string Name => "test";

        public Reading<ImmutableArray<string>> CommandLine(ProcessKey process) => Reading.Of<ImmutableArray<string>>(["svc"]);

        public Reading<ImmutableDictionary<int, ImmutableArray<ListeningPort>>> ListeningPorts() =>
            Reading.Of(ImmutableDictionary<int, ImmutableArray<ListeningPort>>.Empty.Add(Process.ProcessId, Ports));

        public ImmutableArray<ProcessEntry> ListProcesses() => [];

        public Reading<ProcessKey> FindProcess(int processId) => Reading.NotSupported<ProcessKey>(None);

        public bool IsAlive(ProcessKey process) => true;

        public Reading<ExecutablePath> Executable(ProcessKey process) => Reading.NotSupported<ExecutablePath>(None);

        public Reading<string> User(ProcessKey process) => Reading.NotSupported<string>(None);

        public Reading<DateTimeOffset> StartedAt(ProcessKey process) => Reading.NotSupported<DateTimeOffset>(None);

        public Reading<ImmutableDictionary<int, string>> Services() => Reading.NotSupported<ImmutableDictionary<int, string>>(None);

        public Reading<HostCounters> ReadHost() => Reading.NotSupported<HostCounters>(None);

        public Reading<ProcessCounters> ReadProcess(ProcessKey process) => Reading.NotSupported<ProcessCounters>(None);

        public Reading<ContainerCounters> ReadContainer(ProcessKey process) => Reading.NotSupported<ContainerCounters>(None);

        public Reading<ProcessMemory> OpenMemory(ProcessKey process) => Reading.NotSupported<ProcessMemory>(None);

        public long RuntimeClockNanoseconds() => 0;
    }
}
