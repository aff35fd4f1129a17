namespace GoTop.Engine.Agent.Installation;

/// <summary>What the agent is called by service managers.</summary>
public static class AgentServiceNames
{
    public const string Windows = "GoTop";
    public const string WindowsDisplay = "GoTop agent";
    public const string Systemd = "gotop-agent.service";
    public const string Description = "Watches Go services without a screen: records them, and keeps their cores";
}
