using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>Why figures of one struct are absent, for figures of any type.</summary>
internal readonly record struct Absence(ReadingState State, string Reason)
{
    public static Absence NotSupported(string reason) => new(ReadingState.NotSupported, reason);

    public static Absence NotFound(string variable) => new(ReadingState.NotSupported, $"{variable} was not found in this program's code");

    public static Absence Unreadable(string variable, ulong address) => new(ReadingState.Failed, $"the memory of {variable} at 0x{address:x} could not be read");

    public static Absence Implausible(string variable, ulong address, string what) =>
        new(ReadingState.Failed, $"{variable} at 0x{address:x} contradicts itself: {what}");

    public Reading<T> Of<T>() => Reading.From<T>(State, default!, Reason);
}
