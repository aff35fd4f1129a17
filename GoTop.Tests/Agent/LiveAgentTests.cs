using System.Globalization;
using System.Threading.Channels;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Recording;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Agent;

/// <summary>The agent's worker with real Go programs that come and go.</summary>
public sealed class LiveAgentTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-agent-").FullName;
    private readonly IPlatform _platform = HostPlatform.Detect(TimeProvider.System);
    private readonly CancellationTokenSource _stop = new();
    private readonly Listener _listener = new();
    private readonly string _name = $"gt{Guid.NewGuid():N}"[..12];
    private string _program = "";
    private Task _run = Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        // A name of its own, so that no other test's program is meant.
        _program = Path.Combine(_folder, _name);
        File.Copy(await GoToolchain.RequireAsync("threads"), _program);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_target_is_found_lost_and_found_again_and_each_life_is_recorded()
    {
        AgentWorker worker = Start(Config(Target("shop")));
        await Until.TrueAsync(() => worker.State.Targets is [{ Phase: TargetPhase.Looking, Reason: not null }]);
        int firstId;
        await using (StartedProgram first = await StartedProgram.StartAsync(_program, []))
        {
            firstId = first.Id;
            Assert.Equal($"Found {firstId}", await _listener.NextAsync());
            await _listener.ObservedAsync("shop", firstId);
        }

        Assert.Equal($"Lost {firstId}", await _listener.NextAsync());
        await Until.TrueAsync(() => worker.State.Targets is [{ Phase: TargetPhase.Looking, ProcessId: null, Lives: 1 }]);
        await using StartedProgram second = await StartedProgram.StartAsync(_program, []);
        Assert.Equal($"CameBack {second.Id}", await _listener.NextAsync());
        await _listener.ObservedAsync("shop", second.Id);
        await Until.TrueAsync(() => worker.State.Targets is [{ Phase: TargetPhase.Watched, LastReadingAt: not null, Lives: 2, Recording: not null }]);
        AgentState written = AgentStateFile.Find(Settings, _platform).Value;
        Assert.Equal((Environment.ProcessId, true), (written.ProcessId, AgentStateFile.IsRunning(written, _platform)));

        await StopAsync();
        Assert.Equal(AgentPhase.Stopped, AgentStateFile.Find(Settings, _platform).Value.Phase);
        string[] files = Directory.GetFiles(TargetRecorder.FolderOf(_folder), "*.gotop");
        Assert.Equal([firstId, second.Id], files.Order(StringComparer.Ordinal).Select(ProcessOf));
        Assert.Empty(Directory.GetFiles(TargetRecorder.FolderOf(_folder), "*-wal"));
    }

    [Fact]
    public async Task A_changed_configuration_touches_what_changed_alone_and_a_broken_one_nothing()
    {
        AgentWorker worker = Start(Config(Target("shop")));
        await using StartedProgram program = await StartedProgram.StartAsync(_program, []);
        Assert.Equal($"Found {program.Id}", await _listener.NextAsync());
        await Until.TrueAsync(() => worker.State.Targets is [{ Recording: not null }]);
        string recording = worker.State.Targets[0].Recording!;

        worker.Reconfigure(Parse(Config(Target("shop")) + "[[target]]\nname = \"other\"\nprocess = \"gt-not-there\"\n"));
        await Until.TrueAsync(() => worker.State.Targets.Length == 2);
        Assert.Equal(recording, worker.State.Targets.Single(target => target.Name == "shop").Recording);

        worker.Reconfigure(Parse("[[target]]\nname = \"shop\"\nprocess = 5\n"));
        await Until.TrueAsync(() => !worker.State.ConfigProblems.IsEmpty);
        Assert.Contains(":3:11:", worker.State.ConfigProblems[0], StringComparison.Ordinal);
        Assert.Equal(2, worker.State.Targets.Length);

        worker.Reconfigure(Parse(Config(Target("renamed"))));
        await Until.TrueAsync(() => worker.State.Targets is [{ Name: "renamed", Phase: TargetPhase.Watched, Recording: not null }]);
        Assert.Empty(worker.State.ConfigProblems);
    }

    [Fact]
    public async Task Paused_it_watches_nothing_until_it_goes_on()
    {
        AgentWorker worker = Start(Config(Target("shop")));
        await using StartedProgram program = await StartedProgram.StartAsync(_program, []);
        Assert.Equal($"Found {program.Id}", await _listener.NextAsync());
        worker.Pause();
        await Until.TrueAsync(() => worker.State is { Phase: AgentPhase.Paused, Targets: [] });
        worker.Continue();
        await Until.TrueAsync(() => worker.State is { Phase: AgentPhase.Running, Targets: [{ Phase: TargetPhase.Watched }] });
    }

    [Fact]
    public async Task One_that_is_down_stays_known_to_be_whatever_is_changed_of_its_settings()
    {
        AgentWorker worker = Start(Config(Target("shop")));
        int first;
        await using (StartedProgram program = await StartedProgram.StartAsync(_program, []))
        {
            first = program.Id;
            Assert.Equal($"Found {first}", await _listener.NextAsync());
        }

        Assert.Equal($"Lost {first}", await _listener.NextAsync());
        worker.Reconfigure(Parse(Config(Target("shop") + "labels = { team = \"web\" }\n")));
        // Nobody is told that it is not watched any more, and who asks what may be done to it finds what is written now.
        Assert.Equal($"Lost {first}", await _listener.NextAsync());
        Assert.Equal("web", _listener.Latest!.Target.Context.Settings.Labels["team"]);
        await Until.TrueAsync(() => worker.State.Targets is [{ Phase: TargetPhase.Looking, Lives: 1 }]);

        int second;
        await using (StartedProgram program = await StartedProgram.StartAsync(_program, []))
        {
            second = program.Id;
            Assert.Equal($"CameBack {second}", await _listener.NextAsync());
            worker.Reconfigure(Parse(Config(Target("shop"))));
            Assert.Equal($"Found {second}", await _listener.NextAsync());
            await Until.TrueAsync(() => worker.State.Targets is [{ Phase: TargetPhase.Watched, Lives: 2 }]);
            worker.Pause();
            Assert.Equal($"Unwatched {second}", await _listener.NextAsync());
        }

        worker.Continue();
        Assert.Equal($"Lost {second}", await _listener.NextAsync());
        Assert.StartsWith("it ended while it was not watched: ", _listener.Latest!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kept_cores_are_given_to_each_new_process_and_audited()
    {
        Assert.SkipUnless(Environment.ProcessorCount >= 2, "needs two cores");
        await new KeptPins(_folder, TimeProvider.System).Keep("shop", CoreSet.Parse("0"), "anna").Step.Run(new(_ => { }, Cancellation));
        Start(Config(Target("shop")));
        for (int life = 1; life <= 2; life++)
        {
            await using StartedProgram program = await StartedProgram.StartAsync(_program, []);
            await Until.TrueAsync(() => Holds(() => Allowed(program.Id) is ["0"]));
            await Until.TrueAsync(() => Holds(() => Audited("done") == life));
        }

        Assert.Contains("kept for anna", await File.ReadAllTextAsync(Path.Combine(_folder, "audit.jsonl"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_agents_do_not_share_a_folder()
    {
        AgentWorker worker = Start(Config(Target("shop")));
        await worker.Ready.WaitAsync(Cancellation);
        AgentException refused = await Assert.ThrowsAsync<AgentException>(() => Worker(Config(Target("shop"))).RunAsync(Cancellation));
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    private AgentSettings Settings => new() { Folder = _folder };

    private string Target(string name) => $"[[target]]\nname = \"{name}\"\nprocess = \"{_name}\"\n";

    private string Config(string targets) => $"interval = \"200ms\"\n[agent]\nfolder = '{_folder}'\n[audit]\nfile = '{Path.Combine(_folder, "audit.jsonl")}'\n{targets}";

    private LoadedConfig Parse(string text) => new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse(text, Path.Combine(_folder, "gotop.toml"));

    private AgentWorker Worker(string config) => new(
        new AgentParts(_platform, new GoProcessFinder(_platform, TimeProvider.System), TimeProvider.System, NullLogger.Instance, "test"), Parse(config),
        [.. ConsumerCatalog.All, _ => _listener]);

    private AgentWorker Start(string config)
    {
        AgentWorker worker = Worker(config);
        _run = Task.Run(() => worker.RunAsync(_stop.Token));
        return worker;
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
    }

    /// <summary>What the recording says of itself, once it has proved to hold ticks.</summary>
    private static int ProcessOf(string file)
    {
        using RecordingReader reader = RecordingReader.Open(file);
        Assert.True(reader.Count > 0);
        return reader.Info.Target.Process!.Value.ProcessId;
    }

    private int Audited(string phase)
    {
        string log = Path.Combine(_folder, "audit.jsonl");
        return File.Exists(log) ? File.ReadAllLines(log).Count(line => line.Contains($"\"phase\":\"{phase}\"", StringComparison.Ordinal)) : 0;
    }

    private static string[] Allowed(int process) =>
    [
        .. Directory.GetDirectories($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/task")
            .SelectMany(thread => File.ReadLines(Path.Combine(thread, "status")))
            .Where(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Select(line => line.Split('\t')[1]).Distinct(),
    ];

    /// <summary>A file that is just being written, or a thread that has just ended, is looked at again.</summary>
    private static bool Holds(Func<bool> condition)
    {
        try
        {
            return condition();
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed class Listener : IObservationConsumer
    {
        private readonly Channel<AgentEvent> _events = Channel.CreateUnbounded<AgentEvent>();
        private readonly Channel<(string Name, int Process)> _observed = Channel.CreateUnbounded<(string, int)>();

        public string Id => "listener";

        /// <summary>The last that <see cref="NextAsync"/> gave.</summary>
        public AgentEvent? Latest { get; private set; }

        public Task ObservedAsync(AgentTarget target, Observation observation, CancellationToken cancellation)
        {
            _observed.Writer.TryWrite((target.Name, observation.Now.Target.Process!.Value.ProcessId));
            return Task.CompletedTask;
        }

        public Task HappenedAsync(AgentEvent happened, CancellationToken cancellation)
        {
            _events.Writer.TryWrite(happened);
            return Task.CompletedTask;
        }

        public async Task<string> NextAsync()
        {
            Latest = await Until.NextAsync(_events.Reader, "something happens to a target");
            return $"{Latest.Kind} {Latest.Target.Context.Target.Process!.Value.ProcessId}";
        }

        public async Task ObservedAsync(string name, int process)
        {
            while (await Until.NextAsync(_observed.Reader, $"a reading of {name}, process {process}") != (name, process))
            {
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
