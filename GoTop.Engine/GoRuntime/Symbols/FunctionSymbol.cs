using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Symbols;

/// <summary>A function of an executable.</summary>
public readonly record struct FunctionSymbol
{
    internal FunctionSymbol(ulong entry, ulong end, bool isWrapper, bool isTopOfStack, bool writesStackPointer, PcFunction record)
    {
        Entry = entry;
        End = end;
        IsWrapper = isWrapper;
        IsTopOfStack = isTopOfStack;
        WritesStackPointer = writesStackPointer;
        Record = record;
    }

    public ulong Entry { get; }

    public ulong End { get; }

    /// <summary>Made by the compiler (method and <c>go</c> wrappers); stacks do not show it.</summary>
    public bool IsWrapper { get; }

    /// <summary>No stack goes on past it, e.g. runtime.goexit.</summary>
    public bool IsTopOfStack { get; }

    /// <summary>It moves to another stack in a way its tables do not tell.</summary>
    public bool WritesStackPointer { get; }

    internal PcFunction Record { get; }
}

/// <summary>One frame of a stack.</summary>
public readonly record struct SymbolFrame(CodeLocation Location, bool IsWrapper);
