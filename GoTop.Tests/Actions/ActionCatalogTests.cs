using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Actions;

public sealed class ActionCatalogTests
{
    private static readonly ImmutableDictionary<string, ImmutableArray<string>> None = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    [Fact]
    public void Default_keys_are_all_readable_and_none_is_taken_twice() =>
        Assert.Empty(KeyMap.Build(ActionCatalog.All, None).Problems);

    [Fact]
    public void Ids_are_unique_and_can_stand_in_toml()
    {
        Assert.Distinct(ActionCatalog.All.Select(action => action.Id));
        Assert.All(ActionCatalog.All, action => Assert.Matches("^[a-z][a-z0-9-]*$", action.Id));
    }

    [Fact]
    public void Every_action_says_what_it_does_and_can_be_reached()
    {
        Assert.All(ActionCatalog.All, action => Assert.True(action.Title.Length > 0 && action.Group.Length > 0, action.Id));
        KeyMap map = KeyMap.Build(ActionCatalog.All, None).Map;
        Assert.All(ActionCatalog.All.Where(action => !action.DefaultKeys.IsEmpty), action => Assert.Equal(action.DefaultKeys.Length, map.KeysOf(action).Length));
    }

    [Fact]
    public void The_readme_lists_exactly_these_keys()
    {
        string readme = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "README.md")).ReplaceLineEndings("\n");
        const string Begin = "<!-- keys:begin -->\n", End = "<!-- keys:end -->";
        int begin = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        string table = readme[begin..readme.IndexOf(End, StringComparison.Ordinal)];
        Assert.True(table == ActionCatalog.ToMarkdown(), "README.md's key table differs from the catalogue; put there what `gotop keys --markdown` prints");
    }

    [Fact]
    public void Read_only_leaves_no_dangerous_action() =>
        Assert.DoesNotContain(ActionCatalog.Allowed(readOnly: true), action => action.Danger != Danger.None);
}
