using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Bench.Engine;

/// <summary>What was read of a target whose goroutines are known, held against what is there.</summary>
/// <param name="Found">Parked goroutines whose stack reaches the function that parked them.</param>
/// <param name="Wrong">Rows that cannot be: an identifier twice, or more parked goroutines than there are.</param>
internal readonly record struct GoroutineCheck(int Rows, int Found, int Torn, int Wrong)
{
    public double TornPercent => 100.0 * Torn / (Rows + Torn);

    public static GoroutineCheck Of(GoroutineTable table, int parked)
    {
        bool[] reaches = [.. table.Stacks.Select(stack => Reaches(table, stack))];
        int found = table.Rows.Count(row => row.Stack >= 0 && reaches[row.Stack]);
        int twice = table.Rows.Length - table.Rows.Select(row => row.Id).Distinct().Count();
        return new GoroutineCheck(table.Rows.Length, found, table.Torn, twice + Math.Max(0, found - parked));
    }

    private static bool Reaches(GoroutineTable table, ImmutableArray<int> stack) =>
        stack.Any(frame => table.Locations[frame].Function == "main.descend") && stack.Any(frame => table.Locations[frame].Function.StartsWith("main.park", StringComparison.Ordinal));
}
