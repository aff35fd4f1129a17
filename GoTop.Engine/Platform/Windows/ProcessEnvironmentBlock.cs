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
    private const ulong CommandLineField = 0x70;

    /// <summary>The address at which the executable is mapped; null when it cannot be read.</summary>
    public static ulong? ImageBase(IVirtualMemory memory, ulong block) =>
        Pointer(memory, block + ImageBaseField);

    /// <summary>The unsplit command line; null when it cannot be read.</summary>
    public static string? CommandLine(IVirtualMemory memory, ulong block)
    {
        if (Pointer(memory, block + ParametersField) is not { } parameters) return null;
        // UNICODE_STRING: length in bytes, capacity, padding, pointer.
        Span<byte> text = stackalloc byte[16];
        if (memory.Read(parameters + CommandLineField, text) != text.Length) return null;
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
