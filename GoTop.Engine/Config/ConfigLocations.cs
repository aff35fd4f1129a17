using System.Collections.Immutable;

namespace GoTop.Engine.Config;

/// <summary>Where configuration and themes are looked for.</summary>
/// <param name="UserFolder"><c>$XDG_CONFIG_HOME/gotop</c> or <c>%APPDATA%\gotop</c>; null for an account without one.</param>
/// <param name="ProgramFolder">Where the executable lies.</param>
public sealed record ConfigLocations(string? UserFolder, string ProgramFolder)
{
    public const string FileName = "gotop.toml";

    public static ConfigLocations OfThisUser()
    {
        // On Linux this is XDG_CONFIG_HOME, or else ~/.config.
        string folder = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return new ConfigLocations(folder.Length == 0 ? null : Path.Combine(folder, "gotop"), AppContext.BaseDirectory);
    }

    /// <summary>The folders that may hold a <c>themes</c> folder; later ones override earlier ones.</summary>
    public ImmutableArray<string> ThemeFolders =>
        UserFolder is null
            ? [Path.Combine(ProgramFolder, "themes")]
            : [Path.Combine(ProgramFolder, "themes"), Path.Combine(UserFolder, "themes")];

    /// <summary>The file to load: the given one even if it is missing, else the user's, else the one beside the executable.</summary>
    public string? Find(string? given)
    {
        if (given is not null) return Path.GetFullPath(given);
        if (UserFolder is not null && Path.Combine(UserFolder, FileName) is var users && File.Exists(users)) return users;
        string beside = Path.Combine(ProgramFolder, FileName);
        return File.Exists(beside) ? beside : null;
    }
}
