using System.Collections.Immutable;
using GoTop.Panes.Alerts;
using GoTop.Panes.Cores;
using GoTop.Panes.Cpu;
using GoTop.Panes.Fleet;
using GoTop.Panes.Gc;
using GoTop.Panes.Goroutines;
using GoTop.Panes.Heap;
using GoTop.Panes.Kernel;
using GoTop.Panes.Leaks;
using GoTop.Panes.Locks;
using GoTop.Panes.Logs;
using GoTop.Panes.Overview;
using GoTop.Panes.Picker;
using GoTop.Panes.Scheduler;
using GoTop.Panes.Threads;

namespace GoTop.Panes;

/// <summary>Every pane in the order of its digit key; those beyond the tenth have a letter. A new pane is a folder beside this file and a line here.</summary>
public static class PaneCatalog
{
    public static ImmutableArray<IPane> All { get; } =
    [
        new OverviewPane(),
        new GoroutinesPane(),
        new GcPane(),
        new CoresPane(),
        new CpuPane(),
        new HeapPane(),
        new LocksPane(),
        new SchedulerPane(),
        new LeaksPane(),
        new LogsPane(),
        new ThreadsPane(),
        new KernelPane(),
        new AlertsPane(),
        new FleetPane(),
        new PickerPane(),
    ];
}
