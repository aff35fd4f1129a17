namespace GoTop.Bench.Alerts;

internal static class RandomNormal
{
    /// <summary>Normally distributed around zero, by Box and Muller.</summary>
    public static double Normal(this Random random, double spread = 1) =>
        spread * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
