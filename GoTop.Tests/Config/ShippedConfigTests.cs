using System.Text.RegularExpressions;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Config;
using GoTop.Engine.Config.Toml;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Config;

/// <summary>The gotop.toml at the top is the reference of all keys, so it must not drift from the code.</summary>
public sealed partial class ShippedConfigTests
{
    private static readonly string ShippedFile = Path.Combine(RepositoryFiles.Root, "gotop.toml");

    [Fact]
    public void It_loads_without_problems_and_equals_the_defaults()
    {
        LoadedConfig loaded = new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).LoadFile(ShippedFile);
        Assert.Empty(loaded.Problems);
        GoTopConfig defaults = GoTopConfig.Default;
        Assert.Empty(loaded.Config.Panes.Order);
        Assert.Null(loaded.Config.Panes.Initial);
        Assert.Equal(defaults.Log, loaded.Config.Log);
        Assert.Empty(loaded.Config.PerformanceCounters);
        // Arrays compare by reference; they were compared above.
        Assert.Equal(defaults with { Panes = loaded.Config.Panes, PerformanceCounters = loaded.Config.PerformanceCounters }, loaded.Config);
    }

    [Fact]
    public void Its_examples_load_and_every_key_that_the_loader_knows_stands_in_it()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gotop-config-");
        foreach (string name in new[] { "search.token", "client.pem", "client.key", "server.pem", "server.key", "authority.pem", "reports.password", "mail.password", "pager.secret", "sms.token", "sms.password" })
            File.WriteAllText(Path.Combine(folder.FullName, name), "secret");
        foreach (string name in new[] { "pager.url", "slack.url", "sms.url" }) File.WriteAllText(Path.Combine(folder.FullName, name), "https://hooks.example/secret");
        string text = ExampleLine().Replace(File.ReadAllText(ShippedFile), "");
        ProblemList problems = new(Path.Combine(folder.FullName, "gotop.toml"));
        TomlTable root = TomlParser.Parse(text, problems);
        GoTopConfig config = new ConfigLoader(ConfigVocabulary.Unchecked, name => name == "SLACK_URL" ? "https://hooks.example/secret" : "secret-of-20-characters").Read(root, problems);
        folder.Delete(recursive: true);

        Assert.Empty(problems.ToImmutable());
        Assert.True(config.Targets.Length >= 4);
        Assert.Equal(ChannelCatalog.All.Select(kind => kind.Id).Order(), config.Alerts.Channels.Select(channel => channel.Kind).Distinct().Order());
        HashSet<string> written = [];
        Collect(root, "", written);
        // In a table of which there is one, a secret and the file that it may be in exclude one another: the latter stands in a comment.
        string[] inComments = ["export.otlp.endpoint_file", "export.prometheus.token_file", "export.push.url_file", "export.push.secret_file"];
        Assert.Equal(inComments.Order(StringComparer.Ordinal), problems.KnownKeys.Except(written));
        Assert.All(inComments, key => Assert.Contains($"\"{key.Split('.')[^1]}\"", text, StringComparison.Ordinal));
    }

    private static void Collect(TomlTable table, string prefix, HashSet<string> written)
    {
        foreach (TomlEntry entry in table.Entries)
        {
            string key = prefix + entry.Key;
            written.Add(key);
            if (entry.Value is TomlTable inner) Collect(inner, key + ".", written);
            if (entry.Value is not TomlArray { OfTables: true } array) continue;
            foreach (TomlTable item in array.Items.OfType<TomlTable>()) Collect(item, key + ".", written);
        }
    }

    /// <summary>A commented example: "#" and at once a key or a heading. Prose has a blank after "#".</summary>
    [GeneratedRegex("""^#(?=["\[a-z])""", RegexOptions.Multiline)]
    private static partial Regex ExampleLine();
}
