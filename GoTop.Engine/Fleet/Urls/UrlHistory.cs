using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet.Urls;

/// <summary>The newest readings of one target: a ring, since no engine keeps them for us. Floats, as there are hundreds of targets.</summary>
internal sealed class UrlHistory
{
    /// <summary>Twenty minutes at a reading every 10 s.</summary>
    private const int Kept = 120;

    private readonly Lock _gate = new();
    private float[]? _values;
    private int _end, _count;

    public void Add(ImmutableArray<Reading<double>> figures)
    {
        lock (_gate)
        {
            _values ??= new float[Kept * figures.Length];
            for (int i = 0; i < figures.Length; i++) _values[(_end * figures.Length) + i] = figures[i].State == ReadingState.Present ? (float)figures[i].Value : float.NaN;
            _end = (_end + 1) % Kept;
            _count = Math.Min(Kept, _count + 1);
        }
    }

    public FleetHistory ToHistory(string id, DateTimeOffset now, TimeSpan interval)
    {
        lock (_gate)
        {
            int figures = FleetFigureCatalog.All.Length;
            ImmutableArray<ImmutableArray<double>>.Builder runs = ImmutableArray.CreateBuilder<ImmutableArray<double>>(figures);
            for (int figure = 0; figure < figures; figure++)
            {
                double[] run = new double[_count];
                bool any = false;
                for (int i = 0; i < _count; i++)
                {
                    run[i] = _values![((_end - _count + i + Kept) % Kept * figures) + figure];
                    any |= !double.IsNaN(run[i]);
                }

                runs.Add(any ? ImmutableCollectionsMarshal.AsImmutableArray(run) : []);
            }

            return new FleetHistory(id, now - (_count * interval), interval, runs.MoveToImmutable());
        }
    }
}
