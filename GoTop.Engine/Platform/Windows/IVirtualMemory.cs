using GoTop.Engine.GoRuntime;

namespace GoTop.Engine.Platform.Windows;

/// <summary>The bytes of one process, one call to the system for each read.</summary>
internal interface IVirtualMemory : IDisposable
{
    /// <summary>How many bytes from the first on could be read; fewer than asked for where a page is not there.</summary>
    /// <exception cref="ProcessGoneException">The process has ended.</exception>
    int Read(ulong address, Span<byte> destination);
}
