using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Platform;

/// <summary>
/// Opens files that others name, or that stand where others may put anything: a pipe would hold up whoever opens it until
/// somebody writes to it, and a device may do something.
/// </summary>
internal static class RegularFile
{
    private const string NoFile = "is no regular file";

    /// <summary>To be read while others write, rename and remove it.</summary>
    /// <exception cref="FileNotFoundException">Neither it nor anything else is there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    /// <exception cref="IOException">It is a pipe, a socket or a device, with the path; or cannot be opened otherwise.</exception>
    public static SafeFileHandle Open(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal)) throw new IOException($"{path} {NoFile}");
        if (OperatingSystem.IsLinux()) return OpenOnLinux(path);
        SafeFileHandle opened = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (!OperatingSystem.IsWindows() || Windows.NativeMethods.GetFileType(opened) == Windows.NativeMethods.FileTypeDisk) return opened;
        opened.Dispose();
        throw new IOException($"{path} {NoFile}");
    }

    [SupportedOSPlatform("linux")]
    private static unsafe SafeFileHandle OpenOnLinux(string path)
    {
        const int NonBlocking = 0x800, CloseOnExec = 0x80000, EmptyPath = 0x1000;
        byte[] name = Encoding.UTF8.GetBytes(path + "\0");
        byte none = 0;
        fixed (byte* at = name)
        {
            // Before it is opened, for opening a device may do something; and again, for it may have been exchanged meanwhile.
            Require(Linux.NativeMethods.CurrentFolder, at, 0, path);
            SafeFileHandle opened = new(Linux.NativeMethods.Open(at, NonBlocking | CloseOnExec), ownsHandle: true);
            if (opened.IsInvalid) throw Refusal(path);
            try
            {
                Require((int)opened.DangerousGetHandle(), &none, EmptyPath, path);
                return opened;
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        }
    }

    private static unsafe void Require(int folder, byte* path, int flags, string shown)
    {
        const uint Type = 1;
        const int TypeBits = 0xf000, Regular = 0x8000, Folder = 0x4000;
        Span<byte> status = stackalloc byte[256];
        fixed (byte* into = status)
        {
            if (Linux.NativeMethods.StatX(folder, path, flags, Type, into) != 0) throw Refusal(shown);
        }

        int type = BinaryPrimitives.ReadUInt16LittleEndian(status[28..]) & TypeBits;
        if (type == Folder) throw new UnauthorizedAccessException($"{shown} is a folder");
        if (type != Regular) throw new IOException($"{shown} {NoFile}: {Name(type)}");
    }

    private static string Name(int type) => type switch
    {
        0x1000 => "a pipe",
        0x2000 or 0x6000 => "a device",
        0xc000 => "a socket",
        _ => "something else",
    };

    private static Exception Refusal(string path)
    {
        int error = Marshal.GetLastPInvokeError();
        string message = $"{path}: {Marshal.GetPInvokeErrorMessage(error)}";
        return error switch
        {
            Linux.Errno.NoEntry or Linux.Errno.NotADirectory => new FileNotFoundException(message, path),
            Linux.Errno.AccessDenied or Linux.Errno.NotPermitted => new UnauthorizedAccessException(message),
            _ => new IOException(message),
        };
    }
}
