using System.Buffers;
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

    /// <summary>Templates whose pattern is known without cleaning them.</summary>
    private const int MostForms = 4 * MostKept;

    private static readonly TimeSpan IdleBeforeForgotten = TimeSpan.FromMinutes(1);

    /// <summary>What cleaning leaves as it is.</summary>
    private static readonly SearchValues<byte> Harmless = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (byte)c)]);

    /// <summary>By the bytes of a template, which lead to the same pattern wherever they look the same.</summary>
    private readonly Dictionary<int, Form> _byHash = [];
    private readonly List<Kept> _kept = [];
    private readonly DateTimeOffset _since;
    private DateTimeOffset _sweptAt = DateTimeOffset.MinValue;
    private ImmutableArray<LogPattern> _told = [];
    private bool _hasChanged;
    private int _forms;

    public PatternTable(DateTimeOffset since) => _since = since;

    /// <summary>Lines without a place in the table.</summary>
    public long LinesOfOthers { get; private set; }

    public void Add(ReadOnlySpan<byte> message, LineLevel level, DateTimeOffset now)
    {
        _hasChanged = true;
        Span<byte> masked = stackalloc byte[PatternMask.MostBytes];
        ReadOnlySpan<byte> template = masked[..PatternMask.Mask(message, masked)];
        Kept? kept = Find(template, level) ?? FindByText(template, level, now);
        if (kept is null)
        {
            LinesOfOthers++;
            return;
        }

        kept.Lines++;
        kept.LastAt = now;
    }

    /// <summary>The most frequent ones, and those that are new.</summary>
    public ImmutableArray<LogPattern> Told()
    {
        // Where no line came, samples share what they hold.
        if (!_hasChanged) return _told;
        _hasChanged = false;
        IEnumerable<LogPattern> all = _kept.Select(kept => new LogPattern(kept.Text, kept.Level, kept.Lines, kept.FirstAt, kept.LastAt)
        {
            IsNew = kept.FirstAt - _since > Learning,
        });
        return _told =
        [
            .. all.OrderByDescending(pattern => pattern.IsNew).ThenByDescending(pattern => pattern.Lines).Take(MostTold)
                .OrderByDescending(pattern => pattern.Lines).ThenBy(pattern => pattern.Template, StringComparer.Ordinal),
        ];
    }

    private Kept? Find(ReadOnlySpan<byte> template, LineLevel level)
    {
        for (Form? form = _byHash.GetValueOrDefault(Hash(template, level)); form is not null; form = form.Next)
        {
            if (form.Of.Level == level && template.SequenceEqual(form.Template)) return form.Of;
        }

        return null;
    }

    /// <summary>
    /// The pattern that these bytes look like once they are cleaned: an older one, or a new one.
    /// </summary>
    /// <returns>Null where there is no room.</returns>
    private Kept? FindByText(ReadOnlySpan<byte> template, LineLevel level, DateTimeOffset now)
    {
        string? text = template.ContainsAnyExcept(Harmless) ? Cleaned(template) : null;
        byte[] own = text is null ? template.ToArray() : Encoding.UTF8.GetBytes(text);
        bool differs = !template.SequenceEqual(own);
        Kept? kept = differs ? Find(own, level) : null;
        if (kept is null)
        {
            if (_kept.Count >= MostKept && !MakeRoom(now)) return null;
            kept = new Kept { Text = text ?? Encoding.ASCII.GetString(own), Level = level, FirstAt = now };
            _kept.Add(kept);
            AddForm(own, kept);
        }

        // The others are cleaned each time.
        if (differs && _forms < MostForms) AddForm(template.ToArray(), kept);
        return kept;
    }

    /// <summary>As it is told; blanks that what is left out stood between are one, as elsewhere in a template.</summary>
    private static string Cleaned(ReadOnlySpan<byte> template)
    {
        string text = PlainText.Clean(Encoding.UTF8.GetString(template), PatternMask.MostBytes);
        while (text.Contains("  ", StringComparison.Ordinal)) text = text.Replace("  ", " ", StringComparison.Ordinal);
        return text.TrimEnd(' ');
    }

    private void AddForm(byte[] template, Kept kept)
    {
        int key = Hash(template, kept.Level);
        _byHash[key] = new Form(template, kept, _byHash.GetValueOrDefault(key));
        _forms++;
    }

    /// <summary>Hostile text may bring a new pattern with every line, so the search for room is not made for each.</summary>
    private bool MakeRoom(DateTimeOffset now)
    {
        if (now - _sweptAt < IdleBeforeForgotten) return false;
        _sweptAt = now;
        int gone = _kept.RemoveAll(kept => kept.Lines == 1 && now - kept.LastAt >= IdleBeforeForgotten);
        if (gone == 0) return false;
        LinesOfOthers += gone;
        _byHash.Clear();
        _forms = 0;
        foreach (Kept kept in _kept) AddForm(Encoding.UTF8.GetBytes(kept.Text), kept);
        return true;
    }

    private static int Hash(ReadOnlySpan<byte> template, LineLevel level)
    {
        HashCode hash = default;
        hash.Add(level);
        hash.AddBytes(template);
        return hash.ToHashCode();
    }

    /// <param name="Next">Of the same hash.</param>
    private sealed record Form(byte[] Template, Kept Of, Form? Next);

    private sealed class Kept
    {
        public required string Text { get; init; }

        public required LineLevel Level { get; init; }

        public required DateTimeOffset FirstAt { get; init; }

        public DateTimeOffset LastAt { get; set; }

        public long Lines { get; set; }
    }
}
