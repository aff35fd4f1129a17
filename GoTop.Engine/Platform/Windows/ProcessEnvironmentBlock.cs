using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// What a 64-bit process's environment block (PEB) says of it. The block lies in the process's own memory, so all of it
/// may be nonsense. Its offsets have not changed since 64-bit Windows began; Windows' own tools rely on them.
/// </summary>
internal static class ProcessEnvironmentBlock
{
    private const ulong ImageBaseField = 0x10;
    private const ulong ParametersField = 0x20;
    private const ulong CurrentDirectoryField = 0x38;
    private const ulong CommandLineField = 0x70;
    private const ulong EnvironmentField = 0x80;
    private const ulong EnvironmentSizeField = 0x3f0;
    private const int LargestEnvironment = 1 << 20;

    /// <summary>The address at which the executable is mapped; null when it cannot be read.</summary>
    public static ulong? ImageBase(IVirtualMemory memory, ulong block) =>
        Pointer(memory, block + ImageBaseField);

    /// <summary>The unsplit command line; null when it cannot be read.</summary>
    public static string? CommandLine(IVirtualMemory memory, ulong block) => Text(memory, block, CommandLineField);

    /// <summary>With a backslash at its end; null when it cannot be read.</summary>
    public static string? CurrentDirectory(IVirtualMemory memory, ulong block) => Text(memory, block, CurrentDirectoryField);

    /// <summary><c>NAME=value</c> entries, each with a NUL after it; null when they cannot be read.</summary>
    public static string? Environment(IVirtualMemory memory, ulong block)
    {
        if (Pointer(memory, block + ParametersField) is not { } parameters || Pointer(memory, parameters + EnvironmentField) is not { } environment) return null;
        if (Pointer(memory, parameters + EnvironmentSizeField) is not { } size) return null;
        byte[] characters = new byte[(int)Math.Min(size, LargestEnvironment) & ~1];
        return memory.Read(environment, characters) == characters.Length ? new string(MemoryMarshal.Cast<byte, char>(characters)) : null;
    }

    private static string? Text(IVirtualMemory memory, ulong block, ulong field)
    {
        if (Pointer(memory, block + ParametersField) is not { } parameters) return null;
        // UNICODE_STRING: length in bytes, capacity, padding, pointer.
        Span<byte> text = stackalloc byte[16];
        if (memory.Read(parameters + field, text) != text.Length) return null;
        // The length has 16 bits, so the text is at most 64 KB.
        byte[] characters = new byte[BinaryPrimitives.ReadUInt16LittleEndian(text) & ~1];
        return memory.Read(BinaryPrimitives.ReadUInt64LittleEndian(text[8..]), characters) == characters.Length
            ? new string(MemoryMarshal.Cast<byte, char>(characters))
            : null;
    }

    private static ulong? Pointer(IVirtualMemory memory, ulong address)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (memory.Read(address, bytes) != bytes.Length) return null;
        ulong pointer = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return pointer == 0 ? null : pointer;
    }
}
