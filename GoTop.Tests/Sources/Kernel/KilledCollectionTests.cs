using System.Diagnostics;
using System.Text;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Kernel;

/// <summary>GoTop is killed while it collects the kernel's events: nothing of them may be left, and the next start must work.</summary>
[Collection("kernel events")]
public sealed class KilledCollectionTests
{
    private const string Mark = "GOTOP_TEST_MARK";

    [Fact]
    public async Task Killed_it_leaves_no_event_open_and_the_next_one_collects()
    {
        await using GoService service = await GoService.StartAsync(await GoToolchain.RequireAsync("workers"), "-workers", "1", "-pairs", "1", "-pause", "1ms", "-listen", "");
        // Where tracefs had to be mounted for the test, it is so until its end.
        await using KernelCollecting before = await KernelCollecting.RequireAsync(service.ProcessId);
        string program = Path.Combine(AppContext.BaseDirectory, "gotop.dll"), folder = Directory.CreateTempSubdirectory("gotop-killed-").FullName;
        Assert.SkipUnless(File.Exists(program), "gotop.dll is not beside the tests");
        try
        {
            string settings = Path.Combine(folder, "gotop.toml"), mark = Guid.NewGuid().ToString("N");
            await File.WriteAllTextAsync(settings, "[kernel]\nevents = \"always\"\n", TestContext.Current.CancellationToken);
            ProcessStartInfo start = new("dotnet", [program, "record", $"{service.ProcessId}", "-o", Path.Combine(folder, "killed.gotop"), "--config", settings])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment[Mark] = mark;
            using Process gotop = Process.Start(start)!;
            gotop.BeginOutputReadLine();
            gotop.BeginErrorReadLine();
            try
            {
                await Until.TrueAsync(() => OpenEvents(gotop.Id) > Environment.ProcessorCount, what: "it opens its events");
                Assert.Contains(gotop.Id, Marked(mark));
            }
            finally
            {
                gotop.Kill();
            }

            await gotop.WaitForExitAsync(TestContext.Current.CancellationToken);
            // An event ends when its last holder does: nobody that it has started may hold one on.
            await Until.TrueAsync(() => Marked(mark).All(process => OpenEvents(process) == 0), what: "nobody that it started holds its events any more");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await using KernelCollecting next = await KernelCollecting.RequireAsync(service.ProcessId);
        KernelReport report = await next.NextAsync(TimeSpan.FromSeconds(0.5));
        Assert.True(report.Coverage.Tells(KernelFacts.AllSwitches | KernelFacts.Ready | KernelFacts.Samples));
        Assert.True(report.Target.VoluntarySwitches > 0);
    }

    /// <summary>Processes that have our mark in their environment.</summary>
    private static List<int> Marked(string mark)
    {
        byte[] whole = Encoding.ASCII.GetBytes($"{Mark}={mark}");
        List<int> found = [];
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int process)) continue;
            try
            {
                if (File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(whole) >= 0) found.Add(process);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        return found;
    }

    private static int OpenEvents(int process)
    {
        try
        {
            return Directory.GetFiles($"/proc/{process}/fd").Count(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name.Contains("[perf_event]", StringComparison.Ordinal) == true);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
