using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Memory.Waits;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>Which goroutines' stacks to read: one of each group, and all of those that someone is looking at.</summary>
internal sealed class StackSelection(CodeIndex code, ImmutableArray<string> waitReasons)
{
    private readonly Dictionary<GroupNumbers, bool> _wholeGroup = [];
    /// <summary>By wait reason: what is waited on can be told by the stack alone.</summary>
    private readonly bool[] _stackTellsObject = [.. waitReasons.Select(reason => WaitKind.Of(reason) is { OnSemaphore: true, Use: null })];

    private Interest _interest = Interest.None;

    public void BeginRead(Interest interest)
    {
        _interest = interest;
        _wholeGroup.Clear();
    }

    /// <param name="creator">Number of the location it was made at; −1 when unknown.</param>
    /// <param name="start">Number of its first function's location; −1 when unknown.</param>
    public bool Wants(long id, in GroupNumbers group, int creator, int start)
    {
        if (_interest.AllStacks || _interest.Goroutine == id || (_interest.Waits && _stackTellsObject[group.WaitReason])) return true;
        ref bool whole = ref CollectionsMarshal.GetValueRefOrAddDefault(_wholeGroup, group, out bool seen);
        if (seen) return whole;
        whole = _interest.Stacks is { } key && IsThis(key, group, creator, start);
        return true;
    }

    private bool IsThis(GroupKey key, in GroupNumbers group, int creator, int start) =>
        key.State == group.State
        && (key.WaitReason ?? "") == waitReasons[group.WaitReason]
        && (key.StartFunction ?? "") == (start < 0 ? "" : code.Location(start).Function)
        && (creator < 0 ? string.IsNullOrEmpty(key.CreatedBy.Function) : key.CreatedBy == code.Location(creator));
}

/// <summary>A group as the target numbers it: by addresses, without looking up what they mean.</summary>
internal readonly record struct GroupNumbers(ulong CreatorPc, ulong StartPc, GoroutineState State, int WaitReason);
