using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>Distinct statuses: what stands between a header's brackets, minutes apart.</summary>
internal sealed class StatusTable
{
    private readonly Dictionary<byte[], (int Status, int Minutes)> _byText = new(SpanComparer<byte>.Instance);
    private readonly Dictionary<GoroutineStatus, int> _byStatus = [];
    private readonly List<GoroutineStatus> _statuses = [];

    // By status: the frame with which the stack of the last goroutine in it began.
    private readonly List<int> _firstFrames = [];

    /// <summary>Headers whose status was not taken in for lack of room.</summary>
    public long Beyond { get; private set; }

    public ImmutableArray<GoroutineStatus> Statuses() => [.. _statuses];

    public int FirstFrame(int status) => status < 0 ? -1 : _firstFrames[status];

    public void NoteFirstFrame(int status, int frame)
    {
        if (status >= 0) _firstFrames[status] = frame;
    }

    /// <returns>−1 for a status that there is no room for.</returns>
    public (int Status, int Minutes) Number(ReadOnlySpan<byte> text)
    {
        Dictionary<byte[], (int, int)>.AlternateLookup<ReadOnlySpan<byte>> lookup = _byText.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(text, out (int Status, int Minutes) known)) return known;
        (GoroutineStatus status, int minutes) = Parse(text);
        if (!_byStatus.TryGetValue(status, out int number))
        {
            if (_statuses.Count >= DumpLimits.DistinctStatuses || text.Length > DumpLimits.CrashLineChars)
            {
                Beyond++;
                return (-1, minutes);
            }

            number = _statuses.Count;
            _byStatus.Add(status, number);
            _statuses.Add(status);
            _firstFrames.Add(-1);
        }

        if (_byText.Count < DumpLimits.DistinctStatuses) _byText.Add(text.ToArray(), (number, minutes));
        return (number, minutes);
    }

    private static (GoroutineStatus Status, int Minutes) Parse(ReadOnlySpan<byte> text)
    {
        // The first part is the state or the wait reason, and no reason holds a comma.
        int comma = text.IndexOf((byte)',');
        ReadOnlySpan<byte> reason = comma < 0 ? text : text[..comma];
        int minutes = 0;
        bool locked = false;
        long bubble = 0;
        while (comma >= 0)
        {
            text = text[(comma + 1)..];
            comma = text.IndexOf((byte)',');
            ReadOnlySpan<byte> part = (comma < 0 ? text : text[..comma]).Trim((byte)' ');
            if (part.SequenceEqual("locked to thread"u8)) locked = true;
            else if (part.EndsWith(" minutes"u8) && Utf8Parser.TryParse(part, out int told, out _) && told > 0) minutes = told;
            else if (part.StartsWith("synctest bubble "u8) && Utf8Parser.TryParse(part["synctest bubble "u8.Length..], out long id, out _)) bubble = id;
        }

        // The garbage collector looks at its stack, which says nothing of the goroutine.
        if (reason.EndsWith(" (scan)"u8)) reason = reason[..^" (scan)"u8.Length];
        bool leaked = reason.EndsWith(" (leaked)"u8);
        if (leaked) reason = reason[..^" (leaked)"u8.Length];
        (GoroutineState state, string waitReason) = State(reason);
        return (new GoroutineStatus(leaked ? GoroutineState.Leaked : state, waitReason, locked, leaked || state == GoroutineState.Leaked, bubble), minutes);
    }

    /// <summary>The words of the runtime's <c>gStatusStrings</c>; anything else is the reason of a waiting goroutine.</summary>
    private static (GoroutineState State, string WaitReason) State(ReadOnlySpan<byte> reason) => Encoding.UTF8.GetString(reason) switch
    {
        "idle" => (GoroutineState.Idle, ""),
        "runnable" => (GoroutineState.Runnable, ""),
        "running" => (GoroutineState.Running, ""),
        "syscall" => (GoroutineState.Syscall, ""),
        "waiting" => (GoroutineState.Waiting, ""),
        "dead" => (GoroutineState.Dead, ""),
        "copystack" => (GoroutineState.CopyStack, ""),
        "preempted" => (GoroutineState.Preempted, ""),
        "leaked" => (GoroutineState.Leaked, ""),
        string words => (GoroutineState.Waiting, words),
    };
}
