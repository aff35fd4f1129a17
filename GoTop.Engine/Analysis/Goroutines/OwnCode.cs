using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>Where in the program's own code a goroutine stands, past what Go's runtime and library do for it.</summary>
public static class OwnCode
{
    /// <summary>The runtime, and what one waits in: a frame of these says how a goroutine waits and not where.</summary>
    public static bool IsPlumbing(string function) =>
        function.StartsWith("runtime.", StringComparison.Ordinal)
        || function.StartsWith("sync.", StringComparison.Ordinal)
        || function.StartsWith("time.", StringComparison.Ordinal)
        || function.StartsWith("internal/", StringComparison.Ordinal);

    /// <summary>The innermost frame that is more than plumbing; where there is none, the start function.</summary>
    public static CodeLocation Of(GoroutineTable table, in GoroutineRow row)
    {
        if (row.Stack >= 0)
        {
            foreach (int frame in table.Stacks[row.Stack])
            {
                if (!IsPlumbing(table.Locations[frame].Function)) return table.Locations[frame];
            }
        }

        return row.StartFunction >= 0 ? table.Locations[row.StartFunction] : new CodeLocation("", "", 0);
    }
}
