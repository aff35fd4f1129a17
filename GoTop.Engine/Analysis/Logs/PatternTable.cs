using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>
/// Counts lines by pattern, for a bounded number of patterns: where there is no room for another one, those that were met once
/// and not lately make room, and else its lines are counted together.
/// </summary>
public sealed class PatternTable
{
    public const int MostKept = 1000;

    /// <summary>How many of them are told in each sample.</summary>
    public const int MostTold = 100;

    /// <summary>A pattern that is first met later than this is new.</summary>
    public static readonly TimeSpan Learning = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan IdleBeforeForgotten = TimeSpan.FromMinutes(1);

    private readonly Dictionary<int, Kept> _byHash = [];
    private readonly DateTimeOffset _since;
    private DateTimeOffset _sweptAt = DateTimeOffset.MinValue;
    private ImmutableArray<LogPattern> _told = [];
    private bool _hasChanged;
    private int _count;

    public PatternTable(DateTimeOffset since) => _since = since;

    /// <summary>Lines without a place in the table.</summary>
    public long LinesOfOthers { get; private set; }

    public void Add(ReadOnlySpan<byte> message, LineLevel level, DateTimeOffset now)
    {
        _hasChanged = true;
        Span<byte> masked = stackalloc byte[PatternMask.MostBytes];
        ReadOnlySpan<byte> template = masked[..PatternMask.Mask(message, masked)];
        HashCode hash = default;
        hash.Add(level);
        hash.AddBytes(template);
        int key = hash.ToHashCode();
        _byHash.TryGetValue(key, out Kept? first);
        for (Kept? kept = first; kept is not null; kept = kept.Next)
        {
            if (kept.Level != level || !template.SequenceEqual(kept.Template)) continue;
            kept.Lines++;
            kept.LastAt = now;
            return;
        }

        if (_count >= MostKept && !MakeRoom(now))
        {
            LinesOfOthers++;
            return;
        }

        _byHash.TryGetValue(key, out first);
        _byHash[key] = new Kept { Template = template.ToArray(), Level = level, FirstAt = now, LastAt = now, Lines = 1, Next = first };
        _count++;
    }

    /// <summary>The most frequent ones, and those that are new.</summary>
    public ImmutableArray<LogPattern> Told()
    {
        // Where no line came, samples share what they hold.
        if (!_hasChanged) return _told;
        _hasChanged = false;
        IEnumerable<LogPattern> all = All().Select(kept => new LogPattern(
            kept.Text ??= PlainText.Clean(Encoding.UTF8.GetString(kept.Template), PatternMask.MostBytes), kept.Level, kept.Lines, kept.FirstAt, kept.LastAt)
        {
            IsNew = kept.FirstAt - _since > Learning,
        });
        return _told =
        [
            .. all.OrderByDescending(pattern => pattern.IsNew).ThenByDescending(pattern => pattern.Lines).Take(MostTold)
                .OrderByDescending(pattern => pattern.Lines).ThenBy(pattern => pattern.Template, StringComparer.Ordinal),
        ];
    }

    /// <summary>Hostile text may bring a new pattern with every line, so the search for room is not made for each.</summary>
    private bool MakeRoom(DateTimeOffset now)
    {
        if (now - _sweptAt < IdleBeforeForgotten) return false;
        _sweptAt = now;
        Kept[] stay = [.. All().Where(kept => kept.Lines > 1 || now - kept.LastAt < IdleBeforeForgotten)];
        if (stay.Length == _count) return false;
        LinesOfOthers += _count - stay.Length;
        _byHash.Clear();
        _count = 0;
        foreach (Kept kept in stay)
        {
            HashCode hash = default;
            hash.Add(kept.Level);
            hash.AddBytes(kept.Template);
            int key = hash.ToHashCode();
            _byHash.TryGetValue(key, out Kept? first);
            kept.Next = first;
            _byHash[key] = kept;
            _count++;
        }

        return true;
    }

    private IEnumerable<Kept> All()
    {
        foreach (Kept first in _byHash.Values)
        {
            for (Kept? kept = first; kept is not null; kept = kept.Next) yield return kept;
        }
    }

    private sealed class Kept
    {
        public required byte[] Template { get; init; }

        public required LineLevel Level { get; init; }

        /// <summary>The template as text, once it was asked for: every sample holds it.</summary>
        public string? Text { get; set; }

        public required DateTimeOffset FirstAt { get; init; }

        public DateTimeOffset LastAt { get; set; }

        public long Lines { get; set; }

        public Kept? Next { get; set; }
    }
}
