namespace GoTop.Engine.GoRuntime;

/// <summary>
/// A process's memory, wherever it comes from: a live process or a recorded image. Reading never stops the target.
/// </summary>
public interface IMemoryReader : IDisposable
{
    /// <summary>Fills all of <paramref name="destination"/>, or returns false when any byte of it could not be read.</summary>
    /// <exception cref="ProcessGoneException">The process has ended.</exception>
    bool TryRead(ulong address, Span<byte> destination);

    /// <summary>
    /// Reads many ranges in as few system calls as the system allows. The ranges' bytes follow one another in
    /// <paramref name="destination"/>; a range that could not be read whole leaves <c>false</c> in <paramref name="ok"/>.
    /// </summary>
    /// <exception cref="ProcessGoneException">The process has ended.</exception>
    void ReadMany(ReadOnlySpan<MemoryRange> ranges, Span<byte> destination, Span<bool> ok);
}

public readonly record struct MemoryRange(ulong Address, int Length);

/// <summary>The watched process ended while it was being read.</summary>
public sealed class ProcessGoneException : Exception
{
    public ProcessGoneException()
        : base("the process has ended")
    {
    }

    public ProcessGoneException(string message)
        : base(message)
    {
    }

    public ProcessGoneException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
