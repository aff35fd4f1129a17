using System.Runtime.InteropServices;
using System.Text;

namespace GoTop.Bench.Pty;

/// <summary>A pseudo terminal of a given size, with one program as its session leader.</summary>
internal sealed unsafe class PseudoTerminal : IDisposable
{
    private int _master;

    private PseudoTerminal(int master, int processId)
    {
        _master = master;
        ProcessId = processId;
    }

    public int ProcessId { get; }

    /// <exception cref="InvalidOperationException">The terminal or the program could not be had; the message says which.</exception>
    public static PseudoTerminal Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, int columns, int rows)
    {
        int master = LibC.OpenPseudoTerminal(LibC.OpenReadWrite | LibC.NoControllingTerminal | LibC.CloseOnExec);
        byte* slave = stackalloc byte[128];
        if (master < 0 || LibC.GrantPseudoTerminal(master) != 0 || LibC.UnlockPseudoTerminal(master) != 0 || LibC.NameOfPseudoTerminal(master, slave, 128) != 0)
            throw new InvalidOperationException($"no pseudo terminal: error {Marshal.GetLastPInvokeError()}");
        LibC.WindowSize size = new() { Rows = (ushort)rows, Columns = (ushort)columns, PixelWidth = (ushort)(columns * 8), PixelHeight = (ushort)(rows * 16) };
        _ = LibC.ControlWindowSize(master, LibC.SetWindowSize, &size);
        return new PseudoTerminal(master, Spawn(command, environment, slave));
    }

    /// <summary>Bytes read; 0 when there were none within the time, -1 when the program has closed the terminal.</summary>
    public int Read(Span<byte> buffer, int timeoutMilliseconds)
    {
        LibC.PollDescriptor wait = new() { Descriptor = _master, Events = LibC.PollIn };
        if (LibC.Poll(&wait, 1, timeoutMilliseconds) <= 0) return 0;
        fixed (byte* start = buffer)
        {
            nint read = LibC.Read(_master, start, (nuint)buffer.Length);
            return read > 0 ? (int)read : -1;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes) _ = LibC.Write(_master, start, (nuint)bytes.Length);
    }

    public void Dispose()
    {
        if (_master < 0) return;
        _ = LibC.Close(_master);
        _master = -1;
    }

    /// <summary>A new session whose leader opens the slave first: so it becomes the controlling terminal, as at a log-in.</summary>
    private static int Spawn(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, byte* slave)
    {
        byte* attributes = stackalloc byte[LibC.OpaqueBytes], actions = stackalloc byte[LibC.OpaqueBytes], signals = stackalloc byte[LibC.OpaqueBytes];
        _ = LibC.InitAttributes(attributes);
        _ = LibC.EmptySignals(signals);
        _ = LibC.SetSignalMask(attributes, signals);
        foreach (int signal in (ReadOnlySpan<int>)[LibC.SignalPipe, LibC.SignalInterrupt, LibC.SignalQuit]) _ = LibC.AddSignal(signals, signal);
        _ = LibC.SetSignalDefaults(attributes, signals);
        _ = LibC.SetFlags(attributes, LibC.SpawnSetSignalDefaults | LibC.SpawnSetSignalMask | LibC.SpawnSetSession);
        _ = LibC.InitFileActions(actions);
        _ = LibC.AddOpen(actions, 0, slave, LibC.OpenReadWrite, 0);
        _ = LibC.AddDuplicate(actions, 0, 1);
        _ = LibC.AddDuplicate(actions, 0, 2);
        byte** arguments = ToNative(command), variables = ToNative([.. environment.Select(pair => $"{pair.Key}={pair.Value}")]);
        int error = LibC.Spawn(out int processId, command[0], actions, attributes, arguments, variables);
        Free(arguments);
        Free(variables);
        _ = LibC.DestroyFileActions(actions);
        _ = LibC.DestroyAttributes(attributes);
        return error == 0 ? processId : throw new InvalidOperationException($"{command[0]} did not start: error {error}");
    }

    private static byte** ToNative(IReadOnlyList<string> texts)
    {
        byte** result = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(texts[i]);
            result[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(result[i], bytes.Length));
        }

        return result;
    }

    private static void Free(byte** texts)
    {
        for (byte** text = texts; *text != null; text++) NativeMemory.Free(*text);
        NativeMemory.Free(texts);
    }
}
