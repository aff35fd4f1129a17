using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// Takes the lines of a dump one by one. Whatever is no line of a goroutine is passed over: standard error holds log lines
/// before and between, registers, <c>exit status 2</c>.
/// </summary>
internal sealed partial class DumpParser
{
    private readonly FrameTable _frames = new();
    private readonly StackTable _stacks = new();
    private readonly StatusTable _statuses = new();
    private readonly LabelTable _labels = new();
    private readonly CrashCollector _crashes = new();
    private readonly GoroutineRows _rows = new();
    private readonly List<ThreadFrames> _threadStacks = [];
    private readonly StackUnderConstruction _stack = new();

    private readonly CountsParser _counts;
    private Section _section;
    private DumpedGoroutine _row;
    private string _threadTitle = "";
    private bool _creatorRead;
    private bool _afterBlank;

    // The function whose place is to follow.
    private byte[] _function = new byte[512];
    private int _functionLength;
    private Pending _pending;
    private long _longLines;
    private long _lines;

    public DumpParser()
    {
        _counts = new CountsParser(_frames, _stacks, _labels, _statuses);
    }

    private enum Section : byte
    {
        None,
        Goroutine,

        /// <summary>Of a thread, not a goroutine.</summary>
        Thread,

        /// <summary>What stands behind a goroutine's creator (<c>[originating from goroutine 1]:</c>): none of its frames.</summary>
        Passed,
    }

    private enum Pending : byte
    {
        Nothing,
        Call,
        Creator,

        /// <summary>A line that may be the name of a C function, as a symboliser of cgo frames prints it.</summary>
        Name,
    }

    /// <summary>
    /// Takes frames as long as they stand whole in the text, one after another: those that repeat what was read before, and
    /// new ones. Whatever else there is comes line by line.
    /// </summary>
    /// <returns>How many bytes they are.</returns>
    public int TakeFrames(ReadOnlySpan<byte> text)
    {
        if (_section is not (Section.Goroutine or Section.Thread) || _pending != Pending.Nothing || _creatorRead) return 0;
        int taken = 0;
        while (true)
        {
            int before = _stack.Last, read = _stack.Items.Length;
            int first = before >= 0 ? _frames.Expected(before) : _stack.IsEmpty ? _statuses.FirstFrame(_row.Status) : -1;
            taken += _frames.ReadExpected(text[taken..], first, _stack);
            _lines += 2 * (_stack.Items.Length - read);
            int length = TakeFrame(text[taken..]);
            if (length == 0) break;
            taken += length;
        }

        if (taken > 0) _afterBlank = false;
        return taken;
    }

    private int TakeFrame(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        if (end is <= 0 or > DumpLimits.LineBytes) return 0;
        int name = FrameText.NameLength(text[..end]);
        if (name <= 0) return 0;
        ReadOnlySpan<byte> rest = text[(end + 1)..];
        int placeEnd = rest.IndexOf((byte)'\n');
        if (placeEnd is <= 0 or > DumpLimits.LineBytes) return 0;
        int place = FrameText.PlaceLength(rest[..placeEnd], out _);
        if (place == 0) return 0;
        AddFrame(_frames.Number(text[..name], rest[..place]));
        _lines += 2;
        return end + 1 + placeEnd + 1;
    }

    /// <param name="cut">It is longer than a line may be, and this only its beginning.</param>
    public void Take(ReadOnlySpan<byte> line, bool cut)
    {
        _lines++;
        if (cut) _longLines++;
        if (_counts.Take(line, cut)) return;
        if (GoroutineHeader.TryRead(line, cut, out GoroutineHeader header))
        {
            Begin(header, line);
        }
        else if (line.SequenceEqual("runtime stack:"u8))
        {
            BeginThread(line);
        }
        else if (_section == Section.None || EndsSection(line))
        {
            EndSection();
            _crashes.Take(line, _lines, _rows.Count);
        }
        else if (_section != Section.Passed)
        {
            TakeInside(line);
        }
    }

    private void Begin(in GoroutineHeader header, ReadOnlySpan<byte> line)
    {
        EndSection();
        if (header.Id == 0)
        {
            BeginThread(line);
            return;
        }

        (int status, int minutes) = header.Status.IsEmpty ? (-1, 0) : _statuses.Number(header.Status);
        if (!header.IsWhole && !header.Status.IsEmpty) _labels.Unreadable++;
        _row = new DumpedGoroutine(
            header.Id, 1, status, minutes, header.Labels.IsEmpty ? -1 : _labels.Number(header.Labels), -1, -1, 0, DumpedGoroutineMarks.None);
        _section = Section.Goroutine;
        _crashes.TakeHeader(header.Id, header.Status.StartsWith("running"u8));
    }

