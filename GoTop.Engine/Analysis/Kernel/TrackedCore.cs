using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GoTop.Engine.KernelEvents;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>A logical processor: who runs on it, who ran lately, and what that sums up to in the interval.</summary>
internal sealed class TrackedCore(int cpu, int node)
{
    /// <summary>Some tenths of a second on a core that switches 10,000 times in one.</summary>
    private const int Remembered = 4096;
    private const int MaxProcesses = 512;
    private const int MaxPlaces = 512;

    private readonly Dictionary<int, (long Nanoseconds, long Samples)> _byProcess = [];
    private readonly Dictionary<(ulong Address, bool InKernel), long> _places = [];

    /// <summary>A ring; its length is a power of two.</summary>
    private Segment[] _latest = new Segment[64];
    private long _next;
    private long _began;
    private long _countedTo;

    public int Cpu => cpu;

    public int Node => node;

    /// <summary>Unknown, 0 for idle, or the thread that runs.</summary>
    public int Thread { get; private set; } = KernelEvent.Unknown;

    public int Process { get; private set; } = KernelEvent.Unknown;

    public long Switches { get; private set; }

    public long Samples { get; private set; }

    public long InterruptNanoseconds { get; private set; }

    public long UnknownNanoseconds { get; private set; }

    public IReadOnlyDictionary<int, (long Nanoseconds, long Samples)> ByProcess => _byProcess;

    /// <summary>Where the target was found: in its own code where there is some on the stack, else in the kernel.</summary>
    public IReadOnlyDictionary<(ulong Address, bool InKernel), long> Places => _places;

    public bool WasSeen => Switches > 0 || Samples > 0 || InterruptNanoseconds > 0 || Thread != KernelEvent.Unknown;

    /// <summary>Since when the thread that was last switched out had run; null when that is not known.</summary>
    public long? LeftBegan => _next > 0 && _latest[Slot(_next - 1)] is { Thread: > 0 } left ? left.Began : null;

    public void BeginAt(long time) => _began = _countedTo = time;

    /// <param name="seesAll">No switch of anyone is left out: who is switched out ran since the one before.</param>
    public void Switch(in KernelEvent happened, bool seesAll)
    {
        Switches++;
        if (happened.OtherThread != KernelEvent.Unknown && (Thread == happened.OtherThread || (seesAll && Thread == KernelEvent.Unknown)))
            (Thread, Process) = (happened.OtherThread, happened.OtherProcess != KernelEvent.Unknown ? happened.OtherProcess : Process);
        else (Thread, Process) = (KernelEvent.Unknown, KernelEvent.Unknown);
        Count(happened.TimeNanoseconds);
        if (_next == _latest.Length && _latest.Length < Remembered) Array.Resize(ref _latest, _latest.Length * 4);
        _latest[Slot(_next)] = new Segment(Thread, Process, _began, happened.TimeNanoseconds);
        _next++;
        (Thread, Process, _began) = (happened.Thread, happened.Process, happened.TimeNanoseconds);
    }

    /// <summary>Who is found running on a core that nobody was switched to since has run on it all the time.</summary>
    public void Sample(in KernelEvent sample, bool seesAll)
    {
        Samples++;
        if (seesAll && Thread == KernelEvent.Unknown) (Thread, Process) = (sample.Thread, sample.Process);
        Add(sample.Process, 0, 1);
    }

    /// <summary>Places beyond those that are kept are left out: they are many, and so seldom each.</summary>
    public void SampleTarget(ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack)
    {
        if (kernelStack.IsEmpty && userStack.IsEmpty) return;
        (ulong, bool) place = userStack.IsEmpty ? (kernelStack[0], true) : (userStack[0], false);
        if (_places.TryGetValue(place, out long known) || _places.Count < MaxPlaces) _places[place] = known + 1;
    }

    /// <summary>An interrupt's time is not that of whom it interrupts.</summary>
    public void Interrupt(long nanoseconds)
    {
        InterruptNanoseconds += nanoseconds;
        if (Thread == KernelEvent.Unknown) UnknownNanoseconds -= nanoseconds;
        else Add(Process, -nanoseconds, 0);
    }

    /// <summary>Up to now the time is unknown, and so is who runs.</summary>
    public void Forget(long now)
    {
        (Thread, Process) = (KernelEvent.Unknown, KernelEvent.Unknown);
        Count(now);
        _began = now;
    }

    /// <summary>Counts what runs up to now.</summary>
    public void Count(long now)
    {
        long nanoseconds = now - _countedTo;
        if (nanoseconds <= 0) return;
        _countedTo = now;
        if (Thread == KernelEvent.Unknown) UnknownNanoseconds += nanoseconds;
        else Add(Process, nanoseconds, 0);
    }

    /// <summary>Adds who had this core in a stretch of time that ends now, as far as it is remembered.</summary>
    public void WhoRan(long from, long to, Contenders into)
    {
        long covered = to;
        for (long i = 1; i <= _latest.Length && i <= _next; i++)
        {
            Segment segment = _latest[Slot(_next - i)];
            long begin = Math.Max(from, segment.Began), end = Math.Min(to, segment.Ended);
            if (end <= from) break;
            into.Add(segment.Process, segment.Thread, end - begin);
            covered = Math.Min(covered, begin);
        }

        into.Add(KernelEvent.Unknown, KernelEvent.Unknown, covered - from);
    }

    public void StartInterval()
    {
        _byProcess.Clear();
        _places.Clear();
        (Switches, Samples, InterruptNanoseconds, UnknownNanoseconds) = (0, 0, 0, 0);
    }

    private void Add(int process, long nanoseconds, long samples)
    {
        ref (long Nanoseconds, long Samples) known = ref CollectionsMarshal.GetValueRefOrNullRef(_byProcess, process);
        if (Unsafe.IsNullRef(ref known))
            known = ref CollectionsMarshal.GetValueRefOrAddDefault(_byProcess, _byProcess.Count < MaxProcesses ? process : KernelEvent.Unknown, out _);
        known = (known.Nanoseconds + nanoseconds, known.Samples + samples);
    }

    private int Slot(long number) => (int)(number & (_latest.Length - 1));

    private readonly record struct Segment(int Thread, int Process, long Began, long Ended);
}
