using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.Tests.GoRuntime;

/// <summary>A goroutine as runtime.Stack printed it, with what is needed to compare: written by the program itself.</summary>
internal sealed record DumpedGoroutine(long Id, string State, bool Locked, List<CodeLocation> Frames, CodeLocation? CreatedBy, long Parent)
{
    public static List<DumpedGoroutine> Parse(string text)
    {
        List<DumpedGoroutine> all = [];
        foreach (string block in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] lines = block.Trim('\n').Split('\n');
            if (!lines[0].StartsWith("goroutine ", StringComparison.Ordinal)) continue;
            string[] header = lines[0].Split(' ', 3);
            string[] notes = header[2].TrimEnd(':')[1..^1].Split(", ");
            List<CodeLocation> frames = [];
            CodeLocation? createdBy = null;
            long parent = 0;
            for (int i = 1; i + 1 < lines.Length; i += 2)
            {
                string place = lines[i + 1].Trim().Split(" +")[0];
                int colon = place.LastIndexOf(':');
                string file = place[..colon];
                int line = int.Parse(place[(colon + 1)..], CultureInfo.InvariantCulture);
                if (lines[i].StartsWith("created by ", StringComparison.Ordinal))
                {
                    string[] creator = lines[i]["created by ".Length..].Split(" in goroutine ");
                    createdBy = new CodeLocation(creator[0], file, line);
                    if (creator.Length > 1) parent = long.Parse(creator[1], CultureInfo.InvariantCulture);
                }
                else
                {
                    frames.Add(new CodeLocation(lines[i][..lines[i].LastIndexOf('(')], file, line));
                }
            }

            all.Add(new DumpedGoroutine(long.Parse(header[1], CultureInfo.InvariantCulture), notes[0], notes.Contains("locked to thread"), frames, createdBy, parent));
        }

        return all;
    }
}
