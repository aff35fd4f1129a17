using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Services.Systemd;

/// <summary>What <c>systemctl show</c> prints of a unit: one <c>Name=value</c> a line (org.freedesktop.systemd1(5)).</summary>
internal sealed class UnitProperties
{
    /// <summary>Those that are asked for.</summary>
    public static readonly string Wanted = string.Join(
        ',', "Id", "Description", "LoadState", "LoadError", "ActiveState", "SubState", "MainPID", "Result", "ExecMainCode", "ExecMainStatus", "InvocationID", "NRestarts", "StatusText",
        "Restart", "RestartUSec", "Environment", "RequiredBy", "BoundBy", "ConsistsOf", "Requires", "BindsTo", "CanStart", "CanStop");

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public static UnitProperties Parse(string output)
    {
        UnitProperties properties = new();
        foreach (string line in output.Split('\n'))
        {
            int at = line.IndexOf('=', StringComparison.Ordinal);
            if (at > 0) properties._values[line[..at]] = line[(at + 1)..].TrimEnd('\r');
        }

        return properties;
    }

    /// <summary>Empty for what is not there.</summary>
    public string this[string name] => _values.GetValueOrDefault(name, "");

    public bool IsLoaded => this["LoadState"] == "loaded";

    public ServiceStatus Status(string name) => new()
    {
        Name = this["Id"] is { Length: > 0 } id ? id : name,
        Manager = SystemdManager.OfSystem.Title,
        DisplayName = this["Description"] is { Length: > 0 } description ? PlainText.Clean(description, 200) : null,
        State = State(),
        StateWords = $"{this["ActiveState"]} ({this["SubState"]})",
        ProcessId = int.TryParse(this["MainPID"], NumberStyles.None, CultureInfo.InvariantCulture, out int process) && process > 0 ? process : null,
        Life = this["InvocationID"] is { Length: > 0 } life ? life : null,
        Dependants = [.. Units("RequiredBy", "BoundBy", "ConsistsOf").Where(unit => unit.EndsWith(".service", StringComparison.Ordinal))],
        DependsOn = [.. Units("Requires", "BindsTo")],
        Error = Error(),
        Recovery = Reading.Of(RecoveryWords()),
        RecoveryPolicy = Policy(),
        Environment = Reading.Of(Environment()),
    };

    private ServiceState State() => (this["ActiveState"], this["SubState"]) switch
    {
        ("active" or "reloading", _) => ServiceState.Running,
        // systemd waits until it starts it again: it does not run.
        ("activating", "auto-restart" or "auto-restart-queued") => ServiceState.Failed,
        ("activating", _) => ServiceState.Starting,
        ("deactivating", _) => ServiceState.Stopping,
        ("failed", _) => ServiceState.Failed,
        ("inactive", _) => ServiceState.Stopped,
        _ => ServiceState.Unknown,
    };

    private string? Error()
    {
        if (!IsLoaded) return PlainText.Clean(this["LoadError"] is { Length: > 0 } error ? $"{this["LoadState"]}: {error}" : this["LoadState"], 200);
        if (this["Result"] is not { Length: > 0 } result || result == "success") return null;
        // ExecMainCode is si_code: 1 exited, 2 killed by a signal, 3 the same with a core.
        string how = this["ExecMainCode"] switch
        {
            "1" => $", exit status {this["ExecMainStatus"]}",
            "2" or "3" => $", signal {this["ExecMainStatus"]}",
            _ => "",
        };
        string again = this["NRestarts"] is { Length: > 0 } restarts && restarts != "0" ? $", {(restarts == "1" ? "restarted once" : $"restarted {restarts} times")}" : "";
        return PlainText.Clean($"{result}{how}{again}{(this["StatusText"] is { Length: > 0 } told ? $": {told}" : "")}", 300);
    }

    private string RecoveryWords() => this["Restart"] is { Length: > 0 } restart ? $"Restart={restart}, RestartSec={this["RestartUSec"]}" : "not told";

    private RecoveryPolicy? Policy()
    {
        RestartCondition? condition = this["Restart"] switch
        {
            "no" => RestartCondition.No,
            "on-failure" => RestartCondition.OnFailure,
            "always" => RestartCondition.Always,
            _ => null,
        };
        return condition is { } known && TimeSpanOf(this["RestartUSec"]) is { } delay ? new RecoveryPolicy(known, delay) : null;
    }

    /// <summary>As systemd prints it: <c>100ms</c>, <c>1min 30s</c>.</summary>
    private static TimeSpan? TimeSpanOf(string text)
    {
        TimeSpan all = TimeSpan.Zero;
        if (text.Length == 0) return null;
        foreach (string part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int digits = part.AsSpan().IndexOfAnyExceptInRange('0', '9');
            // systemd knows fractions as well, which no whole unit of a restart delay has.
            if (digits <= 0 || !long.TryParse(part.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number > int.MaxValue) return null;
            TimeSpan? unit = part[digits..] switch
            {
                "us" => TimeSpan.FromMicroseconds(1),
                "ms" => TimeSpan.FromMilliseconds(1),
                "s" => TimeSpan.FromSeconds(1),
                "min" => TimeSpan.FromMinutes(1),
                "h" => TimeSpan.FromHours(1),
                _ => null,
            };
            if (unit is null) return null;
            all += unit.Value * number;
        }

        return all;
    }

    private IEnumerable<string> Units(params string[] properties) =>
        properties.SelectMany(property => this[property].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct();

    /// <summary><c>Environment=A=1 "B=two words"</c>: words as a shell would split them.</summary>
    private ImmutableArray<KeyValuePair<string, string>> Environment()
    {
        ImmutableArray<KeyValuePair<string, string>>.Builder found = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (string word in ShellWords(this["Environment"]))
        {
            int at = word.IndexOf('=', StringComparison.Ordinal);
            if (at > 0) found.Add(KeyValuePair.Create(word[..at], word[(at + 1)..]));
        }

        return found.ToImmutable();
    }

    private static IEnumerable<string> ShellWords(string text)
    {
        StringBuilder word = new();
        bool quoted = false, any = false;
        string plain = text.StartsWith("$'", StringComparison.Ordinal) ? text[1..] : text;
        for (int i = 0; i < plain.Length; i++)
        {
            char c = plain[i];
            if (c == '\\' && i + 1 < plain.Length) word.Append(plain[++i]);
            else if (c is '"' or '\'') (quoted, any) = (!quoted, true);
            else if (c == ' ' && !quoted)
            {
                if (word.Length > 0 || any) yield return word.ToString();
                word.Clear();
                any = false;
            }
            else word.Append(c);
        }

        if (word.Length > 0 || any) yield return word.ToString();
    }
}
