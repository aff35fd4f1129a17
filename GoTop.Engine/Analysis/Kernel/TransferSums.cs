using GoTop.Engine.KernelEvents;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>What disks and the network moved for the target.</summary>
internal sealed class TransferSums
{
    public long DiskRead { get; private set; }

    public long DiskWritten { get; private set; }

    public long NetworkReceived { get; private set; }

    public long NetworkSent { get; private set; }

    public long HardFaults { get; private set; }

    public void Add(in KernelEvent happened)
    {
        // A transfer of more than a terabyte is a damaged record.
        long bytes = Math.Clamp(happened.Value, 0, 1L << 40);
        switch (happened.Kind)
        {
            case KernelEventKind.DiskRead:
                DiskRead += bytes;
                break;
            case KernelEventKind.DiskWrite:
                DiskWritten += bytes;
                break;
            case KernelEventKind.NetworkReceive:
                NetworkReceived += bytes;
                break;
            case KernelEventKind.NetworkSend:
                NetworkSent += bytes;
                break;
            case KernelEventKind.HardFault:
                HardFaults++;
                break;
        }
    }

    public void Clear() => (DiskRead, DiskWritten, NetworkReceived, NetworkSent, HardFaults) = (0, 0, 0, 0, 0);
}
