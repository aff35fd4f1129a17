using System.Collections.Immutable;

namespace GoTop.Actions;

/// <summary>Which key does what, after the configuration's changes.</summary>
public sealed class KeyMap
{
    private readonly ImmutableDictionary<KeyStroke, ImmutableArray<UserAction>> _byKey;
    private readonly ImmutableDictionary<string, ImmutableArray<KeyStroke>> _byAction;

    private KeyMap(
        ImmutableArray<UserAction> actions, ImmutableDictionary<KeyStroke, ImmutableArray<UserAction>> byKey,
        ImmutableDictionary<string, ImmutableArray<KeyStroke>> byAction)
    {
        Actions = actions;
        _byKey = byKey;
        _byAction = byAction;
    }

    public ImmutableArray<UserAction> Actions { get; }

    /// <summary>
    /// Keys given for an action replace its default ones; an empty list takes them away. What is wrong is left out and
    /// reported, one sentence each; the rest counts. A key that the configuration gives to one action is taken from
    /// those that have it by default.
    /// </summary>
    /// <param name="overrides">Action id to key texts, as in <c>[keys]</c>.</param>
    public static (KeyMap Map, ImmutableArray<string> Problems) Build(
        ImmutableArray<UserAction> actions, ImmutableDictionary<string, ImmutableArray<string>> overrides)
    {
        ImmutableArray<string>.Builder problems = ImmutableArray.CreateBuilder<string>();
        foreach (string unknown in overrides.Keys.Where(id => actions.All(action => action.Id != id)).Order(StringComparer.Ordinal))
            problems.Add($"keys.{unknown}: there is no such action; the help (?) and the README list them");

        Dictionary<KeyStroke, List<(UserAction Action, bool Chosen)>> byKey = [];
        // Those of the configuration first, so that they win.
        foreach (UserAction action in actions.OrderBy(action => overrides.ContainsKey(action.Id) ? 0 : 1))
        {
            bool chosen = overrides.TryGetValue(action.Id, out ImmutableArray<string> texts);
            foreach (string text in chosen ? texts : action.DefaultKeys)
            {
                if (!KeyStroke.TryParse(text, out KeyStroke key, out string? problem))
                {
                    problems.Add($"keys.{action.Id}: {problem}");
                    continue;
                }

                Claim(key, action, chosen);
            }
        }

        ImmutableDictionary<string, ImmutableArray<KeyStroke>> byAction = byKey
            .SelectMany(entry => entry.Value.Select(claim => (claim.Action, Key: entry.Key)))
            .GroupBy(pair => pair.Action.Id)
            .ToImmutableDictionary(group => group.Key, group => InOrder(group.First().Action, group.Select(pair => pair.Key)));
        // However the configuration reads, the key that ends every program ends this one, unless it was given to another action.
        if (KeyStroke.TryParse("ctrl-c", out KeyStroke leave, out _) && !byKey.ContainsKey(leave) && actions.FirstOrDefault(action => action.Id == "quit") is { } quit)
            byKey[leave] = [(quit, false)];
        return (
            new KeyMap(actions, byKey.ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Select(claim => claim.Action).ToImmutableArray()), byAction),
            problems.ToImmutable());

        void Claim(KeyStroke key, UserAction action, bool chosen)
        {
            if (!byKey.TryGetValue(key, out List<(UserAction Action, bool Chosen)>? claims)) byKey[key] = claims = [];
            (UserAction Action, bool Chosen) other = claims.Find(claim => Clash(claim.Action, action));
            if (other.Action is null)
            {
                claims.Add((action, chosen));
            }
            else if (other.Chosen == chosen && other.Action != action)
            {
                problems.Add($"keys.{action.Id}: {key} is already the key of {other.Action.Id}");
            }
        }

        ImmutableArray<KeyStroke> InOrder(UserAction action, IEnumerable<KeyStroke> keys)
        {
            string[] texts = [.. overrides.TryGetValue(action.Id, out ImmutableArray<string> chosen) ? chosen : action.DefaultKeys];
            return [.. keys.OrderBy(key => Array.FindIndex(texts, text => KeyStroke.TryParse(text, out KeyStroke parsed, out _) && parsed == key))];
        }
    }

    /// <summary>The action of this key in this pane; one that is made for the pane goes before a global one.</summary>
    public UserAction? Find(KeyStroke key, string pane)
    {
        if (!_byKey.TryGetValue(key, out ImmutableArray<UserAction> actions)) return null;
        return actions.FirstOrDefault(action => !action.Scope.IsGlobal && action.Scope.Covers(pane))
            ?? actions.FirstOrDefault(action => action.Scope.IsGlobal);
    }

    public ImmutableArray<KeyStroke> KeysOf(UserAction action) => _byAction.GetValueOrDefault(action.Id, []);

    /// <summary>A pane's own action may take a key from a global one; two of the same rank may not share it.</summary>
    private static bool Clash(UserAction one, UserAction other) =>
        one.Scope.IsGlobal == other.Scope.IsGlobal && one.Scope.Overlaps(other.Scope);
}
