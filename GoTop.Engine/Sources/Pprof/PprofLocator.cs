using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>
/// Where a target's pprof pages are: the configured URL, or the one that was found when the process was. A local
/// process without either may still open its port, so its new ports are looked at every 30 s, and late ones every 3 s.
/// </summary>
internal sealed class PprofLocator(TargetContext context)
{
    public const string NoPort = "no pprof port answers: import net/http/pprof and serve it, or set the target's url";

    public const string Late = "a port has not answered in time; it is asked again";

    private const int MaxPortsAtOnce = 16;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    // A port that is not it is asked again only this late: a service may install its handlers after it listens.
    private static readonly TimeSpan ForgetRefusals = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookAtMost = TimeSpan.FromSeconds(3);

    // A machine in trouble answers late, which is when one looks at it: such a port is asked again soon.
    private static readonly TimeSpan BetweenLooksWhenLate = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly HashSet<ListeningPort> _refused = [];
    private Task<Reading<PprofPlace>>? _finding;
    private Reading<PprofPlace> _place;
    private long? _lookedAt;
    private long _refusalsSince;
    private bool _wasLate;

    /// <summary>What is known without asking anybody: the configured or already found address.</summary>
    public static Reading<PprofPlace> Known(TargetContext context)
    {
        if (context.Settings.Url is { } configured) return PprofUrl.Normalise(configured).Select(url => new PprofPlace(url, FoundByProbe: false));
        return context.Target.PprofUrl.TryGet(out string? found)
            ? PprofUrl.Normalise(found).Select(url => new PprofPlace(url, FoundByProbe: context.Target.Process is not null))
            : Reading.NotSupported<PprofPlace>(context.Target.PprofUrl.Reason ?? NoPort);
    }

    /// <summary>Several sources may ask at once; one look serves them all.</summary>
    public async ValueTask<Reading<PprofPlace>> FindAsync(CancellationToken cancellation)
    {
        Task<Reading<PprofPlace>> finding;
        lock (_lock) finding = _finding is { IsCompleted: false } underWay ? underWay : _finding = FindNowAsync();
        return await finding.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<Reading<PprofPlace>> FindNowAsync()
    {
        if (_place.HasValue) return _place;
        if (_lookedAt is { } last && context.Time.GetElapsedTime(last) < (_wasLate ? BetweenLooksWhenLate : BetweenLooks)) return _place;
        _lookedAt = context.Time.GetTimestamp();
        _place = Known(context);
        // An unusable URL is the user's to mend; a refusal to look ("probing is off") is respected.
        bool mayLook = _place.State == ReadingState.NotSupported && context.Target.PprofUrl.State != ReadingState.Denied;
        if (mayLook && context.Target.Process is { } process) _place = await LookAsync(process).ConfigureAwait(false);
        return _place;
    }

    private async ValueTask<Reading<PprofPlace>> LookAsync(ProcessKey process)
    {
        if (context.Time.GetElapsedTime(_refusalsSince) >= ForgetRefusals)
        {
            _refused.Clear();
            _refusalsSince = context.Time.GetTimestamp();
        }

        Reading<ImmutableArray<string>> arguments = context.Platform.CommandLine(process);
        if (!arguments.HasValue) return arguments.Absent<PprofPlace>();
        Reading<ImmutableArray<ListeningPort>> listening = context.Platform.ListeningPorts(process);
        if (!listening.TryGet(out ImmutableArray<ListeningPort> ports)) return listening.Absent<PprofPlace>();

        _wasLate = false;
        using CancellationTokenSource atMost = new(LookAtMost, context.Time);
        foreach (ListeningPort port in ports.Where(port => port.IsOnLoopback && !_refused.Contains(port)).Take(MaxPortsAtOnce))
        {
            try
            {
                (Uri? url, bool isLate) = await PprofProbe.FindAsync(port.Address, port.Port, arguments.Value, Patience, context.Time, atMost.Token).ConfigureAwait(false);
                if (url is not null) return Reading.Of(new PprofPlace(url, FoundByProbe: true));
                if (!isLate) _refused.Add(port);
                _wasLate |= isLate;
            }
            catch (OperationCanceledException)
            {
                _wasLate = true;
                break;
            }
        }

        return Reading.NotSupported<PprofPlace>(_wasLate ? Late : NoPort);
    }
}
