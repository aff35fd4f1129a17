using System.Collections.Immutable;
using System.Threading.Channels;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;
using GoTop.Engine.Diagnosis;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging;

namespace GoTop.Tests.Alerts.Delivery;

/// <summary>Alerts and channels made by hand.</summary>
internal static class Telling
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);

    public static AlertRule Rule(string name, Severity severity = Severity.Warning) => new() { Name = name, Severity = severity, Condition = new DownCondition(), Advice = "Look at the heap." };

    public static RuleStatus Status(AlertRule rule, string target, AlertPhase phase, DateTimeOffset at, string why = "97% is above 85%") => new()
    {
        Rule = rule,
        Target = target,
        Phase = phase,
        Since = at,
        At = at,
        Why = why,
        Value = 97,
        FiredAt = phase == AlertPhase.Firing ? at : null,
    };

    public static AlertChange Fires(AlertRule rule, string target, DateTimeOffset at, string why = "97% is above 85%", string? build = "v1.4.2") =>
        new($"{rule.Name}/{target}/{at.ToUnixTimeMilliseconds()}", Status(rule, target, AlertPhase.Firing, at, why), build);

    public static AlertChange Ends(AlertRule rule, string target, DateTimeOffset at) => new("whatever", Status(rule, target, AlertPhase.Resolved, at, "41% is below 75%"), "v1.4.2");

    public static AlertItem Item(string rule = "cpu", string target = "order-api", AlertState state = AlertState.Firing, Severity severity = Severity.Warning, string why = "97% is above 85%") => new()
    {
        Id = $"{rule}/{target}/1",
        Rule = rule,
        Severity = severity,
        State = state,
        Target = target,
        Build = "v1.4.2",
        FiredAt = Noon,
        At = Noon + TimeSpan.FromMinutes(state == AlertState.Resolved ? 12 : 0),
        Value = 97,
        Why = why,
        Advice = "The Cpu pane names the functions.",
        Recording = "/var/lib/gotop/order-api.gotop",
    };

    public static AlertMessage Message(params AlertItem[] items) => AlertMessage.Of(items.Length == 0 ? [Item()] : items, "web1", "0.1.0", Noon);

    public static AlertSettings Settings(params ChannelSettings[] channels) => new() { Channels = [.. channels] };

    public static ChannelSettings Channel(string name = "ops", Severity least = Severity.Notice, bool resolved = true) => new MadeUpSettings(new ChannelCommon(name, least, resolved));

    /// <summary>Settings of a channel that a test makes itself.</summary>
    public sealed record MadeUpSettings(ChannelCommon Common) : ChannelSettings(Common)
    {
        public override string Kind => "made-up";

        public override string Where => "nowhere";

        public override IAlertChannel Create(ChannelParts parts) => new CollectingChannel();
    }
}

/// <summary>Keeps what it is sent; a test says what it answers.</summary>
internal sealed class CollectingChannel(Func<AlertMessage, CancellationToken, Task<string>>? answer = null) : IAlertChannel
{
    private readonly Channel<AlertMessage> _tried = System.Threading.Channels.Channel.CreateUnbounded<AlertMessage>();

    public ImmutableArray<string> Secrets { get; init; } = [];

    public async Task<string> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        _tried.Writer.TryWrite(message);
        return answer is null ? "taken" : await answer(message, cancellation);
    }

    /// <summary>The next message that somebody tries to send.</summary>
    public Task<AlertMessage> NextAsync() => Until.NextAsync(_tried.Reader, "a message is tried");

    /// <summary>Whether nothing else was tried so far.</summary>
    public bool IsQuiet => _tried.Reader.Count == 0;

    public void Dispose()
    {
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class KeptLog : ILogger
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    public string All
    {
        get
        {
            lock (_lock) return string.Join('\n', _lines);
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock) _lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
