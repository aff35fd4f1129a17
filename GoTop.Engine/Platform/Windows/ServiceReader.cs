using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Asks the service manager which services run, and in which processes.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class ServiceReader
{
    /// <summary>The most that one call returns.</summary>
    private const int Page = 256 * 1024;

    private const int MaximumPages = 64;

    public static Reading<ImmutableArray<RunningService>> Read()
    {
        List<RunningService> services = [];
        Reading<bool> read = ReadPages((page, address, count) => ServiceListDecoder.Decode(page, address, count, services));
        return read.HasValue ? Reading.Of(services.ToImmutableArray()) : read.Absent<ImmutableArray<RunningService>>();
    }

    /// <summary>Hands over each raw page with the address it lies at, as its names are pointers into it.</summary>
    public static Reading<bool> ReadPages(Action<byte[], ulong, uint> read, int pageLength = Page)
    {
        using NativeMethods.SafeServiceManagerHandle manager =
            NativeMethods.OpenSCManagerW(null, null, NativeMethods.ManageEnumerateServices);
        if (manager.IsInvalid) return ProcessAccess.Refused<bool>(Marshal.GetLastPInvokeError(), "asking the service manager");
        byte[] page = new byte[pageLength];
        fixed (byte* buffer = page)
        {
            uint resume = 0;
            for (int i = 0; i < MaximumPages; i++)
            {
                bool complete = NativeMethods.EnumServicesStatusExW(
                    manager, infoLevel: 0, NativeMethods.ServiceWin32, NativeMethods.ServiceActive,
                    buffer, (uint)pageLength, out _, out uint count, ref resume, group: null);
                int error = Marshal.GetLastPInvokeError();
                if (!complete && error != NativeMethods.ErrorMoreData) return ProcessAccess.Refused<bool>(error, "listing services");
                read(page, (ulong)buffer, count);
                if (complete) return Reading.Of(true);
                // The next call would only say the same.
                if (count == 0) break;
            }
        }

        return Reading.Failed<bool>("the service manager's list does not end");
    }
}
