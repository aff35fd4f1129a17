using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Tests.Support;
using Xunit;
using static GoTop.Tests.Alerts.Delivery.Telling;

namespace GoTop.Tests.Alerts.Delivery;

/// <summary>
/// A process that queues and tells alerts is killed (SIGKILL, TerminateProcess) in the middle of it. Whatever it was told to queue has
/// to be told by it, or by the next that opens its folder.
/// </summary>
public sealed class KilledAgentTests
{
    private const string FolderVariable = "GOTOP_TEST_KILLED_AGENT";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_lost() => await KillAsync(times: 3);

    /// <summary><c>--explicit on --filter-method "*Nothing_is_lost_a_hundred_times"</c>.</summary>
    [Fact(Explicit = true)]
    public async Task Nothing_is_lost_a_hundred_times() => await KillAsync(times: 100);

    /// <summary>What the killed process runs; it is this test program again.</summary>
    [Fact(Explicit = true)]
    public async Task The_process_that_is_killed()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable) ?? "";
        Assert.SkipWhen(folder.Length == 0, "another test starts it");
        using FileStream told = Append(folder, "told"), queued = Append(folder, "queued");
        CollectingChannel channel = new((message, _) =>
        {
            foreach (AlertItem item in message.Items) Write(told, item.Target);
            return Task.FromResult("taken");
        });
        await using AlertDelivery delivery = Open(folder, channel);
        AlertRule rule = Rule("cpu");
        for (int number = 0; ; number++)
        {
            string target = number.ToString(CultureInfo.InvariantCulture);
            delivery.Look([Fires(rule, target, TimeProvider.System.GetUtcNow())], () => []);
            Write(queued, target);
        }
    }

    private static async Task KillAsync(int times)
    {
        int queued = 0, left = 0;
        for (int round = 0; round < times; round++)
        {
            DirectoryInfo folder = Directory.CreateTempSubdirectory("gotop-killed-");
            using (Process agent = Start(folder.FullName))
            {
                // Another moment each time.
                await Until.TrueAsync(() =>
                {
                    Assert.False(agent.HasExited, "it ended by itself");
                    return Lines(folder, "queued").Length >= 1 + (round * 7 % 60);
                });

                agent.Kill(entireProcessTree: true);
                await agent.WaitForExitAsync(Cancellation);
            }

            ConcurrentBag<string> told = [.. Lines(folder, "told")];
            string[] wanted = Lines(folder, "queued");
            queued += wanted.Length;
            left += wanted.Except(told).Count();
            CollectingChannel channel = new((message, _) =>
            {
                foreach (AlertItem item in message.Items) told.Add(item.Target);
                return Task.FromResult("taken");
            });
            await using (AlertDelivery delivery = Open(folder.FullName, channel))
            {
                await Until.TrueAsync(() => delivery.Channels().Single().Waiting == 0);
                Assert.Empty(wanted.Except(delivery.Standing().Select(standing => standing.Target)));
            }

            Assert.Empty(wanted.Except(told));
            folder.Delete(recursive: true);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"killed {times} times, {queued} alerts queued, {left} of them told only afterwards, none lost");
    }

    private static AlertDelivery Open(string folder, CollectingChannel channel) => AlertDelivery.Open(
        folder, Settings(Channel()) with { GroupWait = TimeSpan.FromMilliseconds(20) }, new DeliveryParts(TimeProvider.System, new KeptLog(), "web1", "0.1.0"), create: _ => channel);

    private static Process Start(string folder)
    {
        string assembly = typeof(KilledAgentTests).Assembly.Location;
        string host = Environment.ProcessPath!;
        ProcessStartInfo start = new(host) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase)) start.ArgumentList.Add(assembly);
        foreach (string argument in (string[])["--explicit", "only", "--filter-method", $"*{nameof(KilledAgentTests)}.{nameof(The_process_that_is_killed)}", "--no-progress"]) start.ArgumentList.Add(argument);
        start.Environment[FolderVariable] = folder;
        // What runs these tests waits for its own process, not for this one.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("TESTINGPLATFORM_", StringComparison.Ordinal) || name.StartsWith("DOTNET_CLI_TEST", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        Process process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Whole lines: the last may have been cut off.</summary>
    private static string[] Lines(DirectoryInfo folder, string name)
    {
        string file = Path.Combine(folder.FullName, name);
        if (!File.Exists(file)) return [];
        using StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static FileStream Append(string folder, string name) => new(Path.Combine(folder, name), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    private static void Write(FileStream file, string line) => file.Write(System.Text.Encoding.ASCII.GetBytes(line + "\n"));
}
