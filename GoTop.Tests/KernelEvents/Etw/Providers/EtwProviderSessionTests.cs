using System.Collections.Immutable;
using System.IO.Compression;
using GoTop.Engine.Config;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.KernelEvents.Etw.Providers;
using GoTop.Engine.KernelEvents.Etw.Sessions;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Tests.KernelEvents.Etw.Sessions;
using GoTop.Tests.Platform.Windows;
using GoTop.Tests.Support;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.KernelEvents.Etw.Providers;

public sealed class EtwProviderSessionTests
{
    private static readonly Guid Registered = new("11111111-2222-3333-4444-555555555555");

    private readonly FakeTimeProvider _time = new(DateTimeOffset.MinValue.AddMinutes(1));

    [Fact]
    public void A_session_asks_for_the_configured_providers_of_the_target_alone()
    {
        WindowsOnly.SkipWithoutDecoder();
        FakeEtwSystem system = new() { Registered = { ["Known.To.Windows"] = Registered } };
        Guid given = new("599a2a76-4d91-4910-9ac7-7d33f2e97a6c");
        using (IProviderEvents events = Open(system, new("Known.To.Windows", null, EtwLevel.Information, 1), new(null, given, EtwLevel.Verbose, ulong.MaxValue), new("MyEventSource", null, EtwLevel.Error, 2)).Value)
        {
            FakeEtwSystem.FakeSession session = Assert.Single(system.Started);
            Assert.Equal("GoTop-Providers-4321-999", session.Name);
            Assert.Equal(0, (long)session.Request.Kernel);
            // The last one's GUID is made of its name: upper case, SHA-1, as EventSource and go-winio do.
            Assert.Equal(
                [
                    new EtwProviderRequest(Registered, TraceEventLevel.Informational, 1, SchedulerIncident.Service),
                    new EtwProviderRequest(given, TraceEventLevel.Verbose, ulong.MaxValue, SchedulerIncident.Service),
                    new EtwProviderRequest(System.Diagnostics.Tracing.EventSource.GetGuid(typeof(MyEventSource)), TraceEventLevel.Error, 2, SchedulerIncident.Service),
                ],
                session.Request.Providers);
            session.WaitUntilFed();
            session.EventsLost = 4;
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal([new SystemCounter("events of the service's own providers lost/s", Reading.Of(2.0))], events.Take());
        }

        Assert.Empty(system.Active);
    }

    [Fact]
    public void What_a_killed_GoTop_left_is_ended_before_a_session_begins()
    {
        WindowsOnly.SkipWithoutDecoder();
        FakeEtwSystem system = new() { Active = ["GoTop-Providers-4321-11", "GoTop-Kernel-4321-11", "Somebody-Else-11"] };
        using (Open(system, new EtwProviderSettings("a", null, EtwLevel.Error, 1)).Value)
            Assert.Equal(["Somebody-Else-11", "GoTop-Providers-4321-999"], system.Active);
        Assert.Equal(["Somebody-Else-11"], system.Active);
    }

    [Fact]
    public void Rights_that_lack_are_named()
    {
        Reading<IProviderEvents> opened = Open(new FakeEtwSystem { Refusal = new UnauthorizedAccessException() }, new EtwProviderSettings("a", null, EtwLevel.Error, 1));
        Assert.Equal(ReadingState.Denied, opened.State);
        Assert.Contains("Performance Log Users", opened.Reason, StringComparison.Ordinal);
    }

    /// <summary>A real recording of a service's own events, which bring their manifest along.</summary>
    [Fact]
    public void Events_are_counted_and_their_numbers_become_metrics()
    {
        using ZipArchive archive = ZipFile.OpenRead(SharedFiles.Require("etl/net.4.5.2.x64.etl.zip"));
        using MemoryStream log = new();
        using (Stream packed = archive.GetEntry("net.4.5.2.x64.etl")!.Open()) packed.CopyTo(log);
        log.Position = 0;
        ProviderEventTally tally = new();
        EtlReader reader = EtlReader.Open(log, TestContext.Current.CancellationToken);
        using EtlRecordReader records = new(reader.Header, new Nothing());
        _ = new ProviderEventMapping(records.Source, tally);
        reader.Read(records, TestContext.Current.CancellationToken);

        Dictionary<string, Reading<double>> figures = tally.Take(seconds: 2).ToDictionary(counter => counter.Path, counter => counter.Value);
        // As Windows' own decoding has them, in the baseline beside the log.
        const string Sent = "System.Threading.Tasks.TplEventSource/TaskScheduled/Send", Queued = "System.Diagnostics.Eventing.FrameworkEventSource/ThreadPoolEnqueueWork";
        Assert.Equal(1.5, figures[$"{Sent}: events/s"].Value);
        Assert.Equal((1, 5, 7), (figures[$"{Sent}: mean OriginatingTaskSchedulerID"].Value, figures[$"{Sent}: mean OriginatingTaskID"].Value, figures[$"{Sent}: mean TaskID"].Value));
        Assert.Equal(278_775_344, figures[$"{Queued}: mean workID"].Value);
        Assert.Equal(1, figures["PerfView/Tracing/Start: events/s"].Value * 2);
        Assert.DoesNotContain(figures.Keys, path => path.Contains("ManifestData", StringComparison.Ordinal) || path.Contains("currentDirectory", StringComparison.Ordinal));

        // Nothing came since: none a second, and no mean of nothing.
        Assert.All(tally.Take(seconds: 1), counter =>
        {
            if (counter.Path.EndsWith("events/s", StringComparison.Ordinal)) Assert.Equal(0, counter.Value.Value);
            else Assert.Equal(ReadingState.NotYet, counter.Value.State);
        });
    }

    [Fact]
    public void Names_without_end_take_no_room_without_end()
    {
        ProviderEventTally tally = new();
        for (int kind = 0; kind < 1000; kind++) tally.Add("p", $"e{kind}", [.. Enumerable.Range(0, 100).Select(field => ($"f{field}", 1.0))]);
        ImmutableArray<SystemCounter> counters = tally.Take(seconds: 1);
        Assert.Equal(64 * 17 + 1, counters.Length);
        Assert.Equal(new SystemCounter("(other kinds): events/s", Reading.Of(1000.0 - 64)), counters[^1]);
    }

    [Fact]
    public void Names_and_numbers_of_a_service_are_taken_with_care()
    {
        ProviderEventTally tally = new();
        tally.Add("p\u001b[31m", "e\n", [("f\u0007", double.NaN), ("g", 4)]);
        Assert.Equal(["p/e : events/s", "p/e : mean g"], tally.Take(seconds: 1).Select(counter => counter.Path));
    }

    private Reading<IProviderEvents> Open(FakeEtwSystem system, params ImmutableArray<EtwProviderSettings> providers) =>
        EtwProviderSession.Open(system, _time, SchedulerIncident.Service, ownProcess: 999, _ => false, isWine: false, providers);

    private sealed class Nothing : IEtlRecordSink
    {
        public void OnEvent(EtlEventKind kind, long timeStamp)
        {
        }

        public void OnUndecoded(in EtlEvent happened)
        {
        }
    }

    private sealed class MyEventSource : System.Diagnostics.Tracing.EventSource;
}
