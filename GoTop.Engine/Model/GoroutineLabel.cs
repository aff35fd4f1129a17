namespace GoTop.Engine.Model;

/// <summary>A profiler label of a goroutine, as set by pprof.Do or pprof.SetGoroutineLabels; goroutines hand theirs to those they start.</summary>
public readonly record struct GoroutineLabel(string Key, string Value);
