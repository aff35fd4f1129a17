using System.Collections.Immutable;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Control.Watchdog;

namespace GoTop.Engine.Config;

/// <summary>One <c>[[target]]</c> of gotop.toml. Exactly one of pid, process, service and url is set.</summary>
public sealed record TargetSettings
{
    public static TargetSettings Default { get; } = new();

    public string? Name { get; init; }

    public int? ProcessId { get; init; }

    /// <summary>Process name, without <c>.exe</c>.</summary>
    public string? ProcessName { get; init; }

    /// <summary>Windows service or systemd unit.</summary>
    public string? Service { get; init; }

    /// <summary>Base address of a service that serves pprof.</summary>
    public Uri? Url { get; init; }

    /// <summary>Address of the page of Prometheus metrics; null to look for it where pprof is served, and at the process's ports.</summary>
    public Uri? MetricsUrl { get; init; }

    /// <summary>False: the page is neither looked for nor read.</summary>
    public bool ReadsMetrics { get; init; } = true;

    /// <summary>Logs to follow: paths, patterns such as <c>/var/log/app/*.log</c>, and what <see cref="Sources.Logs.LogLocation"/> knows.</summary>
    public ImmutableArray<string> Logs { get; init; } = [];

    /// <summary>Name of the code page that its log files are written in; null to find out (UTF-8 or UTF-16).</summary>
    public string? LogEncoding { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public HttpSettings Http { get; init; } = new();

    /// <summary>What may be done to it.</summary>
    public ActionRules Rules { get; init; } = ActionRules.None;

    /// <summary>How the agent watches over it; null for not at all.</summary>
    public WatchdogSettings? Watchdog { get; init; }
}

/// <summary>How to talk to a target's pprof pages: the keys <c>user</c> … <c>timeout</c> of a target.</summary>
public sealed record HttpSettings
{
    public string? User { get; init; }

    /// <summary>Never shown, logged or recorded.</summary>
    public string? Password { get; init; }

    public string? BearerToken { get; init; }

    /// <summary>PEM files of a client certificate and its key.</summary>
    public string? ClientCertificate { get; init; }

    public string? ClientKey { get; init; }

    /// <summary>PEM file of a certificate authority to trust in place of the system's.</summary>
    public string? CertificateAuthority { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Without the password and the token: a record's own text would print them.</summary>
    public override string ToString() =>
        $"user {User ?? "none"}, password {(Password is null ? "not set" : "set")}, bearer token {(BearerToken is null ? "not set" : "set")}, "
        + $"client certificate {ClientCertificate ?? "none"}, certificate authority {CertificateAuthority ?? "the system's"}, timeout {Timeout.TotalSeconds} s";
}
