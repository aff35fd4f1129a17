using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Pprof;

namespace GoTop.Engine.Discovery;

/// <summary>
/// Finds the Go processes of this machine by the build info in their executables, which stripping leaves in place.
/// Nothing is asked of the processes themselves. Keeps what it has read of executables, so keep the finder.
/// </summary>
public sealed class GoProcessFinder
{
    /// <summary>Reading files in parallel gains little beyond this, and the machine may be in trouble already.</summary>
    private const int MostReaders = 4;

    private const int MostNameChars = 200;

    private readonly IPlatform _platform;
    private readonly TimeProvider _time;
    private readonly ImmutableArray<SourceEntry> _sources;
    private readonly PprofFinder _pprof;
    private readonly BuildInfoCache _builds = new();

    public GoProcessFinder(IPlatform platform, TimeProvider time)
        : this(platform, time, SourceCatalog.All, PprofProbe.FindAsync)
    {
    }

    internal GoProcessFinder(IPlatform platform, TimeProvider time, ImmutableArray<SourceEntry> sources, PortProbe probe)
    {
        _platform = platform;
        _time = time;
        _sources = sources;
        _pprof = new PprofFinder(platform, time, probe);
    }

    /// <summary>All Go processes, without any network traffic: <see cref="ProbePprofAsync"/> adds their pprof pages.</summary>
    public GoProcessList Find(CancellationToken cancellation = default)
    {
        ImmutableArray<ProcessEntry> entries = _platform.ListProcesses();
        Reading<GoBuildInfo>[] builds = new Reading<GoBuildInfo>[entries.Length];
        ExecutablePath[] executables = new ExecutablePath[entries.Length];
        ParallelOptions options = new() { MaxDegreeOfParallelism = Math.Min(MostReaders, Environment.ProcessorCount), CancellationToken = cancellation };
        Parallel.For(0, entries.Length, options, i => builds[i] = ReadBuild(entries[i].Key, out executables[i]));

        int[] found = [.. Enumerable.Range(0, entries.Length).Where(i => builds[i].HasValue)];
        int denied = builds.Count(build => build.State == ReadingState.Denied);
        if (found.Length == 0) return new GoProcessList([], denied);

        // With a few Go processes among many others, asking for each alone is far cheaper than one pass over all.
        bool onePass = found.Length * 4 > entries.Length;
        Reading<ImmutableDictionary<int, ImmutableArray<ListeningPort>>> ports = onePass ? _platform.ListeningPorts() : default;
        Reading<ImmutableDictionary<int, string>> services = onePass ? _platform.Services() : default;
        GoProcess?[] processes = new GoProcess?[found.Length];
        Parallel.For(0, found.Length, options, i =>
        {
            ProcessEntry entry = entries[found[i]];
            processes[i] = Complete(
                entry, builds[found[i]], executables[found[i]],
                onePass ? ports.Select(all => all.GetValueOrDefault(entry.Key.ProcessId, [])) : _platform.ListeningPorts(entry.Key),
                onePass ? ServiceOf(services, entry.Key.ProcessId) : _platform.Service(entry.Key));
        });
        return new GoProcessList([.. processes.OfType<GoProcess>().OrderBy(p => p.Identity.Process!.Value.ProcessId)], denied);
    }

    /// <summary>
    /// One process, looked at alone: present when it is a Go program. "Not supported" says that it is none, "denied"
    /// that we may not look, "failed" that it has ended or its executable is torn.
    /// </summary>
    public Reading<GoProcess> Identify(ProcessEntry entry)
    {
        Reading<GoBuildInfo> build = ReadBuild(entry.Key, out ExecutablePath executable);
        if (!build.HasValue) return build.Absent<GoProcess>();
        return Complete(entry, build, executable, _platform.ListeningPorts(entry.Key), _platform.Service(entry.Key)) is { } process
            ? Reading.Of(process)
            : Reading.Failed<GoProcess>($"process {entry.Key.ProcessId} has ended");
    }

