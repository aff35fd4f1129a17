namespace GoTop.Engine.Agent;

/// <summary>What a watch knew of its target when it ended, for the one that takes its place.</summary>
/// <param name="What">As <see cref="TargetNaming.WhatOf"/> has it: another thing of the same name has another past.</param>
/// <param name="Target">In its last life; null when it was never found.</param>
/// <param name="Ended">How that life ended; null when it went on.</param>
/// <param name="By">Who ended it.</param>
/// <param name="Lives">How many there have been.</param>
internal sealed record TargetPast(string What, AgentTarget? Target, string? Ended, OperatorAction? By, int Lives)
{
    public bool IsOf(WatchSettings settings) => What == TargetNaming.WhatOf(settings.Target);
}
