using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Pprof;

public sealed partial class PprofIndexParserTests
{
    public static TheoryData<string> Folders { get; } = new(PprofCapture.Folders);

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_profile_of_a_real_page_is_counted(string folder)
    {
        byte[] page = PprofCapture.Read(folder, "index.html");
        ImmutableSortedDictionary<string, long> profiles = PprofIndexParser.Parse(page).Value;
        Dictionary<string, long> expected = RowPattern().Matches(Encoding.UTF8.GetString(page))
            .Where(row => row.Groups["name"].Value is not ("cmdline" or "profile" or "symbol" or "trace"))
            .ToDictionary(row => row.Groups["name"].Value, row => long.Parse(row.Groups["count"].Value, CultureInfo.InvariantCulture));
        Assert.Equal(expected.OrderBy(p => p.Key, StringComparer.Ordinal), profiles);
        Assert.Equal(folder.StartsWith("go1.27", StringComparison.Ordinal), profiles.ContainsKey("goroutineleak"));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_goroutine_count_is_what_the_service_itself_knew(string folder)
    {
        (long before, long after) = PprofCapture.GoroutinesAroundIndex(folder);
        long count = PprofIndexParser.Parse(PprofCapture.Read(folder, "index.html")).Value["goroutine"];
        // It leaks 10 a second and asking for the truth takes goroutines of its own.
        Assert.InRange(count, Math.Min(before, after) - 4, Math.Max(before, after) + 4);
    }

    [Fact]
    public void A_profile_of_the_service_may_have_any_name()
    {
        byte[] page = """<table><tr><td>3</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr><tr><td>7</td><td><a href='a%2Fb?debug=1'>a/b &lt;open&gt; &amp; &#39;x&#39;</a></td></tr></table>"""u8.ToArray();
        Assert.Equal(7, PprofIndexParser.Parse(page).Value["a/b <open> & 'x'"]);
    }

    [Fact]
    public void A_name_with_control_characters_is_left_out()
    {
        byte[] page = "<table><tr><td>3</td><td><a href='x'>goroutine</a></td></tr><tr><td>7</td><td><a href='x'>\u001b[2J</a></td></tr><tr><td>7</td><td><a href='x'>&#27;[2J</a></td></tr></table>"u8.ToArray();
        Assert.Equal(["goroutine"], PprofIndexParser.Parse(page).Value.Keys);
    }

    [Theory]
    [InlineData("", "no table")]
    [InlineData("<html>Welcome to nginx</html>", "no table")]
    [InlineData("<table><tr><td>3</td><td><a href='x'>goroutine</a></td></tr>", "ends inside")]
    [InlineData("<table><tr><td>3</td><td><a href='x'>users</a></td></tr></table>", "no goroutine profile")]
    [InlineData("<table><tr><td>-3</td><td><a href='x'>goroutine</a></td></tr></table>", "no goroutine profile")]
    [InlineData("<table><tr><td>99999999999999999999</td><td><a href='x'>goroutine</a></td></tr></table>", "no goroutine profile")]
    public void Another_page_is_refused_with_the_reason(string page, string reason)
    {
        Reading<ImmutableSortedDictionary<string, long>> read = PprofIndexParser.Parse(Encoding.UTF8.GetBytes(page));
        Assert.Equal(ReadingState.Failed, read.State);
        Assert.Contains(reason, read.Reason, StringComparison.Ordinal);
    }

    [GeneratedRegex("<tr><td>(?<count>[0-9]+)</td><td><a href='[^']*'>(?<name>[^<]*)</a></td></tr>")]
    private static partial Regex RowPattern();
}
