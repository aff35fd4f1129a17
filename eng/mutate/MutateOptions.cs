namespace GoTop.Mutate;

/// <param name="Minutes">How long altogether; each reader gets the same share.</param>
/// <param name="Jobs">Threads; each has seeds of its own.</param>
/// <param name="Rounds">How often all readers have their turn, each time with a new seed.</param>
/// <param name="OutputFolder">Where failing inputs are saved.</param>
internal sealed record MutateOptions(double Minutes, int Jobs, int Rounds, ulong Seed, TimeSpan InputLimit, DirectoryInfo OutputFolder)
{
    public TimeProvider Time { get; } = TimeProvider.System;
}
