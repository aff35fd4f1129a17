using System.Collections.Immutable;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources.Logs;
using GoTop.Engine.Sources.Logs.Files;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Sources.Logs;

/// <summary>A service whose log files were found by what it has open begins another one.</summary>
public sealed class LaterLogFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-later-");
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly LogIntake _intake;
    private readonly FileInput _input;
    private ImmutableArray<string> _open;

    public LaterLogFilesTests()
    {
        _intake = new LogIntake(new LogTally(_time.GetUtcNow(), new CodeOrigins(""), []), _time);
        _open = [At("orders-1.log")];
        File.WriteAllText(_open[0], "first\n");
        _input = new FileInput(_open, _intake, null, HostPlatform.Detect(_time), _time, () => Reading.Of(_open));
    }

    public void Dispose()
    {
        _input.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void It_is_followed_from_its_start_and_the_old_one_still_is()
    {
        Assert.Equal(["first"], Texts());
        _open = [At("orders-2.log")];
        File.WriteAllText(_open[0], "second\n");
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Empty(Texts());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["second"], Texts());
        File.AppendAllText(At("orders-1.log"), "late\n");
        File.AppendAllText(At("orders-2.log"), "third\n");
        Assert.Equal(["late", "third"], Texts());
    }

    [Fact]
    public void The_one_that_is_followed_under_another_name_is_not_read_again()
    {
        Assert.Equal(["first"], Texts());
        File.Move(At("orders-1.log"), At("orders-1.log.old"));
        _open = [At("orders-1.log.old")];
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Empty(Texts());
    }

    private string[] Texts()
    {
        _input.Catch(TestContext.Current.CancellationToken);
        return [.. _intake.Drain(_input.Logs).Lines.Select(line => line.Text)];
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
