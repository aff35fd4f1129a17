using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Discovery;

public sealed class TargetResolverTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-resolve-");
    private readonly FakePlatform _platform = new();
    private readonly string _go;
    private readonly string _other;

    public TargetResolverTests()
    {
        _go = Path.Combine(_folder.FullName, "orders");
        File.WriteAllBytes(_go, SmallGoBinary.Build("go1.25.1", "example.com/orders"));
        _other = Path.Combine(_folder.FullName, "nginx");
        File.WriteAllText(_other, "#!/bin/sh\n");
        _platform.Add(new FakeProcess(10, "orders", _go) { Service = "orders.service", Ports = [new("127.0.0.1", 6060)] });
        _platform.Add(new FakeProcess(20, "nginx", _other) { Service = "nginx.service" });
        _platform.Add(new FakeProcess(30, "worker", _go));
        _platform.Add(new FakeProcess(31, "worker", _go));
        _platform.Add(new FakeProcess(40, "vault", _go) { Denied = "run gotop as vault" });
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("10", 10)]
    [InlineData(" orders ", 10)]
    [InlineData("Orders.exe", 10)]
    [InlineData("orders.service", 10)]
    [InlineData("31", 31)]
    public void A_process_is_named_by_id_name_or_service(string text, int id)
    {
        TargetResolution resolution = Resolver().Resolve(text);
        Assert.Equal(id, resolution.Target?.Identity.Process?.ProcessId);
        Assert.Equal("go1.25.1", resolution.Target!.Identity.Build.Value.GoVersion);
        Assert.Same(TargetSettings.Default, resolution.Target.Settings);
    }

    [Theory]
    [InlineData("99", TargetProblemKind.NotFound, "no process 99")]
    [InlineData("", TargetProblemKind.NotFound, "empty")]
    [InlineData("orderz", TargetProblemKind.NotFound, "is called \"orderz\": gotop ps")]
    [InlineData("bad\u001b[31m", TargetProblemKind.NotFound, "\"bad\"")]
    [InlineData("ftp://host/", TargetProblemKind.NotFound, "http:// or https://")]
    [InlineData("20", TargetProblemKind.NotGo, "nginx (process 20) is not a Go program")]
    [InlineData("nginx", TargetProblemKind.NotGo, "nginx (process 20) is not a Go program")]
    [InlineData("vault", TargetProblemKind.NotPermitted, "run gotop as vault")]
    [InlineData("40", TargetProblemKind.NotPermitted, "run gotop as vault")]
    public void What_names_no_target_says_why_and_what_to_do(string text, TargetProblemKind kind, string message)
    {
        TargetResolution resolution = Resolver().Resolve(text);
        Assert.Null(resolution.Target);
        Assert.Equal(kind, resolution.Problem!.Kind);
        Assert.Contains(message, resolution.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_processes_of_a_name_are_listed_to_choose_from()
    {
        TargetProblem problem = Resolver().Resolve("worker").Problem!;
        Assert.Equal(TargetProblemKind.Ambiguous, problem.Kind);
        Assert.Equal([30, 31], problem.Candidates.Select(c => c.Process!.Value.ProcessId));
        Assert.Contains("2 Go processes are called \"worker\"", problem.Message, StringComparison.Ordinal);
        Assert.Contains("\n  31  worker", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_processes_with_one_name_only_gos_count()
    {
        _platform.Add(new FakeProcess(11, "orders", _other));
        Assert.Equal(10, Resolver().Resolve("orders").Target?.Identity.Process?.ProcessId);
        _platform.End(10);
        _platform.Add(new FakeProcess(12, "orders", _other));
        Assert.Equal(TargetProblemKind.NotGo, Resolver().Resolve("orders").Problem!.Kind);
    }

    [Fact]
    public void Of_a_services_processes_the_one_the_others_descend_from_is_meant()
    {
        _platform.Add(new FakeProcess(11, "orders-child", _go) { Service = "orders.service", Parent = 10 });
        _platform.Add(new FakeProcess(12, "orders-child", _go) { Service = "orders.service", Parent = 11 });
        Assert.Equal(10, Resolver().Resolve("orders.service").Target?.Identity.Process?.ProcessId);
    }

    [Fact]
    public void A_name_longer_than_linux_lists_is_matched_by_the_executable()
    {
        string path = Path.Combine(_folder.FullName, "payment-gateway-worker");
        File.Copy(_go, path);
        _platform.Add(new FakeProcess(50, "payment-gateway", path));
        Assert.Equal(50, Resolver().Resolve("payment-gateway-worker").Target?.Identity.Process?.ProcessId);
        Assert.Equal(TargetProblemKind.NotFound, Resolver().Resolve("payment-gateway-other").Problem!.Kind);
    }

    [Theory]
    [InlineData("http://shop:8080", "http://shop:8080/debug/pprof/", "shop:8080")]
    [InlineData("shop:6060", "http://shop:6060/debug/pprof/", "shop:6060")]
    [InlineData("https://shop/base/", "https://shop/base/debug/pprof/", "shop")]
    [InlineData("http://shop:6060/debug/pprof/heap?debug=1", "http://shop:6060/debug/pprof/", "shop:6060")]
    public void An_address_is_a_target_of_its_own(string text, string pprof, string name)
    {
        ResolvedTarget target = Resolver().Resolve(text).Target!;
        Assert.Null(target.Identity.Process);
        Assert.Equal(pprof, target.Identity.PprofUrl.Value);
        Assert.Equal(name, target.Identity.Name);
    }

    [Fact]
    public void A_password_in_an_address_becomes_a_setting_and_is_shown_nowhere()
    {
        ResolvedTarget target = Resolver().Resolve("http://ann:s%20cret@shop:8080/").Target!;
        Assert.Equal(("ann", "s cret"), (target.Settings.Http.User, target.Settings.Http.Password));
        Assert.DoesNotContain("cret", $"{target.Identity} {target.Settings.Url} {target.Identity.PprofUrl}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_configured_target_goes_by_its_own_name()
    {
        TargetSettings shop = new() { Name = "shop", Service = "orders", Logs = ["/var/log/orders.log"] };
        TargetSettings remote = new() { Name = "remote", Url = new Uri("http://far:1/") };
        TargetSettings missing = new() { Name = "missing", Service = "billing" };
        TargetResolver resolver = Resolver(shop, remote, missing);
        ResolvedTarget target = resolver.Resolve("SHOP").Target!;
        Assert.Equal(("shop", 10), (target.Identity.Name, target.Identity.Process!.Value.ProcessId));
        Assert.Same(shop, target.Settings);
        Assert.Equal("http://far:1/debug/pprof/", resolver.Resolve("remote").Target!.Identity.PprofUrl.Value);
        Assert.Contains("\"billing\"", resolver.Resolve("missing").Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_named_otherwise_still_has_the_settings_made_for_it()
    {
        TargetSettings shop = new() { Name = "shop", ProcessName = "orders.exe", Logs = ["/var/log/orders.log"] };
        ResolvedTarget target = Resolver(shop).Resolve("10").Target!;
        Assert.Same(shop, target.Settings);
        Assert.Equal("shop", target.Identity.Name);
    }

    private TargetResolver Resolver(params ImmutableArray<TargetSettings> configured) =>
        new(_platform, new GoProcessFinder(_platform, new FakeTimeProvider(), [], (_, _, _, _, _) => ValueTask.FromResult<Uri?>(null)), configured);
}
