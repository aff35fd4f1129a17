using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;

namespace GoTop.Engine.Control.Services.Windows;

/// <summary>
/// What the service manager does when a service ends without having said that it stops: SERVICE_FAILURE_ACTIONSW of a 64-bit
/// system (winsvc.h), as QueryServiceConfig2 fills it in. The pointers are absolute, into the same buffer.
/// </summary>
internal sealed record FailureActions(TimeSpan ResetPeriod, ImmutableArray<FailureAction> Actions)
{
    private const int HeadLength = 40;
    private const int ActionLength = 8;
    private const int MostActions = 64;

    /// <summary>Null when the buffer makes no sense.</summary>
    /// <param name="baseAddress">Where the buffer lay when it was filled.</param>
    public static FailureActions? Decode(ReadOnlySpan<byte> buffer, ulong baseAddress)
    {
        if (buffer.Length < HeadLength) return null;
        uint reset = BinaryPrimitives.ReadUInt32LittleEndian(buffer), count = BinaryPrimitives.ReadUInt32LittleEndian(buffer[24..]);
        ulong actions = BinaryPrimitives.ReadUInt64LittleEndian(buffer[32..]);
        TimeSpan period = reset == uint.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(reset);
        if (count == 0) return new FailureActions(period, []);
        if (count > MostActions || actions < baseAddress || actions - baseAddress > (ulong)buffer.Length) return null;
        int at = (int)(actions - baseAddress);
        if (buffer.Length - at < (int)count * ActionLength) return null;
        ImmutableArray<FailureAction>.Builder found = ImmutableArray.CreateBuilder<FailureAction>((int)count);
        for (int i = 0; i < (int)count; i++, at += ActionLength)
            found.Add(new FailureAction(BinaryPrimitives.ReadInt32LittleEndian(buffer[at..]), TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(buffer[(at + 4)..]))));
        return new FailureActions(period, found.ToImmutable());
    }

    /// <param name="onStopWithError">FailureActionsOnNonCrashFailures: also when it stops with an error.</param>
    public string Words(bool onStopWithError)
    {
        if (Actions.All(action => action.Type == FailureAction.None)) return "nothing is done when it fails";
        string all = string.Join(", then ", Actions.Select(action => action.ToString()));
        string reset = ResetPeriod == Timeout.InfiniteTimeSpan ? "" : string.Create(CultureInfo.InvariantCulture, $"; counted anew after {ResetPeriod.TotalSeconds:0} s");
        return $"{all}{reset}{(onStopWithError ? "; also when it stops with an error" : "")}";
    }

    /// <summary>Null when it is none that GoTop sets.</summary>
    public RecoveryPolicy? Policy(bool onStopWithError)
    {
        if (Actions.All(action => action.Type == FailureAction.None)) return new RecoveryPolicy(RestartCondition.No, TimeSpan.Zero);
        return Actions.All(action => action.Type == FailureAction.Restart && action.Delay == Actions[0].Delay)
            ? new RecoveryPolicy(onStopWithError ? RestartCondition.Always : RestartCondition.OnFailure, Actions[0].Delay)
            : null;
    }
}

/// <param name="Type">SC_ACTION_TYPE.</param>
internal readonly record struct FailureAction(int Type, TimeSpan Delay)
{
    public const int None = 0;
    public const int Restart = 1;

    public override string ToString()
    {
        string what = Type switch { None => "nothing", Restart => "restart it", 2 => "restart the machine", 3 => "run a command", _ => FormattableString.Invariant($"action {Type}") };
        return Delay > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{what} after {Delay.TotalSeconds:0.###} s") : what;
    }
}
