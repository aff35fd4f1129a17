using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace GoTop.Engine.Platform.Linux;

/// <summary>
/// Joins listening TCP sockets with the processes that hold them: <c>/proc/PID/net/tcp{,6}</c> of each network namespace
/// gives the sockets' inodes, <c>/proc/PID/fd</c> says who has them open. Inodes of sockets are unique across namespaces.
/// </summary>
internal sealed class ListeningSockets(ProcFiles files)
{
    private const int MostDescriptors = 65536;
    private const int LongestLink = 128;

    /// <summary>Sockets of one namespace; far more listening sockets than any machine has.</summary>
    private const int LargestTable = 16 << 20;

    private readonly Dictionary<ulong, ListeningPort> _byInode = [];
    private readonly HashSet<ulong> _namespaces = [];
    private readonly List<int> _descriptors = [];
    private readonly ulong _ownNamespace = NamespaceOf(files, "/proc/self/ns/net");

    /// <summary>The sockets this process listens on; empty when there are none or its descriptors may not be seen.</summary>
    public ImmutableArray<ListeningPort> Of(int processId)
    {
        Span<byte> link = stackalloc byte[LongestLink];
        int length = files.ReadLink(processId, "ns/net"u8, link);
        if (length <= 0 || !TryInode(link[..length], "net:["u8, out ulong networkNamespace)) return [];
        if (_namespaces.Add(networkNamespace)) ReadTables(processId, networkNamespace != _ownNamespace);
        if (_byInode.Count == 0) return [];

        _descriptors.Clear();
        if (files.ListNumbers(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd"), _descriptors, MostDescriptors) < 0) return [];
        HashSet<ListeningPort>? ports = null;
        foreach (int descriptor in _descriptors)
        {
            length = files.ReadDescriptorLink(processId, descriptor, link);
            if (length > 0 && TryInode(link[..length], "socket:["u8, out ulong inode) && _byInode.TryGetValue(inode, out ListeningPort port))
                (ports ??= []).Add(port);
        }

        return ports is null ? [] : [.. ports.OrderBy(p => p.Port).ThenBy(p => p.Address, StringComparer.Ordinal)];
    }

    private void ReadTables(int processId, bool otherNetwork)
    {
        ReadTable(processId, "net/tcp"u8, otherNetwork);
        ReadTable(processId, "net/tcp6"u8, otherNetwork);
    }

    private void ReadTable(int processId, ReadOnlySpan<byte> file, bool otherNetwork)
    {
        for (int size = 64 << 10; ; size *= 4)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                int length = files.Read(processId, file, buffer);
                // The kernel lists listening sockets first, so the many connections after them need not be read.
                if (length <= 0 || TakeListening(buffer.AsSpan(0, length), otherNetwork) || length < buffer.Length || size >= LargestTable) return;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>True when a socket that does not listen was met.</summary>
    private bool TakeListening(ReadOnlySpan<byte> table, bool otherNetwork)
    {
        _ = KernelText.TryTakeLine(ref table, out _);
        while (KernelText.TryTakeLine(ref table, out ReadOnlySpan<byte> line))
        {
            // sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode …
            _ = KernelText.TakeWord(ref line);
            ReadOnlySpan<byte> local = KernelText.TakeWord(ref line);
            _ = KernelText.TakeWord(ref line);
            ReadOnlySpan<byte> state = KernelText.TakeWord(ref line);
            if (state.Length == 2 && !state.SequenceEqual("0A"u8)) return true;
            for (int skipped = 0; skipped < 5; skipped++) _ = KernelText.TakeWord(ref line);
            if (KernelText.TryTakeNumber(ref line, out long inode) && TryEndpoint(local, otherNetwork, out ListeningPort port))
                _byInode[(ulong)inode] = port;
        }

        return false;
    }

    /// <summary>Hexadecimal: the address as 32-bit words in the machine's own order, a colon, the port.</summary>
    private static bool TryEndpoint(ReadOnlySpan<byte> text, bool otherNetwork, out ListeningPort port)
    {
        port = default;
        int colon = text.IndexOf((byte)':');
        if (colon is not (8 or 32) || !Utf8Parser.TryParse(text[(colon + 1)..], out ushort number, out _, 'X')) return false;
        Span<byte> address = stackalloc byte[16];
        address = address[..(colon / 2)];
        for (int word = 0; word < address.Length / 4; word++)
        {
            if (!Utf8Parser.TryParse(text.Slice(word * 8, 8), out uint value, out int used, 'X') || used != 8) return false;
            BinaryPrimitives.WriteUInt32LittleEndian(address[(word * 4)..], value);
        }

        port = new ListeningPort(new IPAddress(address).ToString(), number) { OtherNetwork = otherNetwork };
        return true;
    }

    private static ulong NamespaceOf(ProcFiles files, string path)
    {
        Span<byte> link = stackalloc byte[LongestLink];
        int length = files.ReadLink(path, link);
        return length > 0 && TryInode(link[..length], "net:["u8, out ulong inode) ? inode : 0;
    }

    /// <summary>The number in <c>socket:[123]</c>.</summary>
    private static bool TryInode(ReadOnlySpan<byte> link, ReadOnlySpan<byte> prefix, out ulong inode)
    {
        inode = 0;
        return link.StartsWith(prefix) && Utf8Parser.TryParse(link[prefix.Length..], out inode, out _);
    }
}
