namespace GoTop.Engine.Analysis.Profiles;

/// <summary>How the samples of a function met it.</summary>
[Flags]
public enum Inlining : byte
{
    None = 0,

    /// <summary>In a function of its own.</summary>
    Called = 1,

    /// <summary>As part of its caller.</summary>
    Inlined = 2,
}

/// <summary>What one function, or one line of one, accounts for, in the unit of a sample type.</summary>
/// <param name="Frame">Its number in the table of frames.</param>
/// <param name="File">Empty when not told.</param>
/// <param name="Line">
/// For a line, that line. For a function, its line with the largest flat value, or else the one that most of its cumulative value
/// passes through. 0 when not told.
/// </param>
/// <param name="StartLine">Where the function begins; 0 when not told, so before Go 1.20.</param>
/// <param name="Flat">Of the function itself.</param>
/// <param name="Cumulative">With all that it called; a recursive function counts once per sample.</param>
public sealed record FunctionTotals(int Frame, string Function, string File, long Line, long StartLine, long Flat, long Cumulative, Inlining Inlining);
