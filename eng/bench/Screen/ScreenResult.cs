using GoTop.Bench.Measure;

namespace GoTop.Bench.Screen;

/// <param name="Many">gotop listing <paramref name="ManyGoroutines"/>; empty when gotop was not measured.</param>
internal sealed record ScreenResult(IReadOnlyList<ScreenCase> Cases, IReadOnlyList<ScreenCase> Many, int Goroutines, int ManyGoroutines)
{
    /// <summary>gotop's figure, or NaN.</summary>
    public double Of(string program, int columns, double hertz, Func<ScreenCase, double> figure) =>
        Cases.FirstOrDefault(screen => screen.Is(program, columns, hertz)) is { } found ? figure(found) : double.NaN;

    public double Ratio(int columns, double hertz, Func<ScreenCase, double> figure) =>
        Of("gotop", columns, hertz, figure) / Of("btop", columns, hertz, figure);

    public static double FirstFrame(ScreenCase screen) => Statistics.Median(screen.Starts.Select(start => start.FirstFrameMilliseconds));

    public static double FirstByte(ScreenCase screen) => Statistics.Median(screen.Starts.Select(start => start.FirstByteMilliseconds));

    public static double Key(ScreenCase screen) => Statistics.Median(screen.Keys.Select(key => key.MedianMilliseconds));

    public static double WorstKey(ScreenCase screen) => screen.Keys.Count == 0 ? double.NaN : screen.Keys.Max(key => key.WorstMilliseconds);

    public static SteadyUse Steady(ScreenCase screen) => SteadyUse.Median(screen.Steady);
}
