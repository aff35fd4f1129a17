using System.Collections.Immutable;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>What is published each tick: now, the past, and what it means. Panes, exporters and rules read this alone.</summary>
public sealed record Observation
{
    public required Snapshot Now { get; init; }

    public required HistoryView History { get; init; }

    /// <summary>Most severe first.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>The newest lines of the target's logs, oldest first; at most 2,000.</summary>
    public required ImmutableArray<LogEntry> LogLines { get; init; }

    /// <summary>How many lines there have been up to this moment that were kept, of which these are the last.</summary>
    public long LogLinesSeen { get; init; }

    /// <summary>Why <see cref="LogLines"/> are missing; null when they are not.</summary>
    public string? WhyNoLogLines { get; init; }

    public long LogLinesDropped { get; init; }

    /// <summary>Counts ticks from 1; what was recorded before watching began has 0 and less.</summary>
    public required long Tick { get; init; }

    /// <summary>The time that sampling and deriving this tick took.</summary>
    public required double TickMilliseconds { get; init; }

    /// <summary>The same with its groups and figures alone: the lists of single goroutines are what weighs.</summary>
    /// <param name="reason">Why they are not there any more.</param>
    public Observation WithoutSingleGoroutines(string reason) => Now.Facts.Goroutines.HasValue
        ? this with { Now = Now with { Facts = Now.Facts with { Goroutines = Reading.NotSupported<GoroutineTable>(reason) } } }
        : this;

    /// <summary>The same without the lists of threads and what the kernel's events told of them.</summary>
    /// <inheritdoc cref="WithoutSingleGoroutines" path="/param"/>
    public Observation WithoutThreads(string reason) => Now.Facts.Threads.HasValue || Now.Facts.Kernel.HasValue
        ? this with
        {
            Now = Now with
            {
                Facts = Now.Facts with
                {
                    Threads = Thinned(Now.Facts.Threads, reason),
                    GoThreads = Thinned(Now.Facts.GoThreads, reason),
                    Kernel = Thinned(Now.Facts.Kernel, reason),
                },
                Threads = Thinned(Now.Threads, reason),
                Kernel = Thinned(Now.Kernel, reason),
            },
        }
        : this;

    /// <summary>The same without profiles and the trace, parsed and as served, which weigh megabytes.</summary>
    /// <inheritdoc cref="WithoutSingleGoroutines" path="/param"/>
    public Observation WithoutProfiles(string reason)
    {
        SampleFacts facts = Now.Facts with
        {
            ProfileCaptures = Now.Facts.ProfileCaptures.Change((_, capture) => capture.HasValue ? Reading.NotSupported<ProfileCapture>(reason) : capture),
            Trace = Now.Facts.Trace.HasValue ? Reading.NotSupported<TraceBurst>(reason) : Now.Facts.Trace,
        };
        return this with { Now = Now with { Facts = facts, Profiles = Now.Profiles.Thinned(reason) } };
    }

    /// <summary>The same without lines of the log, which a chatty service writes a thousand of in a second.</summary>
    /// <inheritdoc cref="WithoutSingleGoroutines" path="/param"/>
    public Observation WithoutLogLines(string reason) => LogLines.IsEmpty && Now.Facts.LogLines.IsEmpty
        ? this
        : this with { LogLines = [], WhyNoLogLines = reason, Now = Now with { Facts = Now.Facts with { LogLines = [] } } };

    private static Reading<T> Thinned<T>(Reading<T> reading, string reason) => reading.HasValue ? Reading.NotSupported<T>(reason) : reading;
}
