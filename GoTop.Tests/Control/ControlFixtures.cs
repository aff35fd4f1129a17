using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Model;

namespace GoTop.Tests.Control;

/// <summary>Plans and surroundings for tests of acting.</summary>
internal static class ControlFixtures
{
    public static Actor Anna { get; } = new("root", "anna", "192.0.2.7");

    public static ActionGate Open(TimeProvider time, ActionRules? rules = null) => new(rules ?? ActionRules.None, Anna, readOnly: false, time);

    public static ControlPlan Plan(params ImmutableArray<ControlStep> steps) => new()
    {
        Kind = ControlCatalog.Restart,
        Target = "shop",
        Summary = "restart shop",
        Before = "running",
        Steps = steps,
        ReadBack = _ => Task.FromResult("running again"),
    };

    public static ControlStep Step(string title, Action? act = null) => new(title, _ =>
    {
        act?.Invoke();
        return Task.CompletedTask;
    });

    public static AuditLog Audit(string folder, TimeProvider time, int megabytes = 10, int keep = 3) =>
        new(new AuditSettings { File = Path.Combine(folder, "audit.jsonl"), MaxMegabytes = megabytes, Keep = keep }, time);

    /// <summary>Two packages of two physical cores with two logical ones each: node 0 has 0, 1, 4, 5, node 1 has 2, 3, 6, 7; node 1 has more memory left.</summary>
    public static HostCounters TwoNodes { get; } = new()
    {
        Topology = new HostTopology([.. Enumerable.Range(0, 8).Select(id => new LogicalCore(id, id % 2, id / 2 % 2, id / 2 % 2, 0))]),
        Cores = [],
        MemoryTotalBytes = 64L << 30,
        MemoryAvailableBytes = 8L << 30,
        NumaNodes = [new NumaMemory(0, Reading.Of(32L << 30), 2L << 30), new NumaMemory(1, Reading.Of(32L << 30), 6L << 30)],
    };
}
