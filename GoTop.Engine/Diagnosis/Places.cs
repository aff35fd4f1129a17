using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Diagnosis;

/// <summary>Names places in the target's source for findings.</summary>
internal static class Places
{
    /// <summary><c>main.(*shop).serve (shop.go:42)</c>.</summary>
    public static string Of(CodeLocation place)
    {
        if (place.Function.Length == 0) return "an unknown place";
        if (place.File.Length == 0) return place.Function;
        // The target's paths have its own system's separators, whichever that is.
        string file = place.File[(place.File.LastIndexOfAny(['/', '\\']) + 1)..];
        return string.Create(CultureInfo.InvariantCulture, $"{place.Function} ({file}:{place.Line})");
    }

    /// <summary>The innermost frame that is neither the runtime's nor its lock packages'.</summary>
    public static string OfFirstOwnFrame(ImmutableArray<CodeLocation> stack)
    {
        foreach (CodeLocation frame in stack)
        {
            if (!frame.Function.StartsWith("runtime.", StringComparison.Ordinal)
                && !frame.Function.StartsWith("sync.", StringComparison.Ordinal)
                && !frame.Function.StartsWith("internal/", StringComparison.Ordinal))
                return Of(frame);
        }

        return "an unknown place";
    }
}
