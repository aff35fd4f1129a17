namespace GoTop.Engine.Fleet.PromQl;

/// <summary>The targets of one engine, found again in each answer by the labels that tell them apart.</summary>
internal sealed class PromTable
{
    /// <summary>Twice as many as are shown, since what is no Go program is not yet known to be none.</summary>
    private const int Most = 2 * FleetSnapshot.MostRows;

    private const int LongestKey = PromLabels.OfIdentity * (PromAnswerReader.LongestLabel + 1);

    private readonly Dictionary<string, PromTarget> _targets = new(StringComparer.Ordinal);

    public IReadOnlyCollection<PromTarget> Targets => _targets.Values;

    /// <summary>A new round: nobody is seen yet.</summary>
    public void Begin()
    {
        foreach (PromTarget target in _targets.Values) target.Begin();
    }

    /// <summary>The round is over: what was not seen is gone.</summary>
    public void End()
    {
        foreach (string gone in _targets.Values.Where(target => !target.IsSeen).Select(target => target.Key).ToArray()) _targets.Remove(gone);
    }

    /// <summary>A series of <see cref="PromQueries.Levels"/>.</summary>
    /// <returns>Whether it is the first of a target.</returns>
    public bool TakeLevel(PromSeries series)
    {
        PromTarget? target = Known(series);
        bool isNew = target is null;
        if (target is null)
        {
            if (_targets.Count >= Most) return false;
            string key = KeyOf(series);
            _targets[key] = target = new PromTarget(key, series);
        }

        target.IsSeen = true;
        target.Describe(series);
        switch (series[PromLabel.Name])
        {
            case PromQueries.Up:
                target.Up = series.Value;
                break;
            case PromQueries.AgentTargetUp:
                (target.Up, target.IsOfAgent) = (series.Value, true);
                break;
            default:
                PromFigures.TakeLevel(target.Raw, series, series.Value);
                break;
        }

        return isNew;
    }

    /// <summary>Whom a series is of, if levels told of it.</summary>
    public PromTarget? Find(PromSeries series)
    {
        PromTarget? target = Known(series);
        if (target is null && series[PromLabel.ServiceInstance] is not null)
        {
            // Who a target is is told with its instance, its figures are not.
            series[PromLabel.ServiceInstance] = null;
            target = Known(series);
        }

        return target;
    }

    public ILookup<string?, PromTarget> ByInstance() => _targets.Values.Where(target => target.IsSeen).ToLookup(target => target[PromLabel.Instance]);

    /// <summary>Alerts have the labels of what they are about, and more or fewer than its figures.</summary>
    public static void TakeAlert(PromSeries series, ILookup<string?, PromTarget> byInstance)
    {
        if (series[PromLabel.Instance] is not { } instance || (series[PromLabel.AlertName] ?? series[PromLabel.Rule]) is not { } name) return;
        FleetAlert alert = new(name, PromTarget.SeverityOf(series[PromLabel.Severity]));
        foreach (PromTarget target in byInstance[instance])
        {
            bool isAbout = true;
            for (int i = 0; i < PromLabels.OfIdentity && isAbout; i++) isAbout = series[(PromLabel)i] is not { } told || target[(PromLabel)i] == told;
            if (isAbout) target.Add(alert);
        }
    }

    public void EndAlerts()
    {
        foreach (PromTarget target in _targets.Values) target.EndAlerts();
    }

    private PromTarget? Known(PromSeries series)
    {
        Span<char> key = stackalloc char[LongestKey];
        int length = WriteKey(series, key);
        return _targets.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..length], out PromTarget? target) ? target : null;
    }

    private static string KeyOf(PromSeries series)
    {
        Span<char> key = stackalloc char[LongestKey];
        int length = WriteKey(series, key);
        return key[..length].ToString();
    }

    /// <summary>The values of the labels that make up the identity.</summary>
    /// <returns>The length.</returns>
    private static int WriteKey(PromSeries series, Span<char> key)
    {
        int length = 0;
        for (int i = 0; i < PromLabels.OfIdentity; i++)
        {
            string? value = series[(PromLabel)i];
            value?.CopyTo(key[length..]);
            length += value?.Length ?? 0;
            // No clean label holds it.
            key[length++] = '\u001f';
        }

        return length;
    }
}
