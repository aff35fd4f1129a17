using System.Collections.Immutable;

namespace GoTop.Engine.GoRuntime.Dumps;

public enum CrashKind : byte
{
    /// <summary>A panic that nobody recovered.</summary>
    Panic,

    /// <summary>The runtime gave up: deadlock, concurrent map access, out of memory, stack overflow …</summary>
    FatalError,

    /// <summary>A signal, or on Windows an exception, that ends the program: SIGQUIT, or a fault outside of Go's code.</summary>
    Signal,
}

/// <summary>What a Go program printed as the reason of its end.</summary>
public sealed record CrashReport
{
    public required CrashKind Kind { get; init; }

    /// <summary>Go's lines, the first one telling most: <c>panic: …</c> and the panics that followed it, without indentation.</summary>
    public required ImmutableArray<string> Messages { get; init; }

    /// <summary>What stands between the brackets of <c>[signal SIGSEGV: …]</c>, or the signal that ended it; null for none.</summary>
    public required string? Signal { get; init; }

    /// <summary>Lines of the runtime just before: <c>runtime: goroutine stack exceeds 1000000000-byte limit</c>.</summary>
    public required ImmutableArray<string> Details { get; init; }

    /// <summary>The goroutine that caused it; null where none did (deadlock, SIGQUIT) or none is printed.</summary>
    public required long? FaultingGoroutine { get; init; }

    /// <summary>The line, from 1, of the first message.</summary>
    public required long Line { get; init; }

    /// <summary>How many rows of the dump stand before it: those of an earlier run or of the log.</summary>
    public required int FirstRow { get; init; }
}
