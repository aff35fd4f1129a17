using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources.Pprof;

namespace GoTop.Engine.Discovery;

/// <summary>
/// Finds what a person means by a target: the name of a <c>[[target]]</c>, a URL, a process id, a service or a process
/// name, in this order. Asks nothing of the network.
/// </summary>
/// <param name="configured">The <c>[[target]]</c> entries of the configuration.</param>
public sealed class TargetResolver(IPlatform platform, GoProcessFinder finder, ImmutableArray<TargetSettings> configured)
{
    private const string SystemdSuffix = ".service";
    private const int MostListed = 10;

    public TargetResolution Resolve(string text)
    {
        text = text.Trim();
        string shown = PlainText.Clean(text, 100);
        if (text.Length == 0) return TargetResolution.Not(TargetProblemKind.NotFound, "the target is empty: name a process id, process, service, URL or configured target");
        if (configured.FirstOrDefault(t => text.Equals(t.Name, StringComparison.OrdinalIgnoreCase)) is { } settings) return Resolve(settings);
        if (IsAddress(text))
        {
            return Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out Uri? url)
                ? Remote(SettingsFor(url))
                : TargetResolution.Not(TargetProblemKind.NotFound, $"\"{shown}\" is not an address such as http://host:6060");
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int processId)) return Resolve(processId, settings: null);
        return ResolveName(text, IsMeantBy(text), settings: null, what: $"process, service or configured target is called \"{shown}\"");
    }

    /// <summary>The process or address that an entry of the configuration names.</summary>
    public TargetResolution Resolve(TargetSettings settings)
    {
        if (settings.Url is not null) return Remote(settings);
        if (settings.ProcessId is { } processId) return Resolve(processId, settings);
        if (settings.Service is { } service)
            return ResolveName(service, candidate => IsService(service, candidate.Service), settings, $"service is called \"{PlainText.Clean(service, 100)}\" and runs a process");
        if (settings.ProcessName is { } name)
            return ResolveName(name, candidate => candidate.IsNamed(name), settings, $"process is called \"{PlainText.Clean(name, 100)}\"");
        return TargetResolution.Not(TargetProblemKind.NotFound, $"the target \"{settings.Name}\" names no pid, process, service or url");
    }

    private TargetResolution Resolve(int processId, TargetSettings? settings)
    {
        Reading<ProcessKey> key = platform.FindProcess(processId);
        if (!key.TryGet(out ProcessKey process))
        {
            return key.State == ReadingState.Denied
                ? TargetResolution.Not(TargetProblemKind.NotPermitted, key.Reason!)
                : TargetResolution.Not(TargetProblemKind.NotFound, $"{key.Reason}: gotop ps lists the Go processes");
        }

        Reading<ExecutablePath> executable = platform.Executable(process);
        // The system's own list is long, and one process needs no more of it than its executable's name.
        string name = executable.TryGet(out ExecutablePath path)
            ? ProcessNames.OfExecutable(path.DisplayPath)
            : string.Create(CultureInfo.InvariantCulture, $"{processId}");
        return Take(new Candidate(new ProcessEntry(process, name, 0), null, path.DisplayPath), settings);
    }

    private TargetResolution ResolveName(string text, Predicate<Candidate> isMeant, TargetSettings? settings, string what)
    {
        Reading<ImmutableDictionary<int, string>> services = platform.Services();
        ImmutableDictionary<int, string> units = services.ValueOr(null) ?? ImmutableDictionary<int, string>.Empty;
        List<Candidate> meant = [];
        foreach (ProcessEntry entry in platform.ListProcesses())
        {
            Candidate candidate = new(entry, units.GetValueOrDefault(entry.Key.ProcessId), ExecutablePath: null);
            // Linux cuts names in its list, so a longer name needs the executable's.
            if (candidate.MayBeCut(text) && platform.Executable(entry.Key).TryGet(out ExecutablePath path))
                candidate = candidate with { ExecutablePath = path.DisplayPath };
            if (isMeant(candidate)) meant.Add(candidate);
        }

        if (meant.Count == 0) return TargetResolution.Not(TargetProblemKind.NotFound, $"no {what}: gotop ps lists the Go processes");
        if (meant.Count == 1) return Take(meant[0], settings);
        return Choose(text, meant, settings);
    }

    /// <summary>Of several processes only Go's count; of a service's, the one that the others descend from.</summary>
    private TargetResolution Choose(string text, List<Candidate> meant, TargetSettings? settings)
    {
        List<(Candidate Candidate, Reading<GoProcess> Process)> looked = [.. meant.Select(c => (c, finder.Identify(c.Entry)))];
        List<(Candidate Candidate, Reading<GoProcess> Process)> go = [.. looked.Where(l => l.Process.HasValue)];
        if (go.Count > 1 && go.All(l => IsService(text, l.Candidate.Service)))
        {
            HashSet<int> ids = [.. go.Select(l => l.Candidate.Entry.Key.ProcessId)];
            List<(Candidate Candidate, Reading<GoProcess> Process)> roots = [.. go.Where(l => !ids.Contains(l.Candidate.Entry.ParentProcessId))];
            if (roots.Count == 1) go = roots;
        }

        string shown = PlainText.Clean(text, 100);
        if (go.Count == 1) return Found(go[0].Process.Value.Identity, settings);
        if (go.Count == 0)
        {
            return looked.FirstOrDefault(l => l.Process.State == ReadingState.Denied) is { Process.State: ReadingState.Denied } denied
                ? TargetResolution.Not(TargetProblemKind.NotPermitted, NotPermitted(denied.Candidate, denied.Process.Reason))
                : TargetResolution.Not(TargetProblemKind.NotGo, $"none of the {looked.Count} processes of \"{shown}\" is a Go program: gotop ps lists the Go processes");
        }

        ImmutableArray<TargetIdentity> candidates = [.. go.Select(l => l.Process.Value.Identity)];
        string list = string.Join('\n', candidates.Take(MostListed).Select(Describe));
        string more = candidates.Length > MostListed ? $"\n  and {candidates.Length - MostListed} more" : "";
        return new TargetResolution
        {
            Problem = new TargetProblem(
                TargetProblemKind.Ambiguous, $"{candidates.Length} Go processes are called \"{shown}\": name one by its process id\n{list}{more}", candidates),
        };
    }

    private TargetResolution Take(Candidate candidate, TargetSettings? settings)
    {
        Reading<GoProcess> process = finder.Identify(candidate.Entry);
        if (process.TryGet(out GoProcess? found)) return Found(found.Identity, settings);
        int id = candidate.Entry.Key.ProcessId;
        return process.State switch
        {
            ReadingState.Denied => TargetResolution.Not(TargetProblemKind.NotPermitted, NotPermitted(candidate, process.Reason)),
            ReadingState.NotSupported => TargetResolution.Not(
                TargetProblemKind.NotGo, $"{PlainText.Clean(candidate.Entry.Name, 100)} (process {id}) is not a Go program: gotop ps lists the Go processes"),
            _ => TargetResolution.Not(TargetProblemKind.NotFound, $"process {id} could not be read: {process.Reason}"),
        };
    }

    private TargetResolution Found(TargetIdentity identity, TargetSettings? settings)
    {
        settings ??= configured.FirstOrDefault(t => Describes(t, identity)) ?? TargetSettings.Default;
        return TargetResolution.Found(settings.Name is { } name ? identity with { Name = name } : identity, settings);
    }

    /// <summary>A name and password in an address become settings, so that nothing shows them with the address.</summary>
    private static TargetSettings SettingsFor(Uri url)
    {
        string[] user = url.UserInfo.Split(':', 2);
        return new TargetSettings
        {
            Url = new UriBuilder(url) { UserName = "", Password = "" }.Uri,
            Http = url.UserInfo.Length == 0 ? new HttpSettings() : new HttpSettings
            {
                User = Uri.UnescapeDataString(user[0]),
                Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            },
        };
    }

    private static TargetResolution Remote(TargetSettings settings)
    {
        Reading<Uri> pages = PprofUrl.Normalise(settings.Url!);
        return pages.TryGet(out Uri? url)
            ? TargetResolution.Found(
                new TargetIdentity
                {
                    Name = settings.Name ?? url.Authority,
                    PprofUrl = Reading.Of(url.AbsoluteUri),
                    Build = Reading.NotSupported<GoBuildInfo>("the executable is read on its own machine only"),
                    StartedAt = Reading.NotSupported<DateTimeOffset>("pprof does not tell it"),
                },
                settings)
            : TargetResolution.Not(TargetProblemKind.NotFound, pages.Reason!);
    }

    /// <summary>A URL, or <c>host:port</c>.</summary>
    private static bool IsAddress(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0
            && (text.Contains("://", StringComparison.Ordinal) || ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }

    private static Predicate<Candidate> IsMeantBy(string text) =>
        candidate => IsService(text, candidate.Service) || candidate.IsNamed(text);

    private static bool IsService(string wanted, string? service) =>
        service is not null && (wanted.Equals(service, StringComparison.OrdinalIgnoreCase)
            || (wanted + SystemdSuffix).Equals(service, StringComparison.OrdinalIgnoreCase));

    private static bool Describes(TargetSettings settings, TargetIdentity identity) =>
        (settings.ProcessId is { } id && id == identity.Process?.ProcessId)
        || (settings.Service is { } service && IsService(service, identity.Service.ValueOr(null)))
        || (settings.ProcessName is { } name && ProcessNames.Matches(name, identity.Name, identity.Path.ValueOr(null)));

    private static string NotPermitted(Candidate candidate, string? reason) =>
        $"{PlainText.Clean(candidate.Entry.Name, 100)} (process {candidate.Entry.Key.ProcessId}): {reason}";

    private static string Describe(TargetIdentity identity)
    {
        string ports = identity.Ports.TryGet(out ImmutableArray<int> numbers) && !numbers.IsEmpty ? $", ports {string.Join(' ', numbers)}" : "";
        string started = identity.StartedAt.TryGet(out DateTimeOffset at) ? string.Create(CultureInfo.InvariantCulture, $", started {at:yyyy-MM-dd HH:mm:ss}Z") : "";
        string service = identity.Service.TryGet(out string? unit) ? $", {unit}" : "";
        return PlainText.Clean($"  {identity.Process?.ProcessId}  {identity.Name}{service}{ports}{started}", 200);
    }

    private sealed record Candidate(ProcessEntry Entry, string? Service, string? ExecutablePath)
    {
        private const int LinuxNameLength = 15;

        public bool IsNamed(string name) => ProcessNames.Matches(name, Entry.Name, ExecutablePath);

        public bool MayBeCut(string name) =>
            Entry.Name.Length >= LinuxNameLength && name.Length > LinuxNameLength && name.StartsWith(Entry.Name, StringComparison.OrdinalIgnoreCase);
    }
}
