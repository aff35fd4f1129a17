namespace GoTop.Engine.KernelEvents.Etw;

/// <summary>
/// Joins samples of the processors with their stacks, which come as events of their own: the kernel's part at once, the
/// process's part when the thread is about to go back there, which may be long after. So a sample is handed on when its
/// process's part is here, or when it has waited too long for it; with the time at which it was taken.
/// </summary>
internal sealed class PendingSamples(IKernelEventSink sink)
{
    public const long MaxWaitNanoseconds = 500_000_000;

    private const int MaxPending = 16 * 1024;
    private const int MaxFrames = 512;

    /// <summary>Where the kernel's half of the address space begins, with 64 and with 32 bits.</summary>
    private const ulong KernelFrom64 = 0xffff_8000_0000_0000;
    private const ulong KernelFrom32 = 0x8000_0000;

    private readonly Dictionary<(long Time, int Thread), Pending> _pending = [];
    private readonly Queue<Pending> _oldestFirst = new();

    public static bool IsKernel(ulong address, bool is64Bit) => address >= (is64Bit ? KernelFrom64 : KernelFrom32);

    /// <param name="key">The time of the sample on the session's clock, which its stacks name.</param>
    public void Add(in KernelEvent sample, long key, ulong address, bool is64Bit)
    {
        HandOnUntil(sample.TimeNanoseconds - MaxWaitNanoseconds);
        if (_oldestFirst.Count == MaxPending) HandOn(_oldestFirst.Dequeue());
        Pending pending = new(sample, key, address, is64Bit);
        // The idle threads of all processors have one number, so their stacks cannot be told apart; nobody asks for them.
        if (sample.Thread != 0 && _pending.TryAdd((key, sample.Thread), pending)) _oldestFirst.Enqueue(pending);
        else HandOn(pending, isJoined: false);
    }

    /// <param name="addresses">Innermost first: of the kernel, of the process, or both.</param>
    public void AddStack(long key, int thread, ReadOnlySpan<ulong> addresses)
    {
        if (addresses.IsEmpty || !_pending.TryGetValue((key, thread), out Pending? pending)) return;
        if (addresses.Length > MaxFrames) addresses = addresses[..MaxFrames];
        int kernel = 0;
        while (kernel < addresses.Length && IsKernel(addresses[kernel], pending.Is64Bit)) kernel++;
        if (kernel > 0) pending.Kernel = addresses[..kernel].ToArray();
        if (kernel == addresses.Length) return;
        pending.User = addresses[kernel..].ToArray();
        HandOn(pending);
    }

    /// <summary>Hands on those that were taken before.</summary>
    public void HandOnUntil(long timeNanoseconds)
    {
        while (_oldestFirst.TryPeek(out Pending? oldest) && (oldest.IsHandedOn || oldest.Sample.TimeNanoseconds <= timeNanoseconds)) HandOn(_oldestFirst.Dequeue());
    }

    private void HandOn(Pending pending, bool isJoined = true)
    {
        if (pending.IsHandedOn) return;
        pending.IsHandedOn = true;
        if (isJoined) _pending.Remove((pending.Key, pending.Sample.Thread));
        // Without a stack there is still the place where it was.
        ReadOnlySpan<ulong> place = [pending.Address];
        bool hasStack = pending.Kernel.Length + pending.User.Length > 0, isKernel = IsKernel(pending.Address, pending.Is64Bit);
        sink.OnSample(pending.Sample, hasStack || !isKernel ? pending.Kernel : place, hasStack || isKernel ? pending.User : place);
    }

    private sealed class Pending(in KernelEvent sample, long key, ulong address, bool is64Bit)
    {
        public KernelEvent Sample { get; } = sample;

        public long Key { get; } = key;

        public ulong Address { get; } = address;

        public bool Is64Bit { get; } = is64Bit;

        public ulong[] Kernel { get; set; } = [];

        public ulong[] User { get; set; } = [];

        public bool IsHandedOn { get; set; }
    }
}
