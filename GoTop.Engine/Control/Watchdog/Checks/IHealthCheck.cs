using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Watchdog.Checks;

public enum CheckOutcome : byte
{
    /// <summary>Nobody can tell: it counts neither way.</summary>
    Unknown,
    Passed,
    Failed,
}

/// <param name="Check">The check's name.</param>
/// <param name="Words">What was seen, with its figures.</param>
public sealed record CheckResult(string Check, CheckOutcome Outcome, string Words)
{
    internal static CheckResult Of(string check, bool passed, string words) => new(check, passed ? CheckOutcome.Passed : CheckOutcome.Failed, PlainText.Clean(words, 200));

    internal static CheckResult Unknown(string check, string why) => new(check, CheckOutcome.Unknown, PlainText.Clean(why, 200));
}

/// <summary>One way to tell whether a target is well. It never throws for what can go wrong with the target, and ends within the timeout.</summary>
internal interface IHealthCheck
{
    Task<CheckResult> LookAsync(CheckSubject subject, CancellationToken cancellation);
}
