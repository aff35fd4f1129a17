using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Engine.Analysis.Traces;

public sealed partial class TraceAnalysis
{
    private const string MarkWorkerLabel = "GC (";

    private void OnGoroutine(in TraceEvent transition)
    {
        TrackedGoroutine goroutine = Goroutine(transition.Id);
        TraceState from = transition.From, to = transition.To;
        if (goroutine.StartFunction == 0 && transition.TransitionStack != 0)
        {
            goroutine.StartFunction = from == TraceState.NotExist ? _sites.Innermost(transition.TransitionStack) : _sites.Outermost(transition.TransitionStack);
        }

        // The state told anew at the start of a generation.
        if (from == to) return;
        long time = transition.TimeNanoseconds;
        if (goroutine.Since != 0 && goroutine.State == from) Complete(goroutine, in transition, time - goroutine.Since);
        switch (from)
        {
            case TraceState.Running:
                goroutine.Site = _sites.Site(transition.TransitionStack);
                goroutine.Cause = RunnableCause.Preempted;
                goroutine.WaitedFor = transition.Name;
                goroutine.MadeRunnableBy = TraceEvent.None;
                goroutine.WakerSite = 0;
                break;
            case TraceState.Waiting:
                goroutine.Cause = RunnableCause.Woken;
                goroutine.WaitedFor = goroutine.Reason;
                goroutine.MadeRunnableBy = transition.Goroutine;
                goroutine.WakerSite = _sites.Site(transition.Stack);
                break;
            case TraceState.Syscall:
                goroutine.Cause = RunnableCause.EndOfSyscall;
                break;
            case TraceState.NotExist:
                goroutine.Cause = RunnableCause.Created;
                goroutine.MadeRunnableBy = transition.Goroutine;
                goroutine.WakerSite = _sites.Site(transition.Stack);
                break;
        }

        goroutine.State = to;
        goroutine.Since = from == TraceState.Undetermined ? 0 : time;
        goroutine.Reason = transition.Name;
        FollowOnProc(goroutine, in transition);
        if (to == TraceState.NotExist) Forget(goroutine);
    }

    private void Complete(TrackedGoroutine goroutine, in TraceEvent transition, long duration)
    {
        switch (transition.From)
        {
            case TraceState.Running:
                _running.Add(duration);
                break;
            case TraceState.Runnable when transition.To == TraceState.Running:
                _latency.Add(duration);
                if (duration > _longestWaits.Threshold)
                {
                    _longestWaits.Add(
                        new Wait(
                            goroutine.Id, goroutine.Since, duration, goroutine.StartFunction, goroutine.Cause, goroutine.WaitedFor, goroutine.Site, goroutine.MadeRunnableBy,
                            goroutine.WakerSite),
                        duration);
                }

                break;
            case TraceState.Waiting:
                _blocked[goroutine.Reason].Add(duration);
                _blocking.Add(goroutine.Reason, goroutine.Site, _sites.Site(transition.Stack), duration, isWoken: transition.To == TraceState.Runnable);
                break;
            case TraceState.Syscall:
                _syscalls.Add(duration);
                _syscallSites.Add(goroutine.Site, out _).Add(duration);
                break;
        }
    }

    private void FollowOnProc(TrackedGoroutine goroutine, in TraceEvent transition)
    {
        long time = transition.TimeNanoseconds;
        if (transition.To == TraceState.Running)
        {
            goroutine.Proc = transition.Proc;
            ProcOrNull(transition.Proc)?.Run(goroutine, inSyscall: false, time);
        }
        else if (transition.From == TraceState.Running)
        {
            bool inSyscall = transition.To == TraceState.Syscall;
            if (!inSyscall)
            {
                goroutine.Proc = TraceEvent.None;
                goroutine.IsMarkWorker = false;
            }

            ProcOrNull(transition.Proc)?.Run(inSyscall ? goroutine : null, inSyscall, time);
        }
        else if (transition.From == TraceState.Syscall)
        {
            goroutine.Proc = TraceEvent.None;
        }
    }

    /// <summary>The runtime labels its mark workers each time they start to work.</summary>
    private void OnLabel(in TraceEvent label)
    {
        if (!_names[label.Name].StartsWith(MarkWorkerLabel, StringComparison.Ordinal)) return;
        TrackedGoroutine worker = Goroutine(label.Id);
        worker.IsMarkWorker = true;
        ProcOrNull(worker.Proc)?.Update(label.TimeNanoseconds);
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
                TrackedProc proc = Proc((int)range.Id);
                proc.Sweep(proc.SweepSince ?? time, time);
                break;
            case TraceRange.GcMarkAssist:
                TrackedGoroutine assistant = Goroutine(range.Id);
                assistant.AssistSince ??= time;
                ProcOrNull(assistant.Proc)?.Update(time);
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
            case TraceRange.GcSweep when Proc((int)range.Id) is { SweepSince: { } since } proc:
                _ranges[range.Name].Add(time - since);
                proc.Sweep(null, time);
                break;
            case TraceRange.GcMarkAssist when Goroutine(range.Id) is { AssistSince: { } since } assistant:
                _ranges[range.Name].Add(time - since);
                assistant.AssistSince = null;
                ProcOrNull(assistant.Proc)?.Update(time);
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
