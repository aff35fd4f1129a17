using GoTop.Engine.Control.Services.Systemd;

namespace GoTop.Tests.Control.Services;

/// <summary>
/// A folder with a systemctl and a journalctl that are scripts: each verb puts another answer to <c>show</c> in place. There is
/// no systemd on a build machine; the answers are written as systemd 252 prints them.
/// </summary>
internal sealed class ScriptedSystemd : IDisposable
{
    private const string Systemctl = """
        #!/bin/sh
        d=$(dirname "$0")
        echo "$*" >> "$d/calls"
        while [ "${1#-}" != "$1" ]; do shift; done
        [ -f "$d/refuse.$1" ] && { cat "$d/refuse.$1" >&2; exit 1; }
        [ "$1" = show ] && exec cat "$d/show"
        [ -f "$d/after.$1" ] && cp "$d/after.$1" "$d/show"
        exit 0
        """;

    public ScriptedSystemd(string show)
    {
        Folder = Directory.CreateTempSubdirectory("gotop-systemd-").FullName;
        DropIns = Path.Combine(Folder, "units");
        Write("systemctl", Systemctl + "\n");
        Write("journalctl", "#!/bin/sh\necho \"$*\" > \"$(dirname \"$0\")/journal\"\necho \"2026-11-25T12:00:00+0000 shop orders[4242]: panic: no database\"\n");
        foreach (string program in new[] { "systemctl", "journalctl" })
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(Folder, program), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        Write("show", show);
        Write("calls", "");
    }

    public string Folder { get; }

    public string DropIns { get; }

    public string[] Calls => [.. File.ReadAllLines(Path.Combine(Folder, "calls")).Where(call => !call.Contains("show ", StringComparison.Ordinal))];

    /// <summary>What the journal was last asked for.</summary>
    public string Journal => File.ReadAllText(Path.Combine(Folder, "journal")).TrimEnd();

    public Systemctl Programs => new(TimeProvider.System, Folder, SystemdManager.OfSystem with { DropIns = DropIns });

    /// <summary>The same, of a user's own systemd.</summary>
    public Systemctl ProgramsOf(SystemdManager manager) => new(TimeProvider.System, Folder, manager);

    /// <summary>What <c>show</c> answers once this verb was given.</summary>
    public void After(string verb, string show) => Write("after." + verb, show);

    public void Refuse(string verb, string error) => Write("refuse." + verb, error);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static string Show(string active = "active", string sub = "running", int process = 4242, string life = "one", string more = "") => $"""
        Id=orders.service
        Description=Orders
        LoadState=loaded
        ActiveState={active}
        SubState={sub}
        MainPID={process}
        Result=success
        ExecMainCode=0
        ExecMainStatus=0
        InvocationID={life}
        NRestarts=0
        Restart=on-failure
        RestartUSec=100ms
        Environment=GOGC=100 "GREETING=two words" PASSWORD=secret
        RequiredBy=web.service multi-user.target
        BoundBy=
        ConsistsOf=
        Requires=system.slice sysinit.target
        BindsTo=
        CanStart=yes
        CanStop=yes
        {more}
        """;

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(Folder, name), content);
}
