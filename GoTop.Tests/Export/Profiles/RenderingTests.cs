using System.Text.Json;
using System.Xml.Linq;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Export.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Export.Profiles;

public sealed class RenderingTests
{
    private const string Hostile = "evil\u001b]0;title\u0007<script>&\"';]]>\ufffe;name";
    private static readonly ProfileValueType Cpu = new("cpu", "nanoseconds");
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Collapsed_stacks_are_lines_of_frames_and_a_value()
    {
        CallTree tree = new AnalysedProfile(Stacks.Profile(Cpu, "main;f;g 3", "main;f 2", "main;h 9", "a 1", "n -4", "z 0")).Tree(0);
        Assert.Equal("main;h 9\nmain;f 2\nmain;f;g 3\nn -4\na 1\n", Collapsed(tree));
    }

    [Fact]
    public void A_name_cannot_break_a_line_or_a_stack()
    {
        CallTree tree = Tree((["x\ny 7;b", "c"], 3));
        Assert.Equal("c;x y 7:b 3\n", Collapsed(tree));
    }

    [Fact]
    public void Collapsed_stacks_of_a_real_profile_hold_all_its_values()
    {
        AnalysedProfile profile = new(ProfileFixtures.Parse(ProfileFixtures.Bytes("profile3s")));
        string[] lines = Collapsed(profile.Tree(0)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(132, lines.Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(lines, line => Assert.DoesNotContain(";;", line, StringComparison.Ordinal));
        Assert.Equal(lines.Length, lines.Distinct().Count());
    }

    [Fact]
    public void Speedscope_files_follow_their_schema()
    {
        AnalysedProfile profile = new(ProfileFixtures.Parse(ProfileFixtures.Bytes("profile3s")));
        using JsonDocument file = JsonDocument.Parse(Speedscoped("profile3s <&>\u0007", [.. profile.SampleTypes.Select((type, i) => new NamedTree(type.Type, type.Unit, profile.Tree(i)))]));
        JsonElement root = file.RootElement;
        Assert.Equal("https://www.speedscope.app/file-format-schema.json", root.GetProperty("$schema").GetString());
        JsonElement[] frames = [.. root.GetProperty("shared").GetProperty("frames").EnumerateArray()];
        Assert.Contains(frames, frame => frame.GetProperty("name").GetString() == "main.(*service).account" && frame.GetProperty("file").GetString()!.EndsWith(".go", StringComparison.Ordinal));
        Assert.Equal(frames.Length, frames.Select(frame => frame.GetRawText()).Distinct().Count());
        JsonElement[] profiles = [.. root.GetProperty("profiles").EnumerateArray()];
        Assert.Equal(["samples none 132", "cpu nanoseconds 1320000000"], profiles.Select(each => $"{each.GetProperty("name").GetString()} {each.GetProperty("unit").GetString()} {each.GetProperty("endValue").GetDouble()}"));
        foreach (JsonElement each in profiles)
        {
            Assert.Equal("sampled", each.GetProperty("type").GetString());
            Assert.Equal(0, each.GetProperty("startValue").GetDouble());
            JsonElement[] samples = [.. each.GetProperty("samples").EnumerateArray()];
            double[] weights = [.. each.GetProperty("weights").EnumerateArray().Select(weight => weight.GetDouble())];
            Assert.Equal(samples.Length, weights.Length);
            Assert.Equal(each.GetProperty("endValue").GetDouble(), weights.Sum());
            Assert.All(samples, sample => Assert.All(sample.EnumerateArray(), frame => Assert.InRange(frame.GetInt32(), 0, frames.Length - 1)));
            Assert.Contains(samples, sample => Name(frames, sample.EnumerateArray().First()) is "runtime.goexit" or "main.(*service).worker");
        }

        static string Name(JsonElement[] frames, JsonElement frame) => frames[frame.GetInt32()].GetProperty("name").GetString()!;
    }

    [Fact]
    public void Speedscope_says_what_it_cannot_show()
    {
        using JsonDocument file = JsonDocument.Parse(Speedscoped("difference", [new NamedTree("goroutine", "count", new AnalysedProfile(Stacks.Profile(Cpu, "a 3", "b -2")).Tree(0))]));
        JsonElement profile = Assert.Single(file.RootElement.GetProperty("profiles").EnumerateArray());
        Assert.Equal("goroutine (without values below 0)", profile.GetProperty("name").GetString());
        Assert.Equal(3, profile.GetProperty("endValue").GetDouble());
    }

    [Fact]
    public void A_flame_graph_is_one_sound_svg_file()
    {
        AnalysedProfile profile = new(ProfileFixtures.Parse(ProfileFixtures.Bytes("profile3s")));
        XElement svg = Flames("profile3s", new NamedTree("cpu", "nanoseconds", profile.Tree(1)));
        string[] titles = [.. svg.Descendants(Svg + "g").Select(frame => frame.Element(Svg + "title")!.Value)];
        Assert.StartsWith("all: 1.32 s (100.0%", titles[0], StringComparison.Ordinal);
        CallTree tree = profile.Tree(1);
        int leaf = Enumerable.Range(1, tree.Count - 1).Where(node => tree.NameOf(node) == "hash/crc32.ieeeCLMUL").MaxBy(tree.TotalOf);
        Assert.Contains(titles, title => title.StartsWith($"hash/crc32.ieeeCLMUL: {ProfileUnits.Words(tree.TotalOf(leaf), "nanoseconds")} (", StringComparison.Ordinal) && title.EndsWith(" of its own)", StringComparison.Ordinal));
        Assert.InRange(titles.Length, tree.Count - 20, tree.Count);
        // Each frame lies within the one below it.
        double[] widths = [.. svg.Descendants(Svg + "g").Select(frame => (double)frame.Element(Svg + "rect")!.Attribute("width")!)];
        Assert.All(widths, width => Assert.InRange(width, 0.1, widths[0]));
        Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName == "href" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName is "script" or "image" or "foreignObject");
    }

    [Fact]
    public void Widths_are_in_proportion_whatever_the_signs()
    {
        XElement svg = Flames("signs", new NamedTree("goroutine", "count", new AnalysedProfile(Stacks.Profile(Cpu, "main;a 30", "main;b -10")).Tree(0)));
        Dictionary<string, double> widths = svg.Descendants(Svg + "g").ToDictionary(
            frame => frame.Element(Svg + "title")!.Value.Split(':')[0], frame => (double)frame.Element(Svg + "rect")!.Attribute("width")! + 0.4);
        Assert.Equal(1180, widths["main"], 1.0);
        Assert.Equal(885, widths["a"], 1.0);
        Assert.Equal(295, widths["b"], 1.0);
    }

    [Fact]
    public void Hostile_names_stay_text_in_every_rendering()
    {
        CallTree tree = Tree(([Hostile, "main"], 5));
        XElement svg = Flames(Hostile, new NamedTree(Hostile, Hostile, tree));
        Assert.Contains(svg.Descendants(Svg + "title"), title => title.Value.Contains("<script>&\"'", StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', svg.ToString());
        Assert.DoesNotContain('\u001b', Collapsed(tree));
        Assert.Equal(2, Collapsed(tree).TrimEnd('\n').Split(';').Length);
        using JsonDocument file = JsonDocument.Parse(Speedscoped(Hostile, [new NamedTree(Hostile, "count", tree)]));
        Assert.Equal(2, file.RootElement.GetProperty("shared").GetProperty("frames").GetArrayLength());
    }

    [Fact]
    public void A_stack_of_any_depth_is_drawn()
    {
        NamedFrames frames = new();
        CallTreeBuilder builder = new(frames);
        builder.Add([.. Enumerable.Range(0, 100_000).Select(i => frames.Add($"f{i % 1000}"))], 1);
        CallTree tree = builder.Build();
        Assert.Equal(401, Flames("deep", new NamedTree("n", "count", tree)).Descendants(Svg + "g").Count());
        Assert.Equal(100_000, Collapsed(tree).Split(';').Length);
    }

    [Fact]
    public void A_tree_that_compares_is_coloured_by_its_changes()
    {
        ProfileDifference difference = ProfileDifference.Between(new AnalysedProfile(Stacks.Profile(Cpu, "a 10", "b 10", "c 10")), new AnalysedProfile(Stacks.Profile(Cpu, "a 90", "b 10", "new 5")))!;
        XElement svg = Flames("diff", new NamedTree("cpu", "nanoseconds", difference.Tree(0)));
        Dictionary<string, string> colours = svg.Descendants(Svg + "g").ToDictionary(
            frame => frame.Element(Svg + "title")!.Value.Split(':')[0], frame => frame.Element(Svg + "rect")!.Attribute("fill")!.Value);
        Assert.StartsWith("rgb(240,", colours["a"], StringComparison.Ordinal);
        Assert.Equal("rgb(235,235,235)", colours["b"]);
        Assert.Equal("rgb(95,95,240)", colours["c"]);
        Assert.Equal("rgb(240,95,95)", colours["new"]);
        Assert.Contains(svg.Descendants(Svg + "title"), title => title.Value == "a: 10 ns → 90 ns");
    }

    [Fact]
    public void An_empty_tree_is_drawn_as_nothing()
    {
        CallTree tree = new AnalysedProfile(Stacks.Profile(Cpu)).Tree(0);
        Assert.Single(Flames("empty", new NamedTree("cpu", "nanoseconds", tree)).Descendants(Svg + "g"));
        Assert.Equal("", Collapsed(tree));
        using JsonDocument file = JsonDocument.Parse(Speedscoped("empty", [new NamedTree("cpu", "nanoseconds", tree)]));
    }

    private static CallTree Tree(params (string[] Stack, long Value)[] stacks)
    {
        NamedFrames frames = new();
        CallTreeBuilder builder = new(frames);
        foreach ((string[] stack, long value) in stacks) builder.Add([.. stack.Select(name => frames.Add(name))], value);
        return builder.Build();
    }

    private static string Collapsed(CallTree tree)
    {
        using StringWriter text = new() { NewLine = "\n" };
        CollapsedStacks.Write(text, tree);
        return text.ToString();
    }

    private static string Speedscoped(string name, NamedTree[] trees)
    {
        using StringWriter text = new() { NewLine = "\n" };
        Speedscope.Write(text, name, [.. trees]);
        return text.ToString();
    }

    private static XElement Flames(string title, NamedTree tree)
    {
        using StringWriter text = new() { NewLine = "\n" };
        FlameGraphSvg.Write(text, title, tree);
        return XElement.Parse(text.ToString());
    }
}
