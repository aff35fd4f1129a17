using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Which service a process belongs to.</summary>
internal static class ServiceProcesses
{
    /// <summary>
    /// Windows names a service's main process only. A Go program is often run by a wrapper (NSSM, WinSW), so the children
    /// of a service that has its process to itself count as the service's, and theirs. Not those of svchost.exe, whose
    /// services start programs for others.
    /// </summary>
    public static ImmutableDictionary<int, string> ByProcess(
        IEnumerable<RunningService> services, ImmutableArray<ProcessEntry> processes)
    {
        Dictionary<int, string> names = [];
        Queue<ProcessEntry> parents = [];
        Dictionary<int, ProcessEntry> byId = [];
        foreach (ProcessEntry process in processes) byId.TryAdd(process.Key.ProcessId, process);
        foreach (RunningService service in services)
        {
            ref string? name = ref CollectionsMarshal.GetValueRefOrAddDefault(names, service.ProcessId, out bool shared);
            name = shared ? $"{name}, {service.Name}" : service.Name;
            if (!shared && service.OwnProcess && byId.TryGetValue(service.ProcessId, out ProcessEntry process) && !IsServiceHost(process))
                parents.Enqueue(process);
        }

        ILookup<int, ProcessEntry> children = processes.ToLookup(process => process.ParentProcessId);
        while (parents.TryDequeue(out ProcessEntry parent))
        {
            foreach (ProcessEntry child in children[parent.Key.ProcessId])
            {
                // Process ids recur: a "child" that is older than its parent had another one.
                if (child.Key.StartToken < parent.Key.StartToken) continue;
                if (names.TryAdd(child.Key.ProcessId, names[parent.Key.ProcessId])) parents.Enqueue(child);
            }
        }

        return names.ToImmutableDictionary();
    }

    private static bool IsServiceHost(ProcessEntry process) =>
        process.Name.Equals("svchost.exe", StringComparison.OrdinalIgnoreCase);
}
