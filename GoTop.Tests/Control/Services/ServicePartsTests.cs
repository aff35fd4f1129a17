using System.Buffers.Binary;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Control.Services.Windows;
using Xunit;

namespace GoTop.Tests.Control.Services;

public sealed class ServicePartsTests
{
    private const ulong Base = 0x1000;

    [Theory]
    [InlineData("GOGC=200")]
    [InlineData("GOGC=off")]
    [InlineData("GOMEMLIMIT=1500MiB")]
    [InlineData("GOMEMLIMIT=off")]
    [InlineData("GOMAXPROCS=4")]
    [InlineData("GODEBUG=gctrace=1,madvdontneed=1")]
    [InlineData("GODEBUG=")]
    public void What_Go_takes_is_taken(string assignment) => Assert.Single(EnvironmentNames.Parse([assignment]));

    [Theory]
    [InlineData("GOGC")]
    [InlineData("GOGC=-1")]
    [InlineData("GOGC=1 0")]
    [InlineData("GOMEMLIMIT=1GB")]
    [InlineData("GOMEMLIMIT=1.5GiB")]
    [InlineData("GOMAXPROCS=0")]
    [InlineData("GODEBUG=gctrace")]
    [InlineData("GODEBUG=a=1\nPATH=x")]
    [InlineData("LD_PRELOAD=/tmp/x.so")]
    public void Nothing_else_is(string assignment) => Assert.Throws<ControlException>(() => EnvironmentNames.Parse([assignment]));

    /// <summary>Made as winsvc.h lays it out: Wine keeps no failure actions to record.</summary>
    [Fact]
    public void Failure_actions_are_read()
    {
        FailureActions actions = FailureActions.Decode(Buffer(86400, (1, 5000), (1, 5000), (0, 0)), Base)!;
        Assert.Equal("restart it after 5 s, then restart it after 5 s, then nothing; counted anew after 86400 s", actions.Words(onStopWithError: false));
        Assert.Null(actions.Policy(onStopWithError: false));
        FailureActions same = FailureActions.Decode(Buffer(86400, (1, 5000), (1, 5000)), Base)!;
        Assert.Equal(new RecoveryPolicy(RestartCondition.Always, TimeSpan.FromSeconds(5)), same.Policy(onStopWithError: true));
        Assert.Equal("nothing is done when it fails", FailureActions.Decode(Buffer(uint.MaxValue), Base)!.Words(onStopWithError: false));
    }

    [Fact]
    public void Failure_actions_that_point_elsewhere_are_none()
    {
        byte[] buffer = Buffer(1, (1, 5000));
        Assert.Null(FailureActions.Decode(buffer.AsSpan(0, 39), Base));
        Assert.Null(FailureActions.Decode(buffer.AsSpan(0, 44), Base));
        Assert.Null(FailureActions.Decode(buffer, Base + 0x100000));
        Assert.Null(FailureActions.Decode(buffer, 0));
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(24), uint.MaxValue);
        Assert.Null(FailureActions.Decode(buffer, Base));
    }

    [Fact]
    public void The_end_of_a_log_is_read()
    {
        string file = Path.GetTempFileName();
        File.WriteAllLines(file, Enumerable.Range(1, 100_000).Select(number => $"line {number} {new string('x', 20)}"));
        Assert.Equal(["line 99999", "line 100000"], LogTail.Read(file, 2).Select(line => line[..line.LastIndexOf(' ')]));
        File.Delete(file);
    }

    private static byte[] Buffer(uint reset, params (int Type, int Milliseconds)[] actions)
    {
        byte[] buffer = new byte[40 + (actions.Length * 8)];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, reset);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(24), actions.Length);
        if (actions.Length > 0) BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan(32), Base + 40);
        for (int i = 0; i < actions.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(40 + (i * 8)), actions[i].Type);
            BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(44 + (i * 8)), actions[i].Milliseconds);
        }

        return buffer;
    }
}
