using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>What tables that name a server have in common. Whatever is wrong is reported, and no message holds a value.</summary>
internal static class HttpKeys
{
    /// <returns>Null when it is no address of HTTP. It may hold a user and a password.</returns>
    public static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0 ? url : null;

    /// <summary>An address that something is sent to. It may be secret as a whole.</summary>
    /// <param name="place">The table's name for messages.</param>
    public static Uri? Receiver(TableReader table, string key, string text, string place)
    {
        if (Address(text) is { UserInfo.Length: 0 } url) return url;
        table.Report(key, $"\"{place}.{key}\" must be an address that starts with http:// or https://, without a user or password in it");
        return null;
    }

    /// <returns>Null without the key, and where something is wrong with it.</returns>
    public static string? ExistingFile(TableReader table, string key, string place, ProblemList problems)
    {
        if (table.Text(key) is not { } file) return null;
        if (string.IsNullOrWhiteSpace(file))
        {
            // Not the same as no key: somebody meant a file, and without it less would be asked for than they think.
            table.Report(key, $"\"{place}.{key}\" is empty");
            return null;
        }

        string path = ConfigLoader.Resolve(file, problems);
        if (File.Exists(path)) return path;
        table.Report(key, $"\"{place}.{key}\": there is no file {path}");
        return null;
    }

    /// <summary>Headers of a request, in a table of their own; their values may be <c>env:NAME</c>.</summary>
    /// <param name="reserved">Those that GoTop sets itself.</param>
    public static ImmutableArray<(string Name, string Value)> Headers(TableReader table, string key, string place, ImmutableArray<string> reserved, SecretReader secrets, ProblemList problems)
    {
        if (table.Table(key) is not { } headers) return [];
        ImmutableArray<(string, string)>.Builder read = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (TomlEntry entry in headers.Entries)
        {
            string? value = entry.Value is TomlScalar { Value: string text } ? secrets.Resolve(headers, entry.Key, text) : null;
            string? wrong = entry.Value is not TomlScalar { Value: string } ? "must be a string"
                : entry.Key.Length == 0 || !entry.Key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? "is no name of a header"
                : reserved.Contains(entry.Key, StringComparer.OrdinalIgnoreCase) ? "is set by GoTop itself"
                : value is not null && value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? "holds what a header cannot" : null;
            if (wrong is not null) problems.Add(entry.Position, $"\"{place}.{key}\": \"{entry.Key}\" {wrong}");
            else if (value is not null) read.Add((entry.Key, value));
        }

        return read.ToImmutable();
    }
}
