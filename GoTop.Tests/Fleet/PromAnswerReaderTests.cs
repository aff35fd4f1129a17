using System.Text;
using GoTop.Engine.Fleet.PromQl;
using GoTop.Engine.Http;
using Xunit;

namespace GoTop.Tests.Fleet;

public sealed class PromAnswerReaderTests
{
    private const string Vector = """
        {"status":"success","data":{"resultType":"vector","result":[
          {"metric":{"__name__":"go_goroutines","instance":"a:1","job":"shop","pod":"x"},"value":[1795664891.71,"5007"]},
          {"metric":{"__name__":"up","instance":"b\u003a2"},"value":[1795664891,"NaN"],"histogram":[1,{"count":"3","buckets":[[0,"1","2","3"]]}]},
          {"metric":{},"value":[1,"+Inf"]}]},"warnings":["some"],"infos":[]}
        """;

    private readonly List<string> _taken = [];

    [Fact]
    public void A_vector_gives_its_series_with_the_labels_that_are_read()
    {
        Assert.Equal(3, Read(Vector));
        Assert.Equal(["go_goroutines|a:1|shop|5007", "up|b:2||NaN", "|||Infinity"], _taken);
    }

    [Fact]
    public void A_matrix_gives_all_values_of_a_series()
    {
        List<(double, double)> values = [];
        new PromAnswerReader().Read(
            """{"data":{"result":[{"values":[[60,"1.5"],[120,"-2e3"]],"metric":{"job":"x"}}],"resultType":"matrix"},"status":"success"}"""u8, series => values.AddRange(series.Values));
        Assert.Equal([(60, 1.5), (120, -2000)], values);
    }

    [Theory]
    [InlineData("""{"status":"error","errorType":"execution","error":"query timed out\u001b[2J"}""", "the engine says: query timed out")]
    [InlineData("""{"status":"success","data":{"resultType":"vector"}}""", "the answer has no result")]
    [InlineData("""{"data":{"result":[]}}""", "the answer does not say that it is one")]
    [InlineData("""{"status":"success","data":{"result":{}}}""", "the answer is no sound JSON of a query")]
    [InlineData("""{"status":"success","data":{"result":[{"metric":{"job":7}}]}}""", "the answer is no sound JSON of a query")]
    [InlineData("""{"status":"success","data":{"result":[{"value":[1,"many"]}]}}""", "the answer is no sound JSON of a query")]
    [InlineData("[]", "the answer is no sound JSON of a query")]
    [InlineData("<html>", "the answer is no sound JSON of a query")]
    [InlineData("", "the answer is no sound JSON of a query")]
    public void What_is_no_answer_says_why(string json, string reason) =>
        Assert.Equal(reason, Assert.Throws<HttpException>(() => Read(json)).Message);

    [Fact]
    public void However_an_answer_is_cut_off_or_damaged_it_is_refused_or_read()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Vector);
        for (int length = 0; length < whole.Length - 1; length++) Assert.Throws<HttpException>(() => new PromAnswerReader().Read(whole.AsSpan(0, length), _ => { }));
        Random random = new(7);
        PromAnswerReader reader = new();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                reader.Read(damaged, _ => { });
            }
            catch (HttpException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    public void Depth_and_length_of_what_comes_are_bounded()
    {
        Assert.Throws<HttpException>(() => Read("{\"status\":\"success\",\"more\":" + new string('[', 100_000)));
        string label = new('x', 301);
        // Of labels that are not read nobody cares.
        Assert.Equal(1, Read($$$"""{"data":{"result":[{"metric":{"path":"{{{label}}}"}}]},"status":"success"}"""));
    }

    [Fact]
    public void A_label_that_is_too_long_costs_no_other_series_anything()
    {
        string label = new('x', 5000), fits = string.Concat(Enumerable.Repeat("\u00fc", 200));
        List<(string? Job, string? Version)> taken = [];
        PromAnswerReader reader = new();
        int count = reader.Read(
            Encoding.UTF8.GetBytes(
                $$$"""{"data":{"result":[{"metric":{"job":"{{{label}}}"},"value":[1,"1"]},{"metric":{"job":"b","version":"{{{label}}}"},"value":[1,"1"]},{"metric":{"job":"{{{fits}}}"}}]},"status":"success"}"""),
            series => taken.Add((series[PromLabel.Job], series[PromLabel.Version])));
        // By the beginning of its job nobody can tell one from another.
        Assert.Equal((2, 1), (count, reader.LeftOut));
        Assert.Equal([("b", string.Concat(new string('x', 299), "\u2026")), (fits, null)], taken);
        reader.Read("""{"data":{"result":[]},"status":"success"}"""u8, _ => { });
        Assert.Equal(0, reader.LeftOut);
    }

    [Fact]
    public void Labels_are_cleaned_and_kept_once()
    {
        string?[] jobs = new string?[2];
        int at = 0;
        new PromAnswerReader().Read(
            """{"data":{"result":[{"metric":{"job":"a\u001b[31m\nb"}},{"metric":{"job":"a\u001b[31m\nb"}}]},"status":"success"}"""u8, series => jobs[at++] = series[PromLabel.Job]);
        Assert.Equal("a b", jobs[0]);
        Assert.Same(jobs[0], jobs[1]);
    }

    private int Read(string json) => new PromAnswerReader().Read(Encoding.UTF8.GetBytes(json), series => _taken.Add(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{series[PromLabel.Name]}|{series[PromLabel.Instance]}|{series[PromLabel.Job]}|{series.Value}")));
}
