using System.Globalization;
using System.Text.Json;
using GoTop.Cli;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Fleet;

/// <summary>Real Go services with Prometheus' own library, read by address and through real engines.</summary>
public sealed class FleetLiveTests
{
    private const int Services = 5, Odd = 3, Blocked = 4000;

    [Theory]
    [InlineData("prometheus")]
    [InlineData("victoria-metrics")]
    public async Task The_odd_one_of_five_services_comes_first_and_its_figure_is_named_by_address_and_by_promql(string engine)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the targets are built for Linux");
        PrometheusServer.Require(engine);
        string program = await GoToolchain.RequireWithLibrariesAsync("metrics", "1.27"), folder = Directory.CreateTempSubdirectory("gotop-fleet-").FullName;
        List<GoService> services = [];
        try
        {
            // Without the metrics of the scheduler, which on a busy machine would make any of them the one in most trouble.
            for (int i = 0; i < Services; i++) services.Add(await GoService.StartAsync(program, i == Odd ? ["-blocked", Blocked.ToString(CultureInfo.InvariantCulture)] : []));
            string config = Path.Combine(folder, "gotop.toml");
            await File.WriteAllTextAsync(
                config, string.Concat(services.Select((service, i) => $"[[target]]\nname = \"shop-{i}\"\nurl = \"http://{service.Address}\"\nlabels = {{ service = \"shop\" }}\n")),
                TestContext.Current.CancellationToken);
            string down = "127.0.0.1:1";
            await using PrometheusServer prometheus = await PrometheusServer.StartAsync(
                engine,
                $"- job_name: shop\n  static_configs: [{{targets: [{string.Join(", ", services.Select(service => $"\"{service.Address}\"").Append($"\"{down}\""))}]}}]");

            using JsonDocument byAddress = await FleetAsync(0, "--config", config);
            JsonElement figures = AssertOdd(byAddress, "shop-3").GetProperty("figures");
            Assert.True(figures.GetProperty("process.cpuPercent").ValueKind == JsonValueKind.Number);

            // Its own address is in no file, so all of this comes from the engine; rates are there after two scrapes.
            string empty = Path.Combine(folder, "empty.toml");
            await File.WriteAllTextAsync(empty, $"[[fleet.prometheus]]\nname = \"prom\"\nurl = \"{prometheus.Url}\"\nselector = 'job=\"shop\"'\nwindow = \"20s\"\n", TestContext.Current.CancellationToken);
            JsonDocument? through = null;
            await Until.TrueAsync(
                async () =>
                {
                    through?.Dispose();
                    through = await FleetAsync(null, "--config", empty);
                    JsonElement targets = through.RootElement.GetProperty("targets");
                    return targets.GetArrayLength() == Services && targets.EnumerateArray().All(target => target.GetProperty("figures").GetProperty("process.cpuPercent").ValueKind == JsonValueKind.Number);
                },
                what: "the engine tells five services with their CPU time");
            using (through)
            {
                JsonElement odd = AssertOdd(through!, services[Odd].Address!);
                // A target that never was a Go program is not of the fleet although it is down.
                Assert.DoesNotContain(through!.RootElement.GetProperty("targets").EnumerateArray(), target => target.GetProperty("name").GetString() == down);
                Assert.Equal("go1.27", odd.GetProperty("goVersion").GetString()![..6]);
            }

            // One that goes down while nobody looked is known by its past.
            string gone = services[0].Address!;
            await services[0].DisposeAsync();
            services.RemoveAt(0);
            await Until.TrueAsync(
                async () =>
                {
                    using JsonDocument now = await FleetAsync(null, "--config", empty);
                    JsonElement first = now.RootElement.GetProperty("targets")[0];
                    return first.GetProperty("name").GetString() == gone && first.GetProperty("state").GetString() == "down";
                },
                what: "the service that ended becomes the first");
        }
        finally
        {
            foreach (GoService service in services) await service.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The one of this name has the odd figure, and comes before all that have no more wrong with them than that.</summary>
    private static JsonElement AssertOdd(JsonDocument fleet, string name)
    {
        JsonElement[] targets = [.. fleet.RootElement.GetProperty("targets").EnumerateArray()];
        JsonElement one = targets.Single(target => target.GetProperty("name").GetString() == name);
        JsonElement odd = one.GetProperty("odd").EnumerateArray().Single(figure => figure.GetProperty("figure").GetString() == "go.goroutines");
        Assert.InRange(odd.GetProperty("value").GetDouble(), Blocked, Blocked + 100);
        Assert.InRange(odd.GetProperty("median").GetDouble(), 3, 100);
        Assert.Equal(Services - 1, odd.GetProperty("peers").GetInt32());
        Assert.Contains(one.GetProperty("causes").EnumerateArray(), cause => cause.GetProperty("text").GetString()!.StartsWith("Goroutines 4,0", StringComparison.Ordinal));
        // On a busy machine any of them may be beyond a limit for a moment, which is heavier than what is odd.
        Assert.Equal(name, targets.First(target => !target.GetProperty("causes").EnumerateArray().Any(cause => cause.GetProperty("kind").GetString() == "limit") || target.GetProperty("name").GetString() == name).GetProperty("name").GetString());
        return one;
    }

    private static async Task<JsonDocument> FleetAsync(int? expected, params string[] arguments)
    {
        StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        int exit = await CommandRunner.RunAsync(new CliContext(output, error, TimeProvider.System), ["fleet", "--json", .. arguments]);
        if (expected is { } wanted) Assert.True(exit == wanted, error.ToString());
        return JsonDocument.Parse(output.ToString());
    }
}