    /// <summary>
    /// The same processes, in order, with their pprof pages or why none are known. Asks only those that have not been
    /// asked, and only ports that loopback leads to, many at a time, and takes no longer than 300 ms in all.
    /// </summary>
    public async Task<ImmutableArray<GoProcess>> ProbePprofAsync(ImmutableArray<GoProcess> processes, CancellationToken cancellation)
    {
        ImmutableArray<Reading<string>> urls = await _pprof.FindAsync([.. processes.Select(p => p.Identity)], cancellation).ConfigureAwait(false);
        return [.. processes.Zip(urls, WithUrl)];
    }

    /// <summary>
    /// The same processes with what is known from an earlier list: the answer of a process stands while it has the same
    /// ports. A list that stays open for an hour must not ask, and fill the services' logs, every few seconds.
    /// </summary>
    public ImmutableArray<GoProcess> WithKnownPprof(ImmutableArray<GoProcess> processes, ImmutableArray<GoProcess> earlier)
    {
        Dictionary<ProcessKey, TargetIdentity> known = [];
        foreach (TargetIdentity identity in earlier.Select(process => process.Identity))
        {
            if (identity.Process is { } key && identity.PprofUrl.State != ReadingState.NotYet) known[key] = identity;
        }

        return
        [
            .. processes.Select(process =>
                process.Identity.Process is { } key && known.TryGetValue(key, out TargetIdentity? before) && HasSamePorts(before, process.Identity)
                    ? WithUrl(process, before.PprofUrl)
                    : process),
        ];
    }

    private static bool HasSamePorts(TargetIdentity before, TargetIdentity now) =>
        before.Ports.TryGet(out ImmutableArray<int> then) ? now.Ports.TryGet(out ImmutableArray<int> ports) && then.SequenceEqual(ports) : !now.Ports.HasValue;

    private GoProcess WithUrl(GoProcess process, Reading<string> url)
    {
        TargetIdentity identity = process.Identity with { PprofUrl = url };
        // Only a page that was found changes what the sources can do.
        return new GoProcess(identity, url.HasValue ? CheckSources(identity) : process.Sources);
    }

    private ImmutableArray<SourceStatus> CheckSources(TargetIdentity identity)
    {
        TargetContext context = new(identity, _platform, TargetSettings.Default, _time);
        return [.. _sources.Where(source => source.Check is not null).Select(source => Check(source, source.Check!, context))];
    }

    private static SourceStatus Check(SourceEntry source, Func<TargetContext, SourceStatus> check, TargetContext context)
    {
        try
        {
            return check(context);
        }
        catch (Exception e)
        {
            // One source's mistake must not hide the process.
            return new SourceStatus(source.Name, SourceState.Failed, PlainText.Clean(e.Message, 300), CostMilliseconds: null);
        }
    }

    private Reading<GoBuildInfo> ReadBuild(ProcessKey process, out ExecutablePath executable)
    {
        Reading<ExecutablePath> path = _platform.Executable(process);
        return path.TryGet(out executable) ? _builds.Read(executable) : path.Absent<GoBuildInfo>();
    }

    /// <summary>Null when the process has ended meanwhile.</summary>
    private GoProcess? Complete(
        ProcessEntry entry, Reading<GoBuildInfo> build, ExecutablePath executable,
        Reading<ImmutableArray<ListeningPort>> ports, Reading<string> service)
    {
        TargetIdentity identity = new()
        {
            // Messages and logs repeat it as it stands, and a process calls itself what it likes.
            Name = PlainText.Clean(ProcessNames.ForScreen(entry.Name, executable.DisplayPath), MostNameChars),
            Process = entry.Key,
            Path = Reading.Of(executable.DisplayPath),
            Build = build,
            User = _platform.User(entry.Key),
            StartedAt = _platform.StartedAt(entry.Key),
            Service = service,
            Ports = ports.Select<ImmutableArray<int>>(all => [.. all.Select(p => p.Port).Distinct().Order()]),
            PprofUrl = Reading.NotYet<string>("its ports have not been asked"),
        };
        return _platform.IsAlive(entry.Key) ? new GoProcess(identity, CheckSources(identity)) : null;
    }

    private static Reading<string> ServiceOf(Reading<ImmutableDictionary<int, string>> services, int processId)
    {
        if (!services.TryGet(out ImmutableDictionary<int, string>? all)) return services.Absent<string>();
        return all.TryGetValue(processId, out string? name) ? Reading.Of(name) : Reading.NotSupported<string>("it runs in no service");
    }
}
