using System.Runtime.CompilerServices;

namespace GoTop.Engine.GoRuntime.Traces.V2;

/// <summary>
/// Of a generation whose end is missing. An M writes its batch when it is full, or at the generation's end: when a trace is cut
/// off, of quiet Ms nothing may be there, and what an event waits for may never come. Then it is taken to have happened; the
/// state that it leads to is given as one that is stated, so that nobody counts a time from before.
/// </summary>
internal sealed partial class Ordering
{
    /// <returns>False for an event that waits for nothing that could be assumed.</returns>
    private bool Assume(BatchCursor cursor)
    {
        ThreadState? thread = cursor.State ?? StateOf(cursor);
        switch (cursor.Type)
        {
            case WireType.GoStart:
                AssumeGoroutine(thread, cursor, GoStatus.Runnable);
                return true;
            case WireType.GoUnblock or WireType.GoSwitch or WireType.GoSwitchDestroy:
                AssumeGoroutine(thread, cursor, GoStatus.Waiting);
                return true;
            case WireType.ProcStart:
                thread?.UnbindProc();
                AssumeProc(cursor, ProcStatus.Idle);
                return true;
            case WireType.ProcSteal:
                AssumeProc(cursor, ProcStatus.SyscallAbandoned);
                return true;
            default:
                return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MoveNext(BatchCursor cursor) => _generation.IsPart ? MoveNextOfPart(cursor) : cursor.MoveNext(_clock);

    /// <summary>An event that is cut off is the end of what its M has written.</summary>
    private bool MoveNextOfPart(BatchCursor cursor)
    {
        try
        {
            return cursor.MoveNext(_clock);
        }
        catch (TraceFormatException)
        {
            return false;
        }
    }

    private void AssumeGoroutine(ThreadState? thread, BatchCursor cursor, GoStatus status)
    {
        long id = GoroutineId(cursor.Argument0);
        GoroutineState goroutine = FindGoroutine(id) ?? NewGoroutine(id, status);
        goroutine.Status = status;
        goroutine.Sequence.Expect(_number, cursor.Argument1);
        AddTransition(thread, TraceResource.Goroutine, id, TraceState.Undetermined, StateOf(status));
    }

    private void AssumeProc(BatchCursor cursor, ProcStatus status)
    {
        int id = ProcId(cursor.Argument0);
        ref ProcState? proc = ref _procs.Add(id, out _)!;
        CheckLive(_procs.Count, "Ps");
        proc ??= new ProcState();
        proc.Status = status;
        proc.Sequence.Expect(_number, cursor.Argument1);
    }
}
