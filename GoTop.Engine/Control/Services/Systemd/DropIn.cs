using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Control.Acting;

namespace GoTop.Engine.Control.Services.Systemd;

/// <summary>
/// A file of GoTop's own that adds to a unit (systemd.unit(5), drop-ins): <c>/etc/systemd/system/UNIT.d/50-gotop-WHAT.conf</c>.
/// The unit's own file stays as it is, and removing the file takes everything back.
/// </summary>
/// <param name="what"><c>affinity</c>, <c>environment</c> or <c>recovery</c>.</param>
/// <param name="root">For tests.</param>
internal sealed class DropIn(string unit, string what, string root = DropIn.SystemUnits)
{
    public const string SystemUnits = "/etc/systemd/system";

    private const string Heading = "# Written by gotop; removing this file and \"systemctl daemon-reload\" take it back.\n[Service]\n";

    public string Path { get; } = System.IO.Path.Combine(root, unit + ".d", $"50-gotop-{what}.conf");

    /// <summary>Null when there is none.</summary>
    public string? Read() => File.Exists(Path) ? File.ReadAllText(Path) : null;

    /// <summary>Puts it in place in one step; a null removes it.</summary>
    /// <exception cref="ControlException"></exception>
    public void Write(string? content)
    {
        if (unit.AsSpan().IndexOfAny('/', '\0') >= 0) throw new ControlException($"\"{unit}\" is no unit's name");
        try
        {
            if (content is null)
            {
                File.Delete(Path);
                return;
            }

            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            File.WriteAllText(Path + ".new", content, new UTF8Encoding(false));
            File.Move(Path + ".new", Path, overwrite: true);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new ControlException($"{Path} cannot be written: {refused.Message} (run GoTop as root)") { IsDenied = true };
        }
        catch (IOException refused)
        {
            throw new ControlException($"{Path} cannot be written: {refused.Message}");
        }
    }

    public static string Affinity(string cores) => $"{Heading}CPUAffinity=\nCPUAffinity={cores}\n";

    public static string Recovery(RecoveryPolicy policy) => FormattableString.Invariant(
        $"{Heading}Restart={policy.Restart switch { RestartCondition.No => "no", RestartCondition.OnFailure => "on-failure", _ => "always" }}\nRestartSec={policy.Delay.TotalMilliseconds:0}ms\n");

    /// <summary>What stood in it before, changed; null when nothing is left.</summary>
    public static string? Environment(string? before, ImmutableSortedDictionary<string, string?> changes)
    {
        const string Set = "Environment=\"", Unset = "UnsetEnvironment=";
        SortedDictionary<string, string?> all = new(StringComparer.Ordinal);
        foreach (string line in (before ?? "").Split('\n'))
        {
            if (line.StartsWith(Set, StringComparison.Ordinal) && line.EndsWith('"') && line.IndexOf('=', Set.Length) is > 0 and int at) all[line[Set.Length..at]] = line[(at + 1)..^1];
            else if (line.StartsWith(Unset, StringComparison.Ordinal)) all[line[Unset.Length..]] = null;
        }

        // The names and values are Go's own, which need no quoting but of the per cent sign; see EnvironmentNames.
        foreach ((string name, string? value) in changes) all[name] = value?.Replace("%", "%%", StringComparison.Ordinal);
        if (all.Count == 0) return null;
        StringBuilder text = new(Heading);
        foreach ((string name, string? value) in all)
        {
            if (value is null) text.Append(Unset).Append(name).Append('\n');
            else text.Append(Set).Append(name).Append('=').Append(value).Append("\"\n");
        }

        return text.ToString();
    }
}
