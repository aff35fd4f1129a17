using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using GoTop.Engine.Analysis.Profiles;

namespace GoTop.Engine.Export.Profiles;

/// <summary>A tree with what its values are: one profile of a speedscope file.</summary>
/// <param name="Unit">As the profile tells it: <c>nanoseconds</c>, <c>bytes</c>, <c>count</c>.</param>
public sealed record NamedTree(string Name, string Unit, CallTree Tree);

/// <summary>
/// The file format of speedscope.app (https://www.speedscope.app/file-format-schema.json): one sampled profile per tree, with frames in
/// common. It knows no values below 0: those of profiles that are differences are left out, and the profile's name says so.
/// </summary>
public static class Speedscope
{
    private const string Schema = "https://www.speedscope.app/file-format-schema.json";

    /// <param name="active">Place of the tree that is shown first.</param>
    public static void Write(TextWriter output, string name, ImmutableArray<NamedTree> trees, int active = 0)
    {
        ArgumentNullException.ThrowIfNull(output);
        SharedFrames frames = new(trees);
        output.Write("{\"$schema\":");
        Text(output, Schema);
        output.Write(",\"exporter\":\"gotop\",\"name\":");
        Text(output, name);
        output.Write(string.Create(CultureInfo.InvariantCulture, $",\"activeProfileIndex\":{Math.Clamp(active, 0, Math.Max(0, trees.Length - 1))},\"shared\":{{\"frames\":["));
        frames.Write(output);
        output.Write("]},\"profiles\":[");
        for (int i = 0; i < trees.Length; i++)
        {
            if (i > 0) output.Write(',');
            Profile(output, trees[i], frames.NumbersOf(trees[i].Tree.Frames));
        }

        output.Write("]}\n");
    }

    private static void Profile(TextWriter output, NamedTree named, int[] numbers)
    {
        CallTree tree = named.Tree;
        (string unit, double factor) = Unit(named.Unit);
        List<int> samples = [];
        bool leftOut = false;
        double end = 0;
        for (int node = 1; node < tree.Count; node++)
        {
            leftOut |= tree.FlatOf(node) < 0;
            if (tree.FlatOf(node) <= 0) continue;
            samples.Add(node);
            end += tree.FlatOf(node) * factor;
        }

        output.Write("{\"type\":\"sampled\",\"name\":");
        Text(output, leftOut ? named.Name + " (without values below 0)" : named.Name);
        output.Write(string.Create(CultureInfo.InvariantCulture, $",\"unit\":\"{unit}\",\"startValue\":0,\"endValue\":{end:R},\"samples\":["));
        for (int i = 0; i < samples.Count; i++)
        {
            output.Write(i == 0 ? "[" : ",[");
            bool first = true;
            foreach (int part in tree.PathTo(samples[i]))
            {
                if (!first) output.Write(',');
                first = false;
                output.Write(numbers[tree.FrameOf(part)].ToString(CultureInfo.InvariantCulture));
            }

            output.Write(']');
        }

        output.Write("],\"weights\":[");
        for (int i = 0; i < samples.Count; i++)
        {
            if (i > 0) output.Write(',');
            output.Write((tree.FlatOf(samples[i]) * factor).ToString("R", CultureInfo.InvariantCulture));
        }

        output.Write("]}");
    }

    private static (string Unit, double Factor) Unit(string unit)
    {
        (ProfileUnitKind kind, double factor) = ProfileUnits.Of(unit);
        return kind switch
        {
            ProfileUnitKind.Bytes => ("bytes", factor),
            ProfileUnitKind.Time => ("nanoseconds", factor),
            _ => ("none", 1),
        };
    }

    private static void Text(TextWriter output, string text)
    {
        output.Write('"');
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(output, text);
        output.Write('"');
    }

    /// <summary>The frames of all trees, those of trees that have their table in common once.</summary>
    private sealed class SharedFrames
    {
        private readonly Dictionary<IFrameNames, int[]> _numbers = new(ReferenceEqualityComparer.Instance);
        private readonly List<(IFrameNames Table, int Frame)> _frames = [];

        public SharedFrames(ImmutableArray<NamedTree> trees)
        {
            foreach (NamedTree named in trees)
            {
                CallTree tree = named.Tree;
                if (!_numbers.TryGetValue(tree.Frames, out int[]? numbers))
                {
                    numbers = new int[tree.Frames.Count];
                    Array.Fill(numbers, -1);
                    _numbers.Add(tree.Frames, numbers);
                }

                for (int node = 1; node < tree.Count; node++)
                {
                    ref int number = ref numbers[tree.FrameOf(node)];
                    if (number >= 0) continue;
                    number = _frames.Count;
                    _frames.Add((tree.Frames, tree.FrameOf(node)));
                }
            }
        }

        public int[] NumbersOf(IFrameNames table) => _numbers[table];

        public void Write(TextWriter output)
        {
            for (int i = 0; i < _frames.Count; i++)
            {
                (IFrameNames table, int frame) = _frames[i];
                output.Write(i == 0 ? "{\"name\":" : ",{\"name\":");
                Text(output, table.NameOf(frame));
                if (table.FileOf(frame) is { Length: > 0 } file)
                {
                    output.Write(",\"file\":");
                    Text(output, file);
                }

                if (table.LineOf(frame) > 0) output.Write(string.Create(CultureInfo.InvariantCulture, $",\"line\":{table.LineOf(frame)}"));
                output.Write('}');
            }
        }
    }
}
