namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>Where a row's goroutine and what hangs on it lie in the target's memory.</summary>
/// <param name="Goroutine">Address of the g.</param>
/// <param name="Labels">g.labels; 0 for none.</param>
/// <param name="Waiting">g.waiting; 0 for none.</param>
internal readonly record struct RowPointers(ulong Goroutine, ulong Labels, ulong Waiting, ulong StackPointer, ulong Pc);
