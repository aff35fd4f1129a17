using System.Globalization;
using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>What makes two frames the same.</summary>
public enum FrameDetail
{
    /// <summary>The function's name, as for <c>go tool pprof -top</c>.</summary>
    Function,

    /// <summary>Function, file and line; without symbols the address.</summary>
    Line,
}

/// <summary>
/// The distinct frames of a profile, numbered from 0. Functions of the same name are one, inlined ones are frames of their own. Where
/// there are no symbols, a frame is called after the mapped file, <c>[libc.so.6]</c>, or <c>&lt;unknown&gt;</c>, as pprof does. Texts are clean.
/// </summary>
public sealed class FrameTable : IFrameNames
{
    /// <summary>The names of generic and of C++ functions can be long, but are of no use beyond this.</summary>
    private const int MaximumNameLength = 4096;

    private readonly Profile _profile;
    private readonly List<string> _names = [];
    private readonly List<string> _files = [];
    private readonly List<long> _lines = [];
    private readonly List<long> _startLines = [];
    // Where the frames of each location begin, and where those of the last one end.
    private readonly int[] _starts;
    private readonly int[] _frames;

    internal FrameTable(Profile profile, FrameDetail detail)
    {
        _profile = profile;
        Detail = detail;
        (_starts, _frames) = new Builder(this).Build();
    }

    public FrameDetail Detail { get; }

    public int Count => _names.Count;

    public string NameOf(int frame) => _names[frame];

    /// <summary>Empty when not told. Of functions that share their name, the first one's.</summary>
    public string FileOf(int frame) => _files[frame];

    /// <summary>0 when not told, and always so in a table of functions.</summary>
    public long LineOf(int frame) => _lines[frame];

    /// <summary>The line where the function begins; 0 when not told.</summary>
    public long StartLineOf(int frame) => _startLines[frame];

    /// <summary>The frames at a location, innermost first; at least one, and one per line of <see cref="Profile.LinesOf"/> where there are any.</summary>
    public ReadOnlySpan<int> Of(int location)
    {
        int start = _starts[location];
        return _frames.AsSpan(start, _starts[location + 1] - start);
    }

    /// <summary>The file of one of the profile's functions.</summary>
    internal string CleanFile(int function) => Clean(_profile.Strings[_profile.Functions[function].File]);

    private static string Clean(string text) => PlainText.Clean(text, MaximumNameLength);

    private sealed class Builder(FrameTable table)
    {
        private readonly Dictionary<(string Name, string File, long Line), int> _numbers = [];
        // Frame or −1 for not yet, where a function is one frame.
        private readonly int[] _frameOfFunction = new int[table._profile.Functions.Length];
        private readonly string?[] _nameOfFunction = new string?[table._profile.Functions.Length];
        private readonly string?[] _fileOfFunction = new string?[table._profile.Functions.Length];

        public (int[] Starts, int[] Frames) Build()
        {
            Profile profile = table._profile;
            Array.Fill(_frameOfFunction, -1);
            int[] starts = new int[profile.Locations.Length + 1];
            Column<int> frames = new(starts.Length);
            for (int i = 0; i < profile.Locations.Length; i++)
            {
                ref readonly ProfileLocation location = ref profile.Locations[i];
                if (location.LineCount == 0) frames.Add(WithoutName(location));
                foreach (ref readonly ProfileLine line in profile.LinesOf(i)) frames.Add(table.Detail == FrameDetail.Function ? Function(location, line) : Line(location, line));
                starts[i + 1] = frames.Count;
            }

            return (starts, frames.ToArray());
        }

        private int Function(in ProfileLocation location, in ProfileLine line)
        {
            ref int known = ref _frameOfFunction[line.Function];
            if (known >= 0) return known;
            string name = NameOf(line.Function);
            // A function without a name is called after the location's file, which differs.
            return name.Length == 0 ? WithoutName(location) : known = Number(name, "", 0, line.Function);
        }

        private int Line(in ProfileLocation location, in ProfileLine line)
        {
            string name = NameOf(line.Function);
            return name.Length == 0 ? WithoutName(location) : Number(name, FileOf(line.Function), line.Line, line.Function);
        }

        private int WithoutName(in ProfileLocation location)
        {
            string file = location.Mapping < 0 ? "" : table._profile.Strings[table._profile.Mappings[location.Mapping].File].TrimEnd('/');
            string name = file.Length == 0 ? "<unknown>" : $"[{file[(file.LastIndexOf('/') + 1)..]}]";
            if (table.Detail == FrameDetail.Line && location.Address != 0) name = string.Create(CultureInfo.InvariantCulture, $"{location.Address:x16} {name}");
            return Number(Clean(name), "", 0, -1);
        }

        /// <summary>Texts that differ only in what is cleaned away are the same: nobody could tell them apart.</summary>
        private int Number(string name, string file, long line, int function)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, (name, file, line), out bool exists);
            if (exists) return number;
            number = table._names.Count;
            table._names.Add(name);
            table._files.Add(function < 0 ? "" : FileOf(function));
            table._lines.Add(line);
            table._startLines.Add(function < 0 ? 0 : table._profile.Functions[function].StartLine);
            return number;
        }

        private string NameOf(int function)
        {
            ProfileStrings strings = table._profile.Strings;
            ref readonly ProfileFunction row = ref table._profile.Functions[function];
            return _nameOfFunction[function] ??= Clean(ShownNames.Of(strings[row.Name], strings[row.SystemName]));
        }

        private string FileOf(int function) => _fileOfFunction[function] ??= table.CleanFile(function);
    }
}
