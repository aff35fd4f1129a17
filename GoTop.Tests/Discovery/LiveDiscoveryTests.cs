using System.Diagnostics;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Discovery;

/// <summary>A real Go service on this machine, stripped, found and joined.</summary>
public sealed class LiveDiscoveryTests
{
    [Fact]
    public async Task A_go_service_is_found_with_its_port_and_pprof_pages()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a running Linux");
        string built = await GoToolchain.RequireAsync("healthy");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gotop-live-");
        string binary = Path.Combine(folder.FullName, "healthy");
        File.Copy(built, binary);
        using Process service = Process.Start(new ProcessStartInfo(binary, ["-listen", "127.0.0.1:0", "-pprof"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            string listening = await service.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
            int port = int.Parse(listening[(listening.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            IPlatform platform = HostPlatform.Detect(TimeProvider.System);
            GoProcessFinder finder = new(platform, TimeProvider.System);

            GoProcess found = Assert.Single(finder.Find(TestContext.Current.CancellationToken).Processes, p => p.Identity.Process!.Value.ProcessId == service.Id);
            Assert.Equal("healthy", found.Identity.Name);
            Assert.Equal(binary, found.Identity.Path.Value);
            Assert.StartsWith("go1.", found.Identity.Build.Value.GoVersion, StringComparison.Ordinal);
            Assert.Equal([port], found.Identity.Ports.Value);
            Assert.Equal(SourceState.Ok, found.Sources.Single(s => s.Name == "process").State);

            // The finder's patience is short by design, and this machine may be busy.
            GoProcess probed;
            do probed = (await finder.ProbePprofAsync([found], TestContext.Current.CancellationToken))[0];
            while (probed.Identity.PprofUrl.State == ReadingState.NotYet);
            Assert.Equal($"http://127.0.0.1:{port}/debug/pprof/", probed.Identity.PprofUrl.Value);

            // Its file is deleted, and still it is known.
            File.Delete(binary);
            TargetResolver resolver = new(platform, new GoProcessFinder(platform, TimeProvider.System), []);
            ResolvedTarget target = resolver.Resolve($"{service.Id}").Target!;
            Assert.Equal("healthy", target.Identity.Name);
            Assert.Equal(binary + " (deleted)", target.Identity.Path.Value);
            Assert.Equal(TargetSettings.Default, target.Settings);
        }
        finally
        {
            service.Kill();
            folder.Delete(recursive: true);
        }
    }
}
