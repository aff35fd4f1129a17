using System.Collections.Immutable;

namespace GoTop.Engine.Sampling;

/// <summary>How busy each core has been lately. Written cells are never written again, as in <see cref="History"/>.</summary>
internal sealed class CoreHistory
{
    private const int Ticks = 60;

    private readonly Dictionary<int, float[]> _busy = [];
    private int _end;

    /// <returns>The past as it is now.</returns>
    public CorePast Add(Snapshot snapshot)
    {
        if (_end == Ticks * 2) StartNewArrays();
        if (snapshot.Host.Cores.TryGet(out ImmutableArray<CoreLoad> cores) && !cores.IsDefault)
        {
            foreach (CoreLoad core in cores)
            {
                if (!_busy.TryGetValue(core.Core.Id, out float[]? values)) _busy[core.Core.Id] = values = NoValues();
                values[_end] = (float)core.BusyPercent;
            }
        }

        _end++;
        int count = Math.Min(_end, Ticks);
        return new CorePast(_busy.ToImmutableDictionary(core => core.Key, core => core.Value.AsMemory(_end - count, count)));
    }

    private void StartNewArrays()
    {
        const int Keep = Ticks - 1;
        foreach (int core in _busy.Keys.ToList())
        {
            float[] fresh = NoValues();
            Array.Copy(_busy[core], _end - Keep, fresh, 0, Keep);
            _busy[core] = fresh;
        }

        _end = Keep;
    }

    private static float[] NoValues()
    {
        float[] values = new float[Ticks * 2];
        Array.Fill(values, float.NaN);
        return values;
    }
}

/// <summary>Per cent that each core was busy, a tick each, oldest first; NaN where that is not known. About a minute at most.</summary>
public sealed class CorePast
{
    private readonly ImmutableDictionary<int, Memory<float>> _busy;

    internal CorePast(ImmutableDictionary<int, Memory<float>> busy) => _busy = busy;

    public static CorePast Empty { get; } = new(ImmutableDictionary<int, Memory<float>>.Empty);

    public double[] Of(int core)
    {
        ReadOnlySpan<float> values = _busy.TryGetValue(core, out Memory<float> kept) ? kept.Span : [];
        double[] busy = new double[values.Length];
        for (int i = 0; i < values.Length; i++) busy[i] = values[i];
        return busy;
    }
}
