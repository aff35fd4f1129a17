using System.Globalization;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>Mappings, locations and functions of a profile as they come. Their references are resolved when all are there.</summary>
internal sealed class TableDecoder(ProfileLimits limits)
{
    private readonly Column<ProfileMapping> _mappings = new();
    private readonly Column<(long File, long BuildId)> _mappingStrings = new();
    private readonly Column<ulong> _mappingIds = new();
    private readonly Column<long> _mappingOffsets = new();
    private readonly Column<ProfileLocation> _locations = new(256);
    private readonly Column<ulong> _locationIds = new(256);
    private readonly Column<ulong> _locationMappings = new(256);
    private readonly Column<long> _locationOffsets = new(256);
    private readonly Column<ProfileLine> _lines = new(256);
    private readonly Column<ulong> _lineFunctions = new(256);
    private readonly Column<ProfileFunction> _functions = new(256);
    private readonly Column<(long Name, long SystemName, long File)> _functionStrings = new(256);
    private readonly Column<ulong> _functionIds = new(256);
    private readonly Column<long> _functionOffsets = new(256);

    public ProfileMapping[] Mappings => _mappings.ToArray();

    public ProfileLocation[] Locations => _locations.ToArray();

    public ProfileLine[] Lines => _lines.ToArray();

    public ProfileFunction[] Functions => _functions.ToArray();

    public void TakeMapping(ProtobufMessage message, long offset)
    {
        if (_mappings.Count >= limits.MaxMappings) throw ProfileException.At(offset, "mapping", $"more than {limits.MaxMappings} mappings");
        ProfileMapping mapping = default;
        (long File, long BuildId) strings = default;
        while (message.Next())
        {
            mapping = message.Field switch
            {
                1 => mapping with { Id = message.UInt64("id") },
                2 => mapping with { Start = message.UInt64("memory_start") },
                3 => mapping with { Limit = message.UInt64("memory_limit") },
                4 => mapping with { Offset = message.UInt64("file_offset") },
                7 => With(mapping, ProfileMappingTraits.HasFunctions, message.Boolean("has_functions")),
                8 => With(mapping, ProfileMappingTraits.HasFileNames, message.Boolean("has_filenames")),
                9 => With(mapping, ProfileMappingTraits.HasLineNumbers, message.Boolean("has_line_numbers")),
                10 => With(mapping, ProfileMappingTraits.HasInlineFrames, message.Boolean("has_inline_frames")),
                _ => mapping,
            };
            if (message.Field == 5) strings.File = message.Int64("filename");
            else if (message.Field == 6) strings.BuildId = message.Int64("build_id");
        }

        _mappings.Add(mapping);
        _mappingStrings.Add(strings);
        _mappingIds.Add(mapping.Id);
        _mappingOffsets.Add(offset);
    }

