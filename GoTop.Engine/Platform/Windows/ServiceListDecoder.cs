namespace GoTop.Engine.Platform.Windows;

/// <param name="OwnProcess">It has its process to itself; several share one otherwise, as in svchost.exe.</param>
internal readonly record struct RunningService(string Name, int ProcessId, bool OwnProcess);

/// <summary>
/// Reads what EnumServicesStatusEx(SC_ENUM_PROCESS_INFO) returns: ENUM_SERVICE_STATUS_PROCESSW entries of 56 bytes on a
/// 64-bit system, and after them the names they point at.
/// </summary>
internal static class ServiceListDecoder
{
    private const int EntryLength = 56;
    private const int TypeField = 16;
    private const int ProcessIdField = 44;
    private const uint OwnProcessType = 0x10;

    /// <summary>The longest name the service manager takes.</summary>
    private const int MaximumNameLength = 256;

    public static void Decode(ReadOnlySpan<byte> buffer, ulong baseAddress, uint count, ICollection<RunningService> found)
    {
        NativeBytes bytes = new(buffer);
        for (int entry = 0; count > 0 && bytes.Has(entry, EntryLength); entry += EntryLength, count--)
        {
            string name = bytes.TerminatedText(bytes.U64(entry), baseAddress, MaximumNameLength);
            int processId = bytes.I32(entry + ProcessIdField);
            // Drivers and services between two states have no process.
            if (name.Length == 0 || processId <= 0) continue;
            found.Add(new RunningService(name, processId, (bytes.U32(entry + TypeField) & OwnProcessType) != 0));
        }
    }
}
