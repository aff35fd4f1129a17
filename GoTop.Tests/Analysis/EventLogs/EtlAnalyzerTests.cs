using System.Collections.Immutable;
using System.IO.Compression;
using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Files;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Tests.KernelEvents;
using GoTop.Tests.Platform.Windows;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.EventLogs;

public sealed class EtlAnalyzerTests
{
    /// <summary>Names that only Windows itself can tell, by asking the provider's registration.</summary>
    private static readonly ImmutableHashSet<string> KnownToWindowsOnly = ["MSNT_SystemTrace/Image/KernelBase", "MSNT_SystemTrace/SystemConfig/Platform"];

    /// <summary>Of samples the baseline has left out those of idle processors.</summary>
    private const string Samples = "Windows Kernel/PerfInfo/Sample";

    [Theory]
    [InlineData("net.4.5.2.x64.etl.zip", "net.4.5.2.x64.baseline.txt", 152, 179_474)]
    [InlineData("gcevents.etl.zip", "gcevents.baseline.txt", 21, 71)]
    [InlineData("primitive-types.etl.zip", "primitive-types.baseline.txt", 2, 7)]
    public void Counts_are_those_that_windows_tells(string log, string baseline, int kinds, long events)
    {
        WindowsOnly.SkipWithoutDecoder();
        EtlReport report = Analyze(Unzip(SharedFiles.Require($"etl/{log}")));
        Dictionary<string, long> counts = report.Counts.ToDictionary(count => $"{count.Provider}/{count.Event}", count => count.Count);
        Dictionary<string, long> expected = File.ReadLines(SharedFiles.Require($"etl/{baseline}")).Where(line => line.StartsWith("COUNT ", StringComparison.Ordinal))
            .Select(line => line["COUNT ".Length..]).ToDictionary(line => line[..line.LastIndexOf(':')], line => long.Parse(line[(line.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(kinds, expected.Count);
        Assert.All(expected.Where(each => each.Key != Samples && !KnownToWindowsOnly.Contains(each.Key)), each => Assert.Equal((each.Key, each.Value), (each.Key, counts.GetValueOrDefault(each.Key))));
        Assert.Equal(events, report.Events);
        Assert.Equal(0, report.UndecodedEvents);
        Assert.Null(report.EndedEarly);
        Assert.Equal(report.Events, report.Counts.Sum(count => count.Count));
    }

    [Fact]
    public void A_real_log_names_its_processes_and_where_they_were_found()
    {
        EtlReport report = Analyze(Unzip(SharedFiles.Require("etl/net.4.5.2.x64.etl.zip")));
        Assert.Equal((6, 2, 9200, 8, 8), (report.Header.OsMajor, report.Header.OsMinor, report.Header.Build, report.Header.Processors, report.Header.PointerBytes));
        Assert.Equal(new DateTimeOffset(2020, 7, 29, 0, 7, 0, TimeSpan.Zero), report.Header.StartedAt!.Value.AddTicks(-(report.Header.StartedAt!.Value.Ticks % TimeSpan.TicksPerSecond)));
        LoggedProcess test = report.Processes.Single(process => process.Id == 3676);
        Assert.Equal("Test.x64.exe", test.Name);
        Assert.True(test.Samples > 5000);
        Assert.Contains(report.Samples!.Modules, module => module is { ProcessId: 3676, Module: "clr.dll", Samples: > 300 });
        Assert.Null(report.Scheduler);
    }

    [Fact]
    public void A_self_describing_event_is_named_by_itself() =>
        Assert.Contains(new EventCount("MySource", "TestEvent", 1), Analyze(File.ReadAllBytes(SharedFiles.Require("etl/SelfDescribingSingleEvent.etl"))).Counts);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void The_scheduler_s_figures_are_those_reckoned_by_hand(int eventsPerBuffer)
    {
        EtlReport report = Analyze(SchedulerIncident.Log.ToArray(eventsPerBuffer));
        SchedulerFigures scheduler = report.Scheduler!;
        Assert.Equal((5, 1, 1), (scheduler.ContextSwitches, scheduler.Preemptions, scheduler.CoreMigrations));
        // 250 µs the service, 250 µs the preempted one, 10 µs the service again.
        Assert.Equal((3, 510_000, 250_000), (scheduler.RunQueueDelay!.Value.Count, scheduler.RunQueueDelay.Value.TotalNanoseconds, scheduler.RunQueueDelay.Value.MaxNanoseconds));
        Assert.Equal(40_000, scheduler.InterruptNanoseconds);
        Assert.Equal([new CoreTimes(0, 600_000, 0), new CoreTimes(1, 190_000, 0)], scheduler.Cores);
        LoggedProcess service = report.Processes[0];
        Assert.Equal((SchedulerIncident.Service, "gosvc.exe", 4, "gosvc.exe -x"), (service.Id, service.Name, service.Parent, service.CommandLine));
        Assert.Equal((440_000, 2, 0, 1, 2), (service.OnCpuNanoseconds, service.ContextSwitches, service.Preemptions, service.CoreMigrations, service.Samples));
        Assert.Equal((2, 260_000), (service.RunQueueDelay!.Value.Count, service.RunQueueDelay.Value.TotalNanoseconds));
        Assert.Equal((350_000L, 1L), (report.Processes[1].OnCpuNanoseconds, report.Processes[1].Preemptions));
        Assert.Equal([new ModuleSamples(SchedulerIncident.Service, "gosvc.exe", "gosvc.exe", 1), new ModuleSamples(SchedulerIncident.Service, "gosvc.exe", "ntoskrnl.exe", 1)], report.Samples!.Modules);
        Assert.Equal(2, report.Samples.WithStack);
        Assert.Contains(new EventCount("GoSvc.Provider", "RequestDone", 1), report.Counts);
        Assert.Equal((2, 3L, "GoTop-Test", SyntheticEtl.StartedAt), (report.Header.Processors, report.Header.EventsLost, report.Header.SessionName, report.Header.StartedAt!.Value));
    }

    [Fact]
    public void A_log_that_is_cut_off_anywhere_is_refused_or_says_so()
    {
        byte[] whole = SchedulerIncident.Log.ToArray();
        long events = Analyze(whole).Events;
        for (int length = 1; length < whole.Length; length++)
        {
            try
            {
                EtlReport report = Analyze(whole[..length]);
                Assert.True(report.Events < events);
                // Between two buffers nothing is missing that the log could tell of.
                Assert.True(report.EndedEarly is not null || report.Events > 0);
                if (report.EndedEarly is { } early) Assert.Contains($"at byte {length}", early, StringComparison.Ordinal);
            }
            catch (EtlException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }

    [Fact]
    public void A_damaged_buffer_is_told_with_its_place_and_the_others_are_read()
    {
        byte[] log = SchedulerIncident.Log.ToArray(eventsPerBuffer: 4);
        int first = BitConverter.ToInt32(log);
        log.AsSpan(first + 72 + 2, 1).Fill(0x7f);
        EtlReport report = Analyze(log);
        Assert.Equal(1, report.DamagedBuffers);
        Assert.Equal($"the buffer at byte {first}: what stands 0 bytes within it is no event", Assert.Single(report.Problems));
        Assert.True(report.Events > 10);
    }

    /// <summary>The committed log, which the mutation run starts from, is the one that is made here.</summary>
    [Fact]
    public void The_committed_log_is_the_incident()
    {
        string path = Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Etl", "scheduler.etl.gz");
        byte[] log = SchedulerIncident.Log.ToArray();
        if (Environment.GetEnvironmentVariable("GOTOP_REWRITE_GOLDEN") == "1")
        {
            using GZipStream packed = new(File.Create(path), CompressionLevel.SmallestSize);
            packed.Write(log);
        }

        using GZipStream committed = new(File.OpenRead(path), CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        committed.CopyTo(unpacked);
        Assert.Equal(log, unpacked.ToArray());
    }

    [Fact]
    public void A_log_is_analysed_from_gzip_as_well()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(SchedulerIncident.Log.ToArray());
        packed.Position = 0;
        EtlFile file = Assert.IsType<EtlFile>(FileAnalyzer.Analyze(packed, TestContext.Current.CancellationToken));
        Assert.Equal(5, file.Report.Scheduler!.ContextSwitches);
    }

    [Fact]
    public void Of_a_gzip_that_is_cut_off_the_beginning_is_analysed()
    {
        SyntheticEtl log = SchedulerIncident.Log;
        for (int at = 2000; at < 12_000; at++) log.Switch(at, cpu: 0, from: at, to: at + 1);
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(log.ToArray(eventsPerBuffer: 100));
        packed.SetLength(packed.Length / 2);
        packed.Position = 0;
        Assert.Contains("gzip", Assert.IsType<EtlFile>(FileAnalyzer.Analyze(packed, TestContext.Current.CancellationToken)).Report.EndedEarly, StringComparison.Ordinal);
    }

    private static EtlReport Analyze(byte[] log) => EtlAnalyzer.Analyze(new MemoryStream(log), TestContext.Current.CancellationToken);

    private static byte[] Unzip(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        using Stream packed = archive.Entries.Single(entry => entry.Name.EndsWith(".etl", StringComparison.Ordinal)).Open();
        using MemoryStream log = new();
        packed.CopyTo(log);
        return log.ToArray();
    }
}
