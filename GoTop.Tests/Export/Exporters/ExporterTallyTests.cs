using GoTop.Engine.Export.Exporters;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Export.Exporters;

public sealed class ExporterTallyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ExporterTally _tally;

    public ExporterTallyTests() => _tally = new ExporterTally("push", "here", _time);

    [Fact]
    public void Two_problems_that_take_turns_are_worth_a_line_each()
    {
        Assert.Equal([true, true, false, false, false, false], Enumerable.Range(0, 6).Select(i => _tally.Failed(i % 2 == 0 ? "HTTP 503" : "connection refused")));
        _tally.Sent(1);
        Assert.True(_tally.Failed("HTTP 503"));
    }

    [Fact]
    public void What_goes_well_does_not_make_the_problem_of_another_matter_new()
    {
        Assert.True(_tally.Failed("the buffer is full", ExportMatter.Buffer));
        _tally.Sent(1);
        Assert.False(_tally.Failed("the buffer is full", ExportMatter.Buffer));
        _tally.Over(ExportMatter.Buffer);
        Assert.True(_tally.Failed("the buffer is full", ExportMatter.Buffer));
    }

    [Fact]
    public void Problems_that_are_always_others_do_not_fill_the_log() =>
        Assert.Equal(8, Enumerable.Range(0, 1000).Count(i => _tally.Failed(FormattableString.Invariant($"{i} things are wrong"))));

    [Fact]
    public void A_note_is_told_and_is_no_failure_and_does_not_hide_one()
    {
        Assert.True(_tally.Noted("a request was refused: HTTP 401"));
        Assert.False(_tally.Noted("a request was refused: HTTP 401"));
        Assert.Equal(("a request was refused: HTTP 401", false), (_tally.Standing(0).Problem, _tally.Standing(0).IsFailing));
        _tally.Failed("no page can be made");
        _tally.Noted("a request was refused: HTTP 403");
        Assert.Equal(("no page can be made", true), (_tally.Standing(0).Problem, _tally.Standing(0).IsFailing));
        _time.Advance(TimeSpan.FromSeconds(1));
        _tally.Sent(1);
        Assert.False(_tally.Standing(0).IsFailing);
        _tally.Noted("a request was refused: HTTP 403");
        Assert.Equal(("a request was refused: HTTP 403", false), (_tally.Standing(0).Problem, _tally.Standing(0).IsFailing));
    }
}
