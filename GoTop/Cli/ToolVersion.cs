using System.Reflection;

namespace GoTop.Cli;

internal static class ToolVersion
{
    /// <summary>As <c>gotop --version</c> prints it.</summary>
    public static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
