using System.Text;
using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>
/// Reads a secret that is written in the file itself, taken from the environment (<c>env:NAME</c>), or kept in a file of
/// its own (the key with <c>_file</c>). No message ever holds the secret.
/// </summary>
/// <param name="owner">The table's name for messages.</param>
internal sealed class SecretReader(Func<string, string?> environment, ProblemList problems, string owner = "target")
{
    private const int MaxBytes = 64 * 1024;
    private const string EnvironmentPrefix = "env:";

    public string? Read(TableReader table, string key)
    {
        string fileKey = key + "_file";
        string? text = table.Text(key);
        string? file = table.Text(fileKey);
        if (text is not null && file is not null)
        {
            table.Report(fileKey, $"\"{owner}\" has one of {key} and {fileKey}, not both");
            return null;
        }

        if (file is not null) return FromFile(table, fileKey, file);
        return text is null ? null : Resolve(table, key, text);
    }

    /// <summary>A text that may name a variable of the environment.</summary>
    public string? Resolve(TableReader table, string key, string text) =>
        text.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) ? FromEnvironment(table, key, text[EnvironmentPrefix.Length..]) : text;

    private string? FromEnvironment(TableReader table, string key, string name)
    {
        if (environment(name) is { Length: > 0 } value) return value;
        table.Report(key, $"\"{owner}.{key}\": the environment variable {name} is not set");
        return null;
    }

    private string? FromFile(TableReader table, string key, string file)
    {
        string path = ConfigLoader.Resolve(file, problems);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[MaxBytes + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string secret = Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n');
            if (length <= MaxBytes && secret.Length > 0) return secret;
            table.Report(key, $"\"{owner}.{key}\": {path} is {(length > MaxBytes ? "larger than 64 KB" : "empty")}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            table.Report(key, $"\"{owner}.{key}\": {path} cannot be read: {e.Message}");
        }

        return null;
    }
}