    private void BeginThread(ReadOnlySpan<byte> line)
    {
        EndSection();
        _row = default;
        _row = _row with { Status = -1 };
        _threadTitle = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 200)]);
        _section = Section.Thread;
        _crashes.TakeHeader(0, running: false);
    }

    /// <summary>
    /// A crash that another goroutine reports in between, or a blank line. That ends a goroutine only with what follows,
    /// while its creator has not been read: it may be a log's, between two frames.
    /// </summary>
    private bool EndsSection(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            if (_section != Section.Goroutine || _creatorRead) return true;
            _afterBlank = true;
            return false;
        }

        bool afterBlank = _afterBlank;
        _afterBlank = false;
        return (afterBlank && !IsOfStack(line)) || line.StartsWith("panic: "u8) || line.StartsWith("fatal error: "u8) || line.StartsWith("[signal "u8);
    }

    private static bool IsOfStack(ReadOnlySpan<byte> line) =>
        FrameText.NameLength(line) > 0 || FrameText.PlaceLength(line, out _) > 0 || line.StartsWith("created by "u8) || IsElision(line);

    private static bool IsElision(ReadOnlySpan<byte> line) => line.StartsWith("..."u8) && line.EndsWith(" frames elided..."u8);

    private void TakeInside(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || _creatorRead) return;
        if (line[0] == (byte)'\t')
        {
            TakePlace(line);
        }
        else if (line.StartsWith("created by "u8))
        {
            TakeCreator(line["created by "u8.Length..]);
        }
        else if (IsElision(line))
        {
            _stack.Elide(Utf8Parser.TryParse(line[3..], out int frames, out int digits) && digits > 0 && frames > 0 ? frames : null);
        }
        else if (line.StartsWith("[originating from goroutine "u8))
        {
            EndSection();
            _section = Section.Passed;
        }
        else if (line.StartsWith("non-Go function at pc="u8))
        {
            AddFrame(_frames.Number("non-Go function"u8, default));
        }
        else if (FrameText.NameLength(line) is var name and > 0)
        {
            Remember(line[..name], Pending.Call);
        }
        else if (_pending is Pending.Nothing or Pending.Name && (!line.Contains((byte)' ') || line.SequenceEqual("non-Go function"u8)))
        {
            // Only a place after it tells the name of a C function from a log's words.
            Remember(line, Pending.Name);
        }
    }

    private void TakePlace(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("\tgoroutine running on other thread; stack unavailable"u8))
        {
            _row = _row with { Marks = _row.Marks | DumpedGoroutineMarks.StackUnavailable };
            return;
        }

        if (_pending == Pending.Nothing) return;
        int length = FrameText.PlaceLength(line, out _);
        if (length == 0) return;
        ReadOnlySpan<byte> function = _function.AsSpan(0, _functionLength);
        int frame = _frames.Number(function, line[..length]);
        bool isCreator = _pending == Pending.Creator;
        _pending = Pending.Nothing;
        if (isCreator)
        {
            _row = _row with { CreatedBy = frame };
            _creatorRead = true;
        }
        else
        {
            AddFrame(frame);
        }
    }

    private void TakeCreator(ReadOnlySpan<byte> creator)
    {
        int parent = creator.LastIndexOf(" in goroutine "u8);
        long parentId = 0;
        if (parent >= 0)
        {
            ReadOnlySpan<byte> id = creator[(parent + " in goroutine "u8.Length)..];
            if (!Utf8Parser.TryParse(id, out parentId, out int digits) || digits != id.Length || parentId < 0) return;
            creator = creator[..parent];
        }

        if (creator.IsEmpty) return;
        _row = _row with { ParentId = parentId };
        Remember(creator, Pending.Creator);
    }

    private void AddFrame(int frame)
    {
        if (_stack.Last >= 0) _frames.Follow(_stack.Last, frame);
        else if (_stack.IsEmpty) _statuses.NoteFirstFrame(_row.Status, frame);
        _stack.Add(frame);
    }

    private void Remember(ReadOnlySpan<byte> function, Pending pending)
    {
        if (_function.Length < function.Length) _function = new byte[function.Length * 2];
        function.CopyTo(_function);
        _functionLength = function.Length;
        _pending = pending;
    }

    private void EndSection()
    {
        if (_section == Section.Goroutine)
        {
            _rows.Add(_row with { Stack = _stacks.Number(_stack) });
        }
        else if (_section == Section.Thread && _threadStacks.Count < DumpLimits.ThreadStacks)
        {
            _threadStacks.Add(new ThreadFrames(_threadTitle, _stacks.Number(_stack)));
        }

        _section = Section.None;
        _stack.Clear();
        _creatorRead = false;
        _afterBlank = false;
        _pending = Pending.Nothing;
    }
}
