using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Audit;

namespace GoTop.Engine.Control.Rules;

/// <summary>Whether an action may be done now by whoever runs this program.</summary>
/// <param name="readOnly"><c>--readonly</c>, or the key of gotop.toml.</param>
public sealed class ActionGate(ActionRules rules, Actor actor, bool readOnly, TimeProvider time)
{
    public Actor Actor => actor;

    public ActionRules Rules => rules;

    /// <summary>Why not; null when it may.</summary>
    public string? Check(ControlKind kind)
    {
        if (readOnly) return "nothing may be changed: --readonly, or readonly in gotop.toml";
        if (rules.IsBroken) return "the target's rules in gotop.toml cannot be read, so nothing is allowed: gotop config check";
        if (rules.Allow is { } allowed && !allowed.Contains(kind.Id))
            return $"the target's rules do not allow {kind.Id}; they allow {(allowed.IsEmpty ? "nothing" : string.Join(", ", allowed))}";
        if (!rules.By.IsEmpty && !rules.By.Any(actor.IsNamed)) return $"the target's rules allow it to {string.Join(", ", rules.By)}, and you are {actor}";
        DateTimeOffset now = time.GetLocalNow();
        if (!rules.Windows.IsEmpty && !rules.Windows.Any(window => window.Contains(now)))
            return FormattableString.Invariant($"the target's rules allow it {string.Join(", ", rules.Windows)}, and now it is {now:ddd HH:mm}");
        return null;
    }
}
