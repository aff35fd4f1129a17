namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>What one value of each sample counts: <c>cpu</c> in <c>nanoseconds</c>, <c>inuse_space</c> in <c>bytes</c>.</summary>
public readonly record struct ProfileValueType(string Type, string Unit);

/// <summary>A function. Texts are places in <see cref="Profile.Strings"/>.</summary>
/// <param name="SystemName">As the linker knows it, e.g. mangled C++; in Go the same as the name.</param>
/// <param name="StartLine">0 when not told, so before Go 1.20.</param>
public readonly record struct ProfileFunction(ulong Id, int Name, int SystemName, int File, long StartLine);

/// <summary>A program counter. Its lines are <see cref="Profile.LinesOf"/>.</summary>
/// <param name="Mapping">Place in <see cref="Profile.Mappings"/>; −1 for none.</param>
/// <param name="Address">0 when not told.</param>
public readonly record struct ProfileLocation(ulong Id, int Mapping, ulong Address, int FirstLine, int LineCount, bool IsFolded);

/// <summary>A line of source at a location.</summary>
/// <param name="Function">Place in <see cref="Profile.Functions"/>.</param>
/// <param name="Line">0 when not told.</param>
/// <param name="Column">0 when not told.</param>
public readonly record struct ProfileLine(int Function, long Line, long Column);

/// <summary>What a mapping says of the locations in it.</summary>
[Flags]
public enum ProfileMappingTraits : byte
{
    None = 0,
    HasFunctions = 1,
    HasFileNames = 2,
    HasLineNumbers = 4,
    HasInlineFrames = 8,
}

/// <summary>A file that was mapped into the process. Texts are places in <see cref="Profile.Strings"/>.</summary>
/// <param name="Start">Address of its first byte.</param>
/// <param name="Limit">Address behind its last byte.</param>
/// <param name="Offset">Of the first byte in the file.</param>
public readonly record struct ProfileMapping(ulong Id, ulong Start, ulong Limit, ulong Offset, int File, int BuildId, ProfileMappingTraits Traits);

/// <summary>A label of a sample: a text or a number. Texts are places in <see cref="Profile.Strings"/>.</summary>
/// <param name="Text">0 for a number.</param>
/// <param name="Unit">Of the number; 0 when not told.</param>
public readonly record struct ProfileLabel(int Key, int Text, long Number, int Unit)
{
    public bool IsText => Text != 0;
}
