using System.Buffers.Binary;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>A runtime.g's bytes, decoded on demand.</summary>
internal readonly ref struct GoroutineRecord(ReadOnlySpan<byte> bytes, GoroutineLayout at)
{
    /// <summary>Set while the garbage collector scans the stack (_Gscan); the state below it holds.</summary>
    private const uint ScanBit = 0x1000;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public long Id => (long)Word(at.Id);

    public uint Status => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at.Status..]) & ~ScanBit;

    public byte WaitReason => _bytes[at.WaitReason];

    public long WaitSince => (long)Word(at.WaitSince);

    public ulong CreatorPc => Word(at.CreatorPc);

    public ulong StartPc => Word(at.StartPc);

    public bool LockedToThread => Word(at.LockedThread) != 0;

    public long ParentId => at.ParentId < 0 ? 0 : (long)Word(at.ParentId);

    public bool? RunningCleanups => at.RunningCleanups < 0 ? null : _bytes[at.RunningCleanups] != 0;

    /// <summary>g.waiting: the first sudog of a wait on a channel, since 1.26 of any wait that has one.</summary>
    public ulong Waiting => at.Waiting < 0 ? 0 : Word(at.Waiting);

    /// <summary>g.labels; 0 for none.</summary>
    public ulong Labels => at.Labels < 0 ? 0 : Word(at.Labels);

    public ulong StackLow => Word(at.StackLow);

    public ulong StackHigh => Word(at.StackHigh);

    /// <summary>Where its stack is walked from: for one in a system call, where it entered it.</summary>
    public ulong StackPointer => Word(Status == (uint)GoroutineState.Syscall ? at.SyscallStackPointer : at.SchedStackPointer);

    public ulong Pc => Word(Status == (uint)GoroutineState.Syscall ? at.SyscallPc : at.SchedPc);

    private ulong Word(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[offset..]);
}
