using System.Text;
using GoTop.Engine.Alerts;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Export.Prometheus;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Export.Prometheus;

public sealed class PrometheusTextTests
{
    private static readonly ExportView Leaking = ExportViews.Of(
        ExportViews.Shop(Observations.Leak, ("team", "checkout"), ("stage", "production")) with
        {
            Watchdog = new WatchdogStanding("shop", WatchdogPhase.GivenUp, Observations.Start, "why", "next"),
            Alerts = [Status(0, AlertPhase.Firing), Status(1, AlertPhase.Pending)],
        },
        new ExportedTarget("mail", ExportViews.Shop(null).Labels, null));

    [Fact]
    public void A_page_is_as_pinned() => GoldenScreens.AssertSame("export-leak.prom", Page(Leaking, PrometheusFormat.Text));

    [Fact]
    public void A_page_of_OpenMetrics_is_as_pinned() => GoldenScreens.AssertSame("export-leak.openmetrics", Page(Leaking, PrometheusFormat.OpenMetrics));

    [Fact]
    public void A_target_that_is_gone_leaves_nothing_but_that_it_is_down()
    {
        string[] page = Page(ExportViews.Of(ExportViews.Shop(null)), PrometheusFormat.Text).Split('\n');
        Assert.Equal(
            ["gotop_target_up{service_name=\"shop\"} 0", "gotop_agent_info{version=\"0.1.0\",host_name=\"web1\",os_type=\"linux\"} 1"],
            page.Where(line => line.Length > 0 && line[0] != '#'));
    }

    [Fact]
    public void Labels_are_escaped_and_take_nobody_elses_name()
    {
        string page = Page(ExportViews.Of(new ExportedTarget("a\"b\\c\nd", ExportViews.Shop(null, ("job", "x"), ("a.b", "1"), ("a-b", "2"), ("7", "y"), ("__name__", "z"), ("rule", "r")).Labels, null)), PrometheusFormat.Text);
        Assert.Contains(
            """gotop_target_up{service_name="a\"b\\c\nd",_7="y",label_name__="z",a_b="2",a_b_="1",label_job="x",label_rule="r"} 0""", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, PrometheusFormat.Text)]
    [InlineData("*/*", PrometheusFormat.Text)]
    [InlineData("text/plain", PrometheusFormat.Text)]
    [InlineData("application/openmetrics-text", PrometheusFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1", PrometheusFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.1,text/plain;version=0.0.4;q=0.3", PrometheusFormat.Text)]
    [InlineData("application/openmetrics-text;version=2.0.0,text/plain;version=0.0.4;q=0.3", PrometheusFormat.Text)]
    [InlineData("application/openmetrics-text;q=0", PrometheusFormat.Text)]
    public void The_client_chooses_the_format(string? accept, PrometheusFormat format) => Assert.Equal(format, PrometheusText.Choose(accept));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.5e-7, "1.5E-07")]
    [InlineData(1e21, "1E+21")]
    [InlineData(123456789012, "123456789012")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NaN, "NaN")]
    public void Numbers_are_as_Go_reads_them(double value, string text) => Assert.Equal(text, PrometheusText.Number(value));

    private static string Page(ExportView view, PrometheusFormat format) => Encoding.UTF8.GetString(PrometheusText.Write(view, format));

    private static RuleStatus Status(int rule, AlertPhase phase) => new()
    {
        Rule = DefaultRules.All[rule],
        Target = "shop",
        Phase = phase,
        Since = Observations.Start,
        At = Observations.Start,
        Why = "why",
    };
}
