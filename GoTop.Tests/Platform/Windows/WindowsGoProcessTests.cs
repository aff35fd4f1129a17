using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.Versioning;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Windows;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.RuntimeMemory;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

/// <summary>A stripped Go program without pprof, built for Windows by eng/test-wine.sh, watched from outside.</summary>
[SupportedOSPlatform("windows")]
[Trait("System", "Windows")]
public sealed class WindowsGoProcessTests : IDisposable
{
    private const int Parked = 250;

    private readonly Process _go;
    private readonly int _port;
    private readonly string _program;
    private readonly WindowsPlatform _platform;

    public WindowsGoProcessTests()
    {
        WindowsOnly.Require();
        string? targets = Environment.GetEnvironmentVariable("GOTOP_WINDOWS_TARGETS");
        Assert.SkipWhen(targets is null, "GOTOP_WINDOWS_TARGETS names no folder of Go programs built for Windows");
        _program = Path.Combine(targets, "winservice.exe");
        _go = Process.Start(new ProcessStartInfo(_program, ["-parked", $"{Parked}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{_program} did not start");
        string ready = _go.StandardOutput.ReadLine() ?? "";
        Assert.StartsWith($"ready pid={_go.Id} port=", ready, StringComparison.Ordinal);
        _port = int.Parse(ready[(ready.LastIndexOf('=') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        _platform = new WindowsPlatform(TimeProvider.System);
    }

    public void Dispose()
    {
        Children.End(_go);
        _go.Dispose();
    }

    [Fact]
    public void It_is_found_with_its_version_port_and_path()
    {
        GoProcess found = Assert.Single(
            new GoProcessFinder(_platform, TimeProvider.System).Find(TestContext.Current.CancellationToken).Processes,
            process => process.Identity.Process?.ProcessId == _go.Id);
        Assert.Equal("winservice", found.Identity.Name);
        Assert.StartsWith("go1.", found.Identity.Build.Value.GoVersion, StringComparison.Ordinal);
        Assert.Equal([_port], found.Identity.Ports.Value);
        Assert.Equal(_program, found.Identity.Path.Value, ignoreCase: true);
        Assert.Equal(SourceState.Ok, Assert.Single(found.Sources, source => source.Name == RuntimeMemorySource.SourceName).State);
    }

    [Fact]
    public void Its_arguments_are_split_as_it_splits_them_itself() =>
        Assert.Equal(["-parked", $"{Parked}"], _platform.CommandLine(Key).Value[1..]);

    [Fact]
    public async Task Its_goroutines_are_read_from_its_memory()
    {
        await using RuntimeMemorySource source = new(_platform, Key);
        SourceResult result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.True(result.State == SourceState.Ok, result.Reason);
        GoroutineTable table = result.Facts.Goroutines.Value;
        ImmutableArray<GoroutineRow> parked =
            [.. table.Rows.Where(row => row.StartFunction >= 0 && table.Locations[row.StartFunction].Function == "main.park")];
        Assert.Equal(Parked, parked.Length);
        Assert.All(parked, row => Assert.Equal(GoroutineState.Waiting, row.State));
        Assert.All(parked, row => Assert.Equal("chan receive", table.WaitReasons[row.WaitReason]));
        Assert.Contains(table.Stacks, stack => stack.Any(frame => table.Locations[frame].Function == "main.park"));
        Assert.InRange(result.Facts.Runtime.Goroutines.Value, Parked + 1, Parked + 100);
    }

    [Fact]
    public async Task Its_end_is_told_as_such()
    {
        await using RuntimeMemorySource source = new(_platform, Key);
        Assert.Equal(SourceState.Ok, (await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken)).State);
        Children.End(_go);
        Assert.True((await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken)).TargetEnded);
    }

    private ProcessKey Key => _platform.FindProcess(_go.Id).Value;
}
