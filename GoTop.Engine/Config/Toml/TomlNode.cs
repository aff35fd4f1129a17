using System.Collections.Immutable;

namespace GoTop.Engine.Config.Toml;

/// <summary>Where something stands in a file; both from 1.</summary>
public readonly record struct TomlPosition(int Line, int Column);

/// <summary>A value with its place.</summary>
public abstract record TomlNode(TomlPosition Position)
{
    /// <summary>What it is, for messages: <c>a string</c>, <c>a table</c>.</summary>
    public abstract string Kind { get; }
}

/// <param name="Value">A string, long, double or bool; null for a date or time, which no key of ours takes.</param>
public sealed record TomlScalar(TomlPosition Position, object? Value) : TomlNode(Position)
{
    public override string Kind => Value switch
    {
        string => "a string",
        long => "an integer",
        double => "a decimal number",
        bool => "true or false",
        _ => "a date or time",
    };
}

/// <param name="OfTables">It was written as <c>[[name]]</c>.</param>
public sealed record TomlArray(TomlPosition Position, ImmutableArray<TomlNode> Items, bool OfTables = false) : TomlNode(Position)
{
    public override string Kind => OfTables ? "an array of tables" : "an array";
}

/// <summary>Entries in the order of the file. The position is that of its heading, or of its brace.</summary>
public sealed record TomlTable(TomlPosition Position, ImmutableArray<TomlEntry> Entries) : TomlNode(Position)
{
    public override string Kind => "a table";
}

/// <param name="Position">Of the key.</param>
public readonly record struct TomlEntry(string Key, TomlPosition Position, TomlNode Value);
