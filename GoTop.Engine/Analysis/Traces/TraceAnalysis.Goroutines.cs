using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Traces;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Traces;

public sealed partial class TraceAnalysis
{
    private const string MarkWorkerLabel = "GC (";

    // Of a pair of states in one number.
    private const int PairBits = 3;
    private const int NotExist = (int)TraceState.NotExist, Runnable = (int)TraceState.Runnable, Running = (int)TraceState.Running;
    private const int Waiting = (int)TraceState.Waiting, Syscall = (int)TraceState.Syscall;

    private void OnGoroutine(in TraceEvent transition)
    {
        TrackedGoroutine goroutine = Goroutine(transition.Id);
        // One jump for all that depends on both states: there is no telling which pair comes next.
        switch (Pair(transition.From, transition.To))
        {
            case Runnable << PairBits | Running:
                OnStart(goroutine, in transition);
                break;
            case Running << PairBits | Waiting or Running << PairBits | Runnable:
                OnStop(goroutine, in transition);
                LeaveProc(goroutine, in transition);
                break;
            case Waiting << PairBits | Runnable:
                OnWake(goroutine, in transition);
                break;
            case Running << PairBits | Syscall:
                OnStop(goroutine, in transition);
                ProcOrNull(in transition)?.Run(goroutine, inSyscall: true, transition.TimeNanoseconds);
                break;
            case Running << PairBits | NotExist:
                OnStop(goroutine, in transition);
                LeaveProc(goroutine, in transition);
                Forget(goroutine);
                return;
            default:
                if (!OnOther(goroutine, in transition)) return;
                break;
        }

        goroutine.State = transition.To;
        goroutine.Since = transition.From == TraceState.Undetermined ? 0 : transition.TimeNanoseconds;
        goroutine.Reason = transition.Name;
    }

    private void OnStart(TrackedGoroutine goroutine, in TraceEvent transition)
    {
        long time = transition.TimeNanoseconds;
        if (IsComplete(goroutine, TraceState.Runnable))
        {
            long waited = time - goroutine.Since;
            _latency.Add(waited);
            if (waited > _longestWaits.Threshold)
            {
                _longestWaits.Add(
                    new Wait(
                        goroutine.Id, goroutine.Since, waited, goroutine.StartFunction, goroutine.Cause, goroutine.WaitedFor, goroutine.Site, goroutine.MadeRunnableBy,
                        goroutine.WakerSite, StackOf(goroutine.Stack), StackOf(goroutine.WakerStack)),
                    waited);
            }
        }

        EnterProc(goroutine, in transition);
    }

    /// <summary>It stops running, for whatever comes next.</summary>
    private void OnStop(TrackedGoroutine goroutine, in TraceEvent transition)
    {
        if (IsComplete(goroutine, TraceState.Running)) _running.Add(transition.TimeNanoseconds - goroutine.Since);
        int stack = transition.TransitionStack;
        if (goroutine.StartFunction == 0 && stack != 0) goroutine.StartFunction = _sites.Outermost(stack);
        goroutine.Site = _sites.Site(stack);
        goroutine.Stack = Numbered(stack);
        goroutine.Cause = RunnableCause.Preempted;
        goroutine.WaitedFor = transition.Name;
        goroutine.MadeRunnableBy = TraceEvent.None;
        goroutine.WakerSite = 0;
        goroutine.WakerStack = 0;
    }

    private void OnWake(TrackedGoroutine goroutine, in TraceEvent transition)
    {
        int wakerSite = _sites.Site(transition.Stack);
        if (IsComplete(goroutine, TraceState.Waiting))
        {
            long waited = transition.TimeNanoseconds - goroutine.Since;
            _blocking.Add(goroutine, wakerSite, waited, isWoken: true);
        }

        goroutine.Cause = RunnableCause.Woken;
        goroutine.WaitedFor = goroutine.Reason;
        goroutine.MadeRunnableBy = transition.Goroutine;
        goroutine.WakerSite = wakerSite;
        goroutine.WakerStack = Numbered(transition.Stack);
    }

    /// <summary>Stacks are numbered anew in each generation.</summary>
    private long Numbered(int stack) => ((long)_generations << 32) | (uint)stack;

    /// <summary>None when it is of a generation before.</summary>
    private ImmutableArray<CodeLocation> StackOf(long stack) => (int)stack != 0 && stack >> 32 == _generations ? _sites.Stack((int)stack) : [];

