using GoTop.Engine.Control.Acting;

namespace GoTop.Engine.Agent.Installation;

/// <summary>The command that a service manager is to run.</summary>
/// <param name="Executable">Full path of gotop.</param>
/// <param name="ConfigFile">Full path; null for the usual places, which are the service's account's and not those of whoever installs it.</param>
public sealed record AgentCommand(string Executable, string? ConfigFile)
{
    /// <exception cref="ControlException">A service manager could not run it.</exception>
    public void Check()
    {
        foreach (string path in ConfigFile is null ? (string[])[Executable] : [Executable, ConfigFile])
        {
            if (!Path.IsPathFullyQualified(path)) throw new ControlException($"{path} is no full path");
            if (path.Any(char.IsControl) || path.Contains('"', StringComparison.Ordinal)) throw new ControlException($"a service manager takes no such path: {Model.PlainText.Clean(path, 200)}");
        }

        if (Path.GetFileNameWithoutExtension(Executable) is "dotnet") throw new ControlException("gotop runs inside of dotnet here: install a published gotop (eng/publish.sh), or its executable");
    }
}
