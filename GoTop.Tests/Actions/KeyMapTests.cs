using System.Collections.Immutable;
using GoTop.Actions;
using Xunit;

namespace GoTop.Tests.Actions;

public sealed class KeyMapTests
{
    private static readonly ImmutableArray<UserAction> Actions =
    [
        Action("one", ["a", "F1"]),
        Action("two", ["b"]),
        Action("here", ["a"], ActionScope.In("logs")),
    ];

    [Fact]
    public void A_panes_own_action_goes_before_a_global_one()
    {
        KeyMap map = Build().Map;
        Assert.Equal("one", map.Find(KeyStroke.Of('a'), "gc")?.Id);
        Assert.Equal("here", map.Find(KeyStroke.Of('a'), "logs")?.Id);
        Assert.Null(map.Find(KeyStroke.Of('z'), "logs"));
    }

    [Fact]
    public void Configured_keys_replace_the_default_ones_and_take_them_from_others()
    {
        (KeyMap map, ImmutableArray<string> problems) = Build(("two", ["a", "ctrl-x"]));
        Assert.Empty(problems);
        Assert.Equal("two", map.Find(KeyStroke.Of('a'), "gc")?.Id);
        Assert.Null(map.Find(KeyStroke.Of('b'), "gc"));
        Assert.Equal(["a", "ctrl-x"], map.KeysOf(Actions[1]).Select(key => key.ToString()));
        Assert.Equal(["F1"], map.KeysOf(Actions[0]).Select(key => key.ToString()));
    }

    [Fact]
    public void Ctrl_c_leaves_whatever_the_configuration_says_unless_it_is_given_away()
    {
        Assert.True(KeyStroke.TryParse("ctrl-c", out KeyStroke leave, out _));
        ImmutableArray<UserAction> actions = [Action("quit", ["q", "ctrl-c"]), Action("copy", ["y"])];
        Assert.Equal("quit", KeyMap.Build(actions, ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("quit", ["x"])).Map.Find(leave, "gc")?.Id);
        Assert.Equal("copy", KeyMap.Build(actions, ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("copy", ["ctrl-c"])).Map.Find(leave, "gc")?.Id);
    }

    [Fact]
    public void Two_configured_actions_cannot_share_a_key()
    {
        (_, ImmutableArray<string> problems) = Build(("one", ["x"]), ("two", ["x"]));
        Assert.Equal(["keys.two: x is already the key of one"], problems);
    }

    [Fact]
    public void Unknown_actions_and_keys_are_reported_and_the_rest_counts()
    {
        (KeyMap map, ImmutableArray<string> problems) = Build(("nine", ["x"]), ("one", ["hyper-x", "y"]));
        Assert.Equal(2, problems.Length);
        Assert.StartsWith("keys.nine: there is no such action", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("keys.one: \"hyper-x\" is not a key", problems[1], StringComparison.Ordinal);
        Assert.Equal("one", map.Find(KeyStroke.Of('y'), "gc")?.Id);
    }

    [Fact]
    public void An_empty_list_takes_the_keys_away() => Assert.Null(Build(("two", [])).Map.Find(KeyStroke.Of('b'), "gc"));

    private static UserAction Action(string id, ImmutableArray<string> keys, ActionScope? scope = null) =>
        new() { Id = id, Title = id, Group = "g", DefaultKeys = keys, Scope = scope ?? ActionScope.Global, Run = (_, _) => { } };

    private static (KeyMap Map, ImmutableArray<string> Problems) Build(params (string Id, string[] Keys)[] overrides) =>
        KeyMap.Build(Actions, overrides.ToImmutableDictionary(pair => pair.Id, pair => pair.Keys.ToImmutableArray()));
}
