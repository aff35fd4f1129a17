using GoTop.Engine.Model;
using GoTop.Engine.Sources.Pprof;
using Xunit;

namespace GoTop.Tests.Sources.Pprof;

public sealed class PprofUrlTests
{
    [Theory]
    [InlineData("localhost:6060", "http://localhost:6060/debug/pprof/")]
    [InlineData(" 10.0.0.7:80 ", "http://10.0.0.7/debug/pprof/")]
    [InlineData("http://host:6060", "http://host:6060/debug/pprof/")]
    [InlineData("http://host:6060/", "http://host:6060/debug/pprof/")]
    [InlineData("http://host:6060/debug/pprof", "http://host:6060/debug/pprof/")]
    [InlineData("http://host:6060/debug/pprof/", "http://host:6060/debug/pprof/")]
    [InlineData("http://host:6060/debug/pprof/goroutine?debug=2#top", "http://host:6060/debug/pprof/")]
    [InlineData("https://host/team/service", "https://host/team/service/debug/pprof/")]
    [InlineData("https://host:8443/team/debug/pprof/heap", "https://host:8443/team/debug/pprof/")]
    [InlineData("http://[::1]:6060", "http://[::1]:6060/debug/pprof/")]
    public void What_people_type_becomes_the_base_of_the_pages(string typed, string expected) =>
        Assert.Equal(expected, PprofUrl.Normalise(typed).Value.AbsoluteUri);

    [Theory]
    [InlineData("ftp://host", "must begin with http")]
    [InlineData("http://", "not an address")]
    [InlineData("", "not an address")]
    [InlineData("http://ann:hunter2@host:6060", "user and password")]
    public void Anything_else_is_refused_without_repeating_credentials(string typed, string reason)
    {
        Reading<Uri> read = PprofUrl.Normalise(typed);
        Assert.Contains(reason, read.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", read.Reason, StringComparison.Ordinal);
    }
}
