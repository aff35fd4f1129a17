using System.Collections.Immutable;
using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet.PromQl;

/// <summary>Asks for the last hour of one target.</summary>
internal static class PromHistory
{
    private static readonly TimeSpan Length = TimeSpan.FromHours(1);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    /// <param name="one">Questions that only the target answers.</param>
    /// <exception cref="HttpException"></exception>
    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    public static async ValueTask<FleetHistory> ReadAsync(PromClient client, PromQueries one, string id, DateTimeOffset now, CancellationToken cancellation)
    {
        DateTimeOffset to = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 60 * 60), from = to - Length;
        FleetRaw[] steps = [.. Enumerable.Range(0, (int)(Length / Step) + 1).Select(_ => new FleetRaw())];
        await client.RangeAsync(one.Levels, from, to, Step, series => Each(series, PromFigures.TakeLevel), cancellation).ConfigureAwait(false);
        await client.RangeAsync(one.Rates, from, to, Step, series => Each(series, PromFigures.TakeRate), cancellation).ConfigureAwait(false);
        ImmutableArray<Reading<double>>[] figures = [.. steps.Select(step => step.ToFigures())];
        return new FleetHistory(id, from, Step, [.. FleetFigureCatalog.All.Select(info => Run(figures, (int)info.Figure))]);

        void Each(PromSeries series, Action<FleetRaw, PromSeries, double> take)
        {
            foreach ((double seconds, double value) in series.Values)
            {
                double step = (seconds - from.ToUnixTimeSeconds()) / Step.TotalSeconds;
                if (step >= 0 && step < steps.Length) take(steps[(int)step], series, value);
            }
        }
    }

    private static ImmutableArray<double> Run(ImmutableArray<Reading<double>>[] steps, int figure) =>
        steps.Any(step => step[figure].HasValue) ? [.. steps.Select(step => step[figure].TryGet(out double value) ? value : double.NaN)] : [];
}
