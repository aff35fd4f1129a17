using System.Runtime.InteropServices;
using System.Text;

namespace GoTop.Engine.GoRuntime.Traces;

/// <summary>
/// Texts of a trace by number: reasons, names of ranges and metrics, types of tasks and regions, functions, files. A number
/// keeps its meaning through the whole trace, unlike the trace's own string numbers, which each generation gives anew. A text
/// enters when an event or a frame that was asked for names it.
/// </summary>
public sealed class TraceNames
{
    /// <summary>The empty text.</summary>
    public const int Empty = 0;

    public const int GcMarkPhase = 1;
    public const int GcSweep = 2;
    public const int GcMarkAssist = 3;
    public const int Gomaxprocs = 4;
    public const int HeapLiveBytes = 5;
    public const int HeapGoalBytes = 6;

    /// <summary>Stands for every further text once there are too many.</summary>
    public const int Others = 7;

    private const int MaxCount = 1 << 18;
    private const int MaxBytes = 32 << 20;
    private const int MaxPlaces = 64;

    private readonly List<string> _texts = [];
    private readonly Dictionary<ulong, int> _byHash = [];
    private readonly List<byte[]> _encoded = [];
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private int _bytes;

    /// <summary>The names that every trace has come first and are the reference's.</summary>
    internal TraceNames()
    {
        string[] known =
        [
            "", "GC concurrent mark phase", "GC incremental sweep", "GC mark assist", "/sched/gomaxprocs:threads",
            "/memory/classes/heap/objects:bytes", "/gc/heap/goal:bytes", "(others: too many different names)",
        ];
        foreach (string text in known) Intern(text);
    }

    public int Count => _texts.Count;

    /// <summary>As the trace has it: clean it before it is drawn.</summary>
    public string this[int name] => _texts[name];

    internal int Intern(string text) => Intern(Encoding.UTF8.GetBytes(text));

    internal int Intern(ReadOnlySpan<byte> utf8)
    {
        // Two texts of one hash go on to the next free place, as in any open table; not for long, as a trace might be made for it.
        ulong hash = Hash(utf8);
        for (int place = 0; place < MaxPlaces; place++, hash++)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHash, hash, out bool exists);
            if (!exists)
            {
                if (_texts.Count >= MaxCount || _bytes > MaxBytes)
                {
                    _byHash.Remove(hash);
                    return Others;
                }

                number = _texts.Count;
                _bytes += utf8.Length;
                _encoded.Add(utf8.ToArray());
                _texts.Add(Encoding.UTF8.GetString(utf8));
                return number;
            }

            if (utf8.SequenceEqual(_encoded[number])) return number;
        }

        return Others;
    }

    private ulong Hash(ReadOnlySpan<byte> text)
    {
        ulong hash = _seed ^ (ulong)text.Length;
        for (; text.Length >= 8; text = text[8..]) hash = Mix(hash ^ MemoryMarshal.Read<ulong>(text));
        ulong rest = 0;
        foreach (byte each in text) rest = (rest << 8) | each;
        return Mix(hash ^ rest);
    }

    private static ulong Mix(ulong value)
    {
        value *= 0x9e3779b97f4a7c15;
        return value ^ (value >> 32);
    }
}
