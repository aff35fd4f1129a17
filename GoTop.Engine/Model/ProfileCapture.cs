using System.Collections.Immutable;

namespace GoTop.Engine.Model;

/// <summary>
/// A profile as the service served it. The bytes are the facts; what they mean is derived from them, live and in replay
/// alike. Two with the same kind and <see cref="ReadAtNanoseconds"/> are the same.
/// </summary>
public sealed record ProfileCapture
{
    /// <summary>A larger one is refused: what is kept in memory and in recordings is bounded.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    public required ProfileKind Kind { get; init; }

    /// <summary>When the answer was complete.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The same on the sampler's monotonic clock.</summary>
    public required long ReadAtNanoseconds { get; init; }

    /// <summary>The time that it covers; 0 for a profile of the moment or since the start of the process.</summary>
    public required double Seconds { get; init; }

    /// <summary>From the request to the end of the answer, <see cref="Seconds"/> included.</summary>
    public required double TookMilliseconds { get; init; }

    /// <summary>What it cost the target, in words.</summary>
    public required string CostToTarget { get; init; }

    /// <summary>The answer's body as it came: a protobuf of pprof's <c>profile.proto</c>, gzipped.</summary>
    public required ImmutableArray<byte> Content { get; init; }
}

/// <summary>The newest capture of each kind. Each kind stands alone, with its own reason where it has none.</summary>
public sealed record ProfileCaptures
{
    public static ProfileCaptures None { get; } = new();

    public static ImmutableArray<ProfileKind> Kinds { get; } =
    [
        ProfileKind.Cpu, ProfileKind.Heap, ProfileKind.Allocs, ProfileKind.Goroutine, ProfileKind.Mutex, ProfileKind.Block, ProfileKind.ThreadCreate,
        ProfileKind.GoroutineLeak,
    ];

    public Reading<ProfileCapture> Cpu { get; init; }

    public Reading<ProfileCapture> Heap { get; init; }

    public Reading<ProfileCapture> Allocs { get; init; }

    public Reading<ProfileCapture> Goroutine { get; init; }

    public Reading<ProfileCapture> Mutex { get; init; }

    public Reading<ProfileCapture> Block { get; init; }

    public Reading<ProfileCapture> ThreadCreate { get; init; }

    public Reading<ProfileCapture> GoroutineLeak { get; init; }

    public Reading<ProfileCapture> this[ProfileKind kind] => kind switch
    {
        ProfileKind.Cpu => Cpu,
        ProfileKind.Heap => Heap,
        ProfileKind.Allocs => Allocs,
        ProfileKind.Goroutine => Goroutine,
        ProfileKind.Mutex => Mutex,
        ProfileKind.Block => Block,
        ProfileKind.ThreadCreate => ThreadCreate,
        ProfileKind.GoroutineLeak => GoroutineLeak,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };

    public ProfileCaptures With(ProfileKind kind, Reading<ProfileCapture> capture) => kind switch
    {
        ProfileKind.Cpu => this with { Cpu = capture },
        ProfileKind.Heap => this with { Heap = capture },
        ProfileKind.Allocs => this with { Allocs = capture },
        ProfileKind.Goroutine => this with { Goroutine = capture },
        ProfileKind.Mutex => this with { Mutex = capture },
        ProfileKind.Block => this with { Block = capture },
        ProfileKind.ThreadCreate => this with { ThreadCreate = capture },
        ProfileKind.GoroutineLeak => this with { GoroutineLeak = capture },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };

    public ProfileCaptures Or(ProfileCaptures other) => Change((kind, capture) => capture.Or(other[kind]));

    public ProfileCaptures AsStale(string reason) => Change((_, capture) => capture.AsStale(reason));

    /// <summary>These, with each kind's reading changed; the same when none changes.</summary>
    internal ProfileCaptures Change(Func<ProfileKind, Reading<ProfileCapture>, Reading<ProfileCapture>> change)
    {
        ProfileCaptures changed = this;
        foreach (ProfileKind kind in Kinds)
        {
            Reading<ProfileCapture> before = this[kind], after = change(kind, before);
            if (after.State != before.State || after.Reason != before.Reason || !ReferenceEquals(after.ValueOr(null), before.ValueOr(null))) changed = changed.With(kind, after);
        }

        return changed;
    }
}
