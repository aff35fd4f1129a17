using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace GoTop.Engine.Config.Toml;

/// <summary>
/// Reads TOML 1.0 into tables that know the place of each key and value. Where the syntax is wrong, what stands around
/// it is still read, so that its problems are found in the same go.
/// </summary>
public static partial class TomlParser
{
    /// <summary>Much more than a person writes; less than what could hurt.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Names in one dotted key; Tomlyn limits all other nesting itself.</summary>
    private const int MaxPath = 16;

    /// <summary>Reads a file; null, with a problem, when it cannot be read at all.</summary>
    public static TomlTable? ParseFile(string path, ProblemList problems)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[MaxBytes + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxBytes)
            {
                problems.Add("the file is larger than 1 MB");
                return null;
            }

            using StreamReader reader = new(new MemoryStream(bytes, 0, length));
            return Parse(reader.ReadToEnd(), problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : $"the file cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>
    /// The parser quotes what it stumbled over between back quotes, and that may be a password without its quotation marks.
    /// The place is enough to find it.
    /// </summary>
    [GeneratedRegex(" ?`[^`]*`")]
    private static partial Regex Quoted { get; }

    private static string WithoutQuotes(string message) => Quoted.Replace(message, "");

    public static TomlTable Parse(string text, ProblemList problems)
    {
        DocumentSyntax document;
        try
        {
            document = SyntaxParser.Parse(text, problems.File, validate: true);
        }
        catch (TomlException e)
        {
            TextPosition? at = e.Diagnostics.FirstOrDefault()?.Span.Start;
            problems.Add(at is { } start ? PositionOf(start) : new TomlPosition(1, 1), WithoutQuotes(e.Message));
            return new TomlTable(new TomlPosition(1, 1), []);
        }

        foreach (DiagnosticMessage message in document.Diagnostics)
        {
            // One slip makes the parser stumble several times in its line: the first time is the telling one.
            TomlPosition at = PositionOf(message.Span.Start);
            if (!problems.HasAt(at.Line)) problems.Add(at, WithoutQuotes(message.Message));
        }

        TableBuilder root = new(new TomlPosition(1, 1));
        AddAll(root, document.KeyValues, problems);
        foreach (TableSyntaxBase table in document.Tables)
        {
            if (table.Name is null) continue;
            List<string> path = PathOf(table.Name, problems);
            if (path.Count > 0) AddAll(root.Open(path, PositionOf(table.Name), table is TableArraySyntax), table.Items, problems);
        }

        return root.Build();
    }

    private static void AddAll(TableBuilder table, SyntaxList<KeyValueSyntax> items, ProblemList problems)
    {
        foreach (KeyValueSyntax item in items) Add(table, item, problems);
    }

    private static void Add(TableBuilder table, KeyValueSyntax item, ProblemList problems)
    {
        if (item.Key is null || item.Value is null) return;
        List<string> path = PathOf(item.Key, problems);
        if (path.Count == 0 || NodeOf(item.Value, problems) is not { } value) return;
        TomlPosition at = PositionOf(item.Key);
        TableBuilder owner = path.Count == 1 ? table : table.Open(path[..^1], at, array: false);
        owner.Add(path[^1], at, value);
    }

    private static TomlNode? NodeOf(ValueSyntax value, ProblemList problems)
    {
        TomlPosition at = PositionOf(value);
        switch (value)
        {
            case StringValueSyntax text:
                return new TomlScalar(at, text.Value ?? "");
            case IntegerValueSyntax number:
                return new TomlScalar(at, number.Value);
            case FloatValueSyntax number:
                return new TomlScalar(at, number.Value);
            case BooleanValueSyntax truth:
                return new TomlScalar(at, truth.Value);
            case DateTimeValueSyntax:
                return new TomlScalar(at, null);
            case ArraySyntax array:
                ImmutableArray<TomlNode>.Builder items = ImmutableArray.CreateBuilder<TomlNode>();
                foreach (ArrayItemSyntax item in array.Items)
                {
                    if (item.Value is not null && NodeOf(item.Value, problems) is { } node) items.Add(node);
                }

                return new TomlArray(at, items.ToImmutable());
            case InlineTableSyntax inline:
                TableBuilder table = new(at);
                foreach (InlineTableItemSyntax item in inline.Items)
                {
                    if (item.KeyValue is not null) Add(table, item.KeyValue, problems);
                }

                return table.Build();
            default:
                return null;
        }
    }

    private static List<string> PathOf(KeySyntax key, ProblemList problems)
    {
        List<string> path = [];
        if (TextOf(key.Key) is { } first) path.Add(first);
        foreach (DottedKeyItemSyntax item in key.DotKeys)
        {
            if (TextOf(item.Key) is { } next) path.Add(next);
        }

        if (path.Count <= MaxPath) return path;
        problems.Add(PositionOf(key), "the key has too many parts");
        return [];
    }

    private static string? TextOf(BareKeyOrStringValueSyntax? key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text,
        StringValueSyntax text => text.Value,
        _ => null,
    };

    private static TomlPosition PositionOf(SyntaxNode node) => PositionOf(node.Span.Start);

    private static TomlPosition PositionOf(TextPosition start) => new(start.Line + 1, start.Column + 1);

    /// <summary>A table that grows while headings and dotted keys come back to it.</summary>
    private sealed class TableBuilder(TomlPosition position)
    {
        private readonly List<string> _order = [];
        private readonly Dictionary<string, (TomlPosition At, object Value)> _entries = new(StringComparer.Ordinal);

        /// <summary>The first of two stands; the validation has already reported the second.</summary>
        public void Add(string key, TomlPosition at, object value)
        {
            if (_entries.TryAdd(key, (at, value))) _order.Add(key);
        }

        public TableBuilder Open(List<string> path, TomlPosition at, bool array)
        {
            TableBuilder table = this;
            for (int i = 0; i < path.Count; i++) table = table.Child(path[i], at, array && i == path.Count - 1);
            return table;
        }

        private TableBuilder Child(string key, TomlPosition at, bool array)
        {
            if (!_entries.TryGetValue(key, out (TomlPosition, object Value) found))
            {
                TableBuilder first = new(at);
                Add(key, at, array ? new List<TableBuilder> { first } : first);
                return first;
            }

            switch (found.Value)
            {
                case TableBuilder table when !array:
                    return table;
                case List<TableBuilder> tables:
                    if (array) tables.Add(new TableBuilder(at));
                    return tables[^1];
                default:
                    // Reported by the validation; its keys are read into nowhere.
                    return new TableBuilder(at);
            }
        }

        public TomlTable Build() => new(position, [.. _order.Select(key => new TomlEntry(key, _entries[key].At, Build(_entries[key].Value, _entries[key].At)))]);

        private static TomlNode Build(object value, TomlPosition at) => value switch
        {
            TableBuilder table => table.Build(),
            List<TableBuilder> tables => new TomlArray(at, [.. tables.Select(TomlNode (t) => t.Build())], OfTables: true),
            _ => (TomlNode)value,
        };
    }
}
