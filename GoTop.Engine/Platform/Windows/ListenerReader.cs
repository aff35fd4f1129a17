using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.Versioning;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Reads which process listens on which TCP port.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class ListenerReader
{
    private const int Attempts = 5;
    private const uint MaximumLength = 64 * 1024 * 1024;

    public static Reading<ImmutableDictionary<int, ImmutableArray<ListeningPort>>> Read()
    {
        Dictionary<int, SortedSet<(int Port, string Address)>> listeners = [];
        void Note(int processId, ListeningPort port)
        {
            if (!listeners.TryGetValue(processId, out SortedSet<(int, string)>? ports)) listeners[processId] = ports = [];
            ports.Add((port.Port, port.Address));
        }

        (byte[] table4, uint error4) = ReadTable(NativeMethods.AddressFamilyIPv4);
        (byte[] table6, uint error6) = ReadTable(NativeMethods.AddressFamilyIPv6);
        // A machine may do without one of the two.
        if (error4 != 0 && error6 != 0)
        {
            return Reading.Failed<ImmutableDictionary<int, ImmutableArray<ListeningPort>>>(
                $"GetExtendedTcpTable failed: {new Win32Exception((int)error4).Message} ({error4})");
        }

        TcpTableDecoder.DecodeIPv4(table4, Note);
        TcpTableDecoder.DecodeIPv6(table6, Note);
        return Reading.Of(listeners.ToImmutableDictionary(
            entry => entry.Key,
            entry => entry.Value.Select(port => new ListeningPort(port.Address, port.Port)).ToImmutableArray()));
    }

    /// <summary>The raw table; empty with an error code when there is none.</summary>
    public static (byte[] Table, uint Error) ReadTable(uint family)
    {
        uint length = 0;
        byte[] table = [];
        uint error = NativeMethods.ErrorInsufficientBuffer;
        // The table may grow between asking for its length and reading it.
        for (int attempt = 0; attempt < Attempts && error == NativeMethods.ErrorInsufficientBuffer && length <= MaximumLength; attempt++)
        {
            table = new byte[length];
            fixed (byte* buffer = table)
            {
                error = NativeMethods.GetExtendedTcpTable(
                    buffer, ref length, sorted: false, family, NativeMethods.TcpTableOwnerPidListener, reserved: 0);
            }
        }

        return error == 0 ? (table, 0) : ([], error);
    }
}