    public void TakeLocation(ProtobufMessage message, long offset)
    {
        if (_locations.Count >= limits.MaxLocations) throw ProfileException.At(offset, "location", $"more than {limits.MaxLocations} locations");
        int firstLine = _lines.Count;
        ulong id = 0;
        ulong mapping = 0;
        ulong address = 0;
        bool folded = false;
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    id = message.UInt64("id");
                    break;
                case 2:
                    mapping = message.UInt64("mapping_id");
                    break;
                case 3:
                    address = message.UInt64("address");
                    break;
                case 4:
                    if (_lines.Count >= limits.MaxLines) throw message.Problem($"more than {limits.MaxLines} lines");
                    TakeLine(new ProtobufMessage(message.Payload("line"), message.BytesOffset, "location.line"));
                    break;
                case 5:
                    folded = message.Boolean("is_folded");
                    break;
            }
        }

        _locations.Add(new ProfileLocation(id, -1, address, firstLine, _lines.Count - firstLine, folded));
        _locationIds.Add(id);
        _locationMappings.Add(mapping);
        _locationOffsets.Add(offset);
    }

    public void TakeFunction(ProtobufMessage message, long offset)
    {
        if (_functions.Count >= limits.MaxFunctions) throw ProfileException.At(offset, "function", $"more than {limits.MaxFunctions} functions");
        ulong id = 0;
        long startLine = 0;
        (long Name, long SystemName, long File) strings = default;
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    id = message.UInt64("id");
                    break;
                case 2:
                    strings.Name = message.Int64("name");
                    break;
                case 3:
                    strings.SystemName = message.Int64("system_name");
                    break;
                case 4:
                    strings.File = message.Int64("filename");
                    break;
                case 5:
                    startLine = message.Int64("start_line");
                    break;
            }
        }

        _functions.Add(new ProfileFunction(id, 0, 0, 0, startLine));
        _functionStrings.Add(strings);
        _functionIds.Add(id);
        _functionOffsets.Add(offset);
    }

    /// <summary>Replaces ids and places of strings by places in the tables.</summary>
    /// <returns>Where locations are by their ids.</returns>
    public IdIndex ResolveIds(int strings)
    {
        IdIndex mappingIds = IdIndex.Build("mapping", _mappingIds.Items, _mappingOffsets.Items);
        IdIndex functionIds = IdIndex.Build("function", _functionIds.Items, _functionOffsets.Items);
        IdIndex locationIds = IdIndex.Build("location", _locationIds.Items, _locationOffsets.Items);
        ResolveMappings(strings);
        ResolveFunctions(strings);
        ResolveLocations(mappingIds, functionIds);
        return locationIds;
    }

    private void ResolveMappings(int strings)
    {
        for (int i = 0; i < _mappings.Count; i++)
        {
            long offset = _mappingOffsets.Items[i];
            (long file, long buildId) = _mappingStrings.Items[i];
            ref ProfileMapping mapping = ref _mappings.Items[i];
            mapping = mapping with { File = Text(file, strings, offset, "mapping.filename"), BuildId = Text(buildId, strings, offset, "mapping.build_id") };
        }
    }

    private void ResolveFunctions(int strings)
    {
        for (int i = 0; i < _functions.Count; i++)
        {
            long offset = _functionOffsets.Items[i];
            (long name, long systemName, long file) = _functionStrings.Items[i];
            ref ProfileFunction function = ref _functions.Items[i];
            function = function with
            {
                Name = Text(name, strings, offset, "function.name"),
                SystemName = Text(systemName, strings, offset, "function.system_name"),
                File = Text(file, strings, offset, "function.filename"),
            };
        }
    }

    private void ResolveLocations(IdIndex mappingIds, IdIndex functionIds)
    {
        for (int i = 0; i < _locations.Count; i++)
        {
            ref ProfileLocation location = ref _locations.Items[i];
            location = location with { Mapping = mappingIds.Find(_locationMappings.Items[i]) };
            for (int line = location.FirstLine; line < location.FirstLine + location.LineCount; line++)
            {
                ulong id = _lineFunctions.Items[line];
                int function = functionIds.Find(id);
                if (function < 0) throw ProfileException.At(_locationOffsets.Items[i], "location.line.function_id", string.Create(CultureInfo.InvariantCulture, $"there is no function {id}"));
                _lines.Items[line] = _lines.Items[line] with { Function = function };
            }
        }
    }

    private void TakeLine(ProtobufMessage message)
    {
        ulong function = 0;
        long line = 0;
        long column = 0;
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    function = message.UInt64("function_id");
                    break;
                case 2:
                    line = message.Int64("line");
                    break;
                case 3:
                    column = message.Int64("column");
                    break;
            }
        }

        _lines.Add(new ProfileLine(-1, line, column));
        _lineFunctions.Add(function);
    }

    private static ProfileMapping With(ProfileMapping mapping, ProfileMappingTraits trait, bool on) =>
        mapping with { Traits = on ? mapping.Traits | trait : mapping.Traits & ~trait };

    private static int Text(long place, int strings, long offset, string field) =>
        place >= 0 && place < strings
            ? (int)place
            : throw ProfileException.At(offset, field, string.Create(CultureInfo.InvariantCulture, $"string {place} of {strings}"));
}
