namespace GoTop.Engine.Agent;

/// <summary>The agent cannot run. The message is for the screen.</summary>
public sealed class AgentException(string message) : Exception(message);
