using System.Text.RegularExpressions;
using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>
/// Frames that a profile itself says are not to be shown: those that match its <see cref="Profile.DropFrames"/>, with all they call (the
/// allocator below <c>malloc</c>, say). As google/pprof's Profile.RemoveUninteresting.
/// </summary>
internal sealed class DroppedFrames
{
    private const int MaximumPatternLength = 4096;

    private readonly Profile _profile;
    // How many of a location's lines, innermost first, are left out.
    private readonly int[] _droppedLines;
    private readonly bool[] _matches;

    private DroppedFrames(Profile profile, Regex drop, Regex? keep)
    {
        _profile = profile;
        _droppedLines = new int[profile.Locations.Length];
        _matches = new bool[profile.Locations.Length];
        bool?[] dropped = new bool?[profile.Functions.Length];
        for (int location = 0; location < _droppedLines.Length; location++)
        {
            ReadOnlySpan<ProfileLine> lines = profile.LinesOf(location);
            for (int i = lines.Length - 1; i >= 0; i--)
            {
                int function = lines[i].Function;
                ref readonly ProfileFunction row = ref profile.Functions[function];
                string name = ShownNames.Of(profile.Strings[row.Name], profile.Strings[row.SystemName]);
                if (name.Length == 0 || !(dropped[function] ??= IsDropped(name, drop, keep))) continue;
                _matches[location] = true;
                _droppedLines[location] = i + 1;
                break;
            }
        }
    }

    /// <summary>Null when the profile drops nothing, or its pattern cannot be understood.</summary>
    public static DroppedFrames? Of(Profile profile)
    {
        if (profile.DropFrames.Length == 0 || Pattern(profile.DropFrames) is not { } drop) return null;
        try
        {
            return new DroppedFrames(profile, drop, profile.KeepFrames.Length == 0 ? null : Pattern(profile.KeepFrames));
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <summary>The lines of the location that are left out wherever it is met; all of them only where <see cref="Visible"/> cuts it off.</summary>
    public int LinesLeftOut(int location)
    {
        int dropped = _droppedLines[location];
        return dropped == _profile.Locations[location].LineCount ? 0 : dropped;
    }

    /// <summary>The part of a stack that is shown.</summary>
    public ReadOnlySpan<int> Visible(ReadOnlySpan<int> stack)
    {
        // What is dropped before the first frame that is not would leave nothing.
        bool foundOther = false;
        for (int i = stack.Length - 1; i >= 0; i--)
        {
            int location = stack[i];
            if (!_matches[location]) foundOther = true;
            else if (foundOther) return _droppedLines[location] == _profile.Locations[location].LineCount ? stack[(i + 1)..] : stack[i..];
        }

        return stack;
    }

    private static bool IsDropped(string function, Regex drop, Regex? keep)
    {
        string simple = Simple(function);
        return drop.IsMatch(simple) && keep?.IsMatch(simple) != true;
    }

    /// <summary>Without the arguments of a C++ function.</summary>
    private static string Simple(string function)
    {
        const string Anonymous = "(anonymous namespace)";
        const string Call = "operator()";
        string name = function.StartsWith('.') ? function[1..] : function;
        for (int at = 0; at < name.Length; at++)
        {
            ReadOnlySpan<char> rest = name.AsSpan(at);
            if (rest.StartsWith(Anonymous, StringComparison.Ordinal)) at += Anonymous.Length - 1;
            else if (rest.StartsWith(Call, StringComparison.Ordinal)) at += Call.Length - 1;
            else if (rest[0] == '(') return name[..at];
        }

        return name;
    }

    private static Regex? Pattern(string text)
    {
        if (text.Length > MaximumPatternLength) return null;
        try
        {
            // Without backtracking it takes time in proportion to the names, like Go's.
            return new Regex($"^(?:{text})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
