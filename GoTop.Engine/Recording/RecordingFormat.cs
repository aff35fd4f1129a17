using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Recording;

/// <summary>
/// A <c>.gotop</c> recording: one SQLite database in write-ahead mode, so that it opens after any kill and the loss is
/// the ticks of the last moments at most. Marked by its application id; its user version is the format's version.
/// </summary>
internal static class RecordingFormat
{
    /// <summary>"GoTp"; what <c>file</c> and SQLite call the application id.</summary>
    public const int ApplicationId = 0x476F5470;

    /// <summary>2 added the captures.</summary>
    public const int Version = 2;

    /// <summary>Key and value: <c>tool</c>, <c>target</c> (JSON), <c>host</c>, <c>started</c> (ISO 8601).</summary>
    private const string Meta = "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID";

    /// <summary>
    /// Ticks count from 1. The time is UTC in microseconds since 1970, for looking up; the exact one stands in the facts.
    /// <c>goroutines</c> is the tick that the goroutines were read in, NULL when the sample has none.
    /// </summary>
    private const string Samples = "CREATE TABLE samples(tick INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, monotonic_ns INTEGER NOT NULL, facts BLOB NOT NULL, goroutines INTEGER)";

    /// <summary>Apart from the samples: large, and the same for several ticks when it is read less often than they.</summary>
    private const string Goroutines = "CREATE TABLE goroutines(tick INTEGER PRIMARY KEY, columns BLOB NOT NULL)";

    /// <summary>
    /// Profiles and traces, once each: a sample names them by kind (<see cref="Model.ProfileKind"/>'s number, or
    /// <see cref="TraceKind"/>) and the time of reading. <c>tick</c> is the first that names it.
    /// </summary>
    private const string Captures =
        "CREATE TABLE captures(kind INTEGER NOT NULL, read_at_ns INTEGER NOT NULL, tick INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY(kind, read_at_ns))";

    public const int TraceKind = 100;

    private const string SamplesByTime = "CREATE INDEX samples_by_time ON samples(time_us)";

    /// <summary>A reader accepts these very statements and no others, so that a made-up file cannot bring its own.</summary>
    public static ImmutableArray<string> Schema { get; } = [Meta, Samples, Goroutines, SamplesByTime, Captures];

    /// <summary>The statements of an older format.</summary>
    public static ImmutableArray<string> SchemaOf(long version) => version == 1 ? Schema.Remove(Captures) : Schema;

    public static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}

/// <summary>What a recording says of itself.</summary>
/// <param name="ToolVersion">Of the GoTop that wrote it.</param>
/// <param name="Target">As it was when the recording began; a sample names its own target when that changed.</param>
/// <param name="Host">Name of the machine that it was recorded on.</param>
public sealed record RecordingInfo(string ToolVersion, TargetIdentity Target, string Host, DateTimeOffset Started);

/// <summary>
/// A recording that cannot be written or read. The message names the file and, where it is one, the tick; what it
/// repeats of the file is fit to be shown.
/// </summary>
public sealed class RecordingException : Exception
{
    public RecordingException(string file, string problem, Exception? inner = null)
        : base(PlainText.Clean($"recording {file}: {problem}", 1000), inner)
    {
    }
}
