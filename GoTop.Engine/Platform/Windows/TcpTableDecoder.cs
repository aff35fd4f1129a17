using System.Buffers.Binary;
using System.Net;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Reads what GetExtendedTcpTable(TCP_TABLE_OWNER_PID_LISTENER) returns for IPv4 and IPv6.</summary>
internal static class TcpTableDecoder
{
    private const int RowsStart = 4;

    /// <summary>MIB_TCPTABLE_OWNER_PID: rows of state, local address, local port, remote address, remote port, pid.</summary>
    public static void DecodeIPv4(ReadOnlySpan<byte> table, Action<int, ListeningPort> found) =>
        Decode(table, rowLength: 24, address: 4, addressLength: 4, port: 8, processId: 20, found);

    /// <summary>MIB_TCP6TABLE_OWNER_PID: rows of local address, scope, port, remote address, scope, port, state, pid.</summary>
    public static void DecodeIPv6(ReadOnlySpan<byte> table, Action<int, ListeningPort> found) =>
        Decode(table, rowLength: 56, address: 0, addressLength: 16, port: 20, processId: 52, found);

    private static void Decode(
        ReadOnlySpan<byte> table, int rowLength, int address, int addressLength, int port, int processId, Action<int, ListeningPort> found)
    {
        NativeBytes bytes = new(table);
        long count = bytes.U32(0);
        for (int row = RowsStart; count > 0 && bytes.Has(row, rowLength); row += rowLength, count--)
        {
            // The port is in network order in the first half of a double word.
            int number = BinaryPrimitives.ReverseEndianness(bytes.U16(row + port));
            if (number == 0) continue;
            found(bytes.I32(row + processId), new ListeningPort(new IPAddress(bytes.Slice(row + address, addressLength)).ToString(), number));
        }
    }
}
