using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>What the frames of a call tree are called, by their numbers from 0. All texts are clean.</summary>
public interface IFrameNames
{
    int Count { get; }

    string NameOf(int frame);

    /// <summary>Empty when not told.</summary>
    string FileOf(int frame);

    /// <summary>0 when not told.</summary>
    long LineOf(int frame);
}

/// <summary>Frames that are numbered as they come: for trees of stacks that are from no profile, such as a goroutine dump's.</summary>
public sealed class NamedFrames : IFrameNames
{
    private const int MaximumNameLength = 4096;

    private readonly Dictionary<(string Name, string File, long Line), int> _numbers = [];
    private readonly List<(string Name, string File, long Line)> _frames = [];

    public int Count => _frames.Count;

    /// <param name="file">Empty, with line 0, for frames that are told apart by their functions alone.</param>
    /// <returns>The frame's number.</returns>
    public int Add(string name, string file = "", long line = 0)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, (name, file, line), out bool exists);
        if (exists) return number;
        number = _frames.Count;
        _frames.Add((PlainText.Clean(name, MaximumNameLength), PlainText.Clean(file, MaximumNameLength), line));
        return number;
    }

    public string NameOf(int frame) => _frames[frame].Name;

    public string FileOf(int frame) => _frames[frame].File;

    public long LineOf(int frame) => _frames[frame].Line;
}

/// <summary>The order of frames: that of pprof's printed names.</summary>
internal static class FrameOrder
{
    public static int Compare(IFrameNames frames, int a, int b)
    {
        int order = string.CompareOrdinal(frames.NameOf(a), frames.NameOf(b));
        if (order == 0) order = string.CompareOrdinal(frames.FileOf(a), frames.FileOf(b));
        return order != 0 ? order : frames.LineOf(a).CompareTo(frames.LineOf(b));
    }
}
