using GoTop.Engine.Diagnosis;

namespace GoTop.Engine.Alerts;

/// <summary>The words of configuration and messages for severities.</summary>
public static class SeverityWords
{
    public static string Of(Severity severity) => severity switch
    {
        Severity.Critical => "critical",
        Severity.Warning => "warning",
        _ => "notice",
    };
}
