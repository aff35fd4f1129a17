using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>What is told of a frame beside its totals.</summary>
/// <param name="FileFunction">Which of the functions that make up the frame has the line; −1 for none.</param>
internal readonly record struct LineSummary(int FileFunction, long Line, Inlining Inlining);

/// <summary>
/// Follows which lines of functions the values pass through. By location, which is cheap, and then by line, of which there are few:
/// a line that a recursive function passes twice counts twice, so these values only say which line stands out.
/// </summary>
internal sealed class LineTotals(Profile profile)
{
    private readonly long[] _flat = new long[profile.Locations.Length];
    private readonly Passing[] _passing = new Passing[profile.Locations.Length];

    /// <param name="stack">Locations, innermost first.</param>
    public void Add(ReadOnlySpan<int> stack, long weight)
    {
        if (stack.IsEmpty) return;
        _flat[stack[0]] += weight;
        Passing[] passing = _passing;
        foreach (int location in stack)
        {
            ref Passing own = ref passing[location];
            own.Value += weight;
            own.IsMet = true;
        }
    }

    /// <summary>One for each frame of the table.</summary>
    public LineSummary[] Summarise(FrameTable frames)
    {
        Dictionary<(int Frame, int Function, long Line), (long Flat, long Passing)> lines = [];
        LineSummary[] summaries = new LineSummary[frames.Count];
        Array.Fill(summaries, new LineSummary(-1, 0, Inlining.None));
        for (int location = 0; location < _passing.Length; location++)
        {
            if (!_passing[location].IsMet) continue;
            ReadOnlySpan<int> own = frames.Of(location);
            for (int i = 0; i < own.Length; i++)
            {
                ref LineSummary summary = ref summaries[own[i]];
                summary = summary with { Inlining = summary.Inlining | (i == own.Length - 1 ? Inlining.Called : Inlining.Inlined) };
            }

            ReadOnlySpan<ProfileLine> rows = profile.LinesOf(location);
            for (int i = 0; i < rows.Length; i++)
            {
                (int, int, long) key = (own[i], rows[i].Function, rows[i].Line);
                (long flat, long passing) = lines.GetValueOrDefault(key);
                lines[key] = (flat + (i == 0 ? _flat[location] : 0), passing + _passing[location].Value);
            }
        }

        Dictionary<int, (ulong Flat, ulong Passing)> best = [];
        foreach (((int frame, int function, long line), (long flat, long passing)) in lines)
        {
            (ulong Flat, ulong Passing) own = (ProfileTotals.Magnitude(flat), ProfileTotals.Magnitude(passing));
            // Ties go to the earlier line, so that the same profile always gives the same.
            if (best.TryGetValue(frame, out (ulong Flat, ulong Passing) known) && (own.CompareTo(known) < 0 || (own == known && line >= summaries[frame].Line))) continue;
            best[frame] = own;
            summaries[frame] = summaries[frame] with { FileFunction = function, Line = line };
        }

        return summaries;
    }

    /// <summary>Together, since they are changed together.</summary>
    private struct Passing
    {
        public long Value;
        public bool IsMet;
    }
}