    /// <summary>What comes less often: states told anew, goroutines made, ends of system calls.</summary>
    /// <returns>Whether it is there and has changed its state.</returns>
    private bool OnOther(TrackedGoroutine goroutine, in TraceEvent transition)
    {
        TraceState from = transition.From, to = transition.To;
        int stack = transition.TransitionStack;
        if (goroutine.StartFunction == 0 && stack != 0) goroutine.StartFunction = from == TraceState.NotExist ? _sites.Innermost(stack) : _sites.Outermost(stack);
        if (from == to) return false;
        if (from == TraceState.NotExist)
        {
            goroutine.Cause = RunnableCause.Created;
            goroutine.MadeRunnableBy = transition.Goroutine;
            goroutine.WakerSite = _sites.Site(transition.Stack);
            goroutine.WakerStack = Numbered(transition.Stack);
        }
        else if (from == TraceState.Syscall)
        {
            if (IsComplete(goroutine, from))
            {
                long taken = transition.TimeNanoseconds - goroutine.Since;
                _syscalls.Add(taken);
                _syscallSites.Add(goroutine.Site, out _).Add(taken);
            }

            goroutine.Cause = RunnableCause.EndOfSyscall;
            goroutine.Proc = TraceEvent.None;
        }
        else if (from == TraceState.Waiting && IsComplete(goroutine, from))
        {
            long waited = transition.TimeNanoseconds - goroutine.Since;
            _blocking.Add(goroutine, 0, waited, isWoken: false);
        }

        if (to == TraceState.Running) EnterProc(goroutine, in transition);
        if (to != TraceState.NotExist) return true;
        Forget(goroutine);
        return false;
    }

    /// <summary>Whether the time in that state counts: its begin is in the trace.</summary>
    private static bool IsComplete(TrackedGoroutine goroutine, TraceState state) => goroutine.Since != 0 && goroutine.State == state;

    private void EnterProc(TrackedGoroutine goroutine, in TraceEvent transition)
    {
        goroutine.Proc = transition.Proc;
        ProcOrNull(in transition)?.Run(goroutine, inSyscall: false, transition.TimeNanoseconds);
    }

    private void LeaveProc(TrackedGoroutine goroutine, in TraceEvent transition)
    {
        goroutine.Proc = TraceEvent.None;
        goroutine.IsMarkWorker = false;
        ProcOrNull(in transition)?.Run(null, inSyscall: false, transition.TimeNanoseconds);
    }

    /// <summary>The P the event happened on, if any.</summary>
    private TrackedProc? ProcOrNull(in TraceEvent happened) => happened.Proc < 0 ? null : Proc(happened.Proc, happened.TimeNanoseconds);

    private TrackedProc? ProcOf(TrackedGoroutine goroutine, long time) => goroutine.Proc < 0 ? null : Proc(goroutine.Proc, time);

    private static int Pair(TraceState from, TraceState to) => (int)from << PairBits | (int)to;

    /// <summary>The runtime labels its mark workers each time they start to work.</summary>
    private void OnLabel(in TraceEvent label)
    {
        if (!_names[label.Name].StartsWith(MarkWorkerLabel, StringComparison.Ordinal)) return;
        TrackedGoroutine worker = Goroutine(label.Id);
        worker.IsMarkWorker = true;
        ProcOf(worker, label.TimeNanoseconds)?.Update(label.TimeNanoseconds);
    }

    private void OnRangeBegin(in TraceEvent range)
    {
        long time = range.TimeNanoseconds;
        switch (range.Range)
        {
            case TraceRange.GcMarkPhase:
                _markSince ??= time;
                break;
            case TraceRange.GcSweep:
                TrackedProc proc = Proc((int)range.Id, time);
                proc.Sweep(proc.SweepSince ?? time, time);
                break;
            case TraceRange.GcMarkAssist:
                TrackedGoroutine assistant = Goroutine(range.Id);
                assistant.AssistSince ??= time;
                ProcOf(assistant, time)?.Update(time);
                break;
            case TraceRange.StopTheWorld:
                List<(int Name, long Since)> stops = Goroutine(range.Id).Stops ??= [];
                if (IndexOf(stops, range.Name) < 0) stops.Add((range.Name, time));
                break;
        }
    }

    private void OnRangeEnd(in TraceEvent range)
    {
        long time = range.TimeNanoseconds;
        switch (range.Range)
        {
            case TraceRange.GcMarkPhase when _markSince is { } since:
                _ranges[range.Name].Add(time - since);
                _timeline.AddMarkPhase(since, time);
                _markSince = null;
                break;
            case TraceRange.GcSweep when Proc((int)range.Id, time) is { SweepSince: { } since } proc:
                _ranges[range.Name].Add(time - since);
                proc.Sweep(null, time);
                break;
            case TraceRange.GcMarkAssist when Goroutine(range.Id) is { AssistSince: { } since } assistant:
                _ranges[range.Name].Add(time - since);
                assistant.AssistSince = null;
                ProcOf(assistant, time)?.Update(time);
                break;
            case TraceRange.StopTheWorld when Goroutine(range.Id).Stops is { } stops && IndexOf(stops, range.Name) is >= 0 and int index:
                long duration = time - stops[index].Since;
                _stops[range.Name].Add(duration);
                _timeline.AddStopTheWorld(stops[index].Since, time);
                _longestStops.Add((range.Name, stops[index].Since, duration, range.Id), duration);
                stops.RemoveAt(index);
                break;
        }
    }

    private static int IndexOf(List<(int Name, long Since)> stops, int name)
    {
        for (int i = 0; i < stops.Count; i++)
        {
            if (stops[i].Name == name) return i;
        }

        return -1;
    }
}
