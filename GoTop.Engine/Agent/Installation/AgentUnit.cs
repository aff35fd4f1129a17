using System.Text;

namespace GoTop.Engine.Agent.Installation;

/// <summary>The text of the agent's systemd unit (systemd.service(5), systemd.exec(5)).</summary>
/// <remarks>
/// It runs as root: systemd restarts units and takes drop-ins from root alone unless polkit says otherwise, and the recordings of
/// services of several accounts must belong to none of them. What root could do beyond GoTop's purpose is taken away instead: by the
/// bounding set, which for root is what ambient capabilities are for others, and by the sandbox. The comments are part of the unit, for
/// whoever reads it on the server.
/// </remarks>
public static class AgentUnit
{
    public const int WatchdogSeconds = 30;

    public static string Text(AgentCommand command) => $"""
        # Written by "gotop agent install"; "gotop agent uninstall" removes it. For changes of your own: systemctl edit {AgentServiceNames.Systemd}
        [Unit]
        Description=GoTop agent: watches Go services without a screen
        After=network.target
        # A broken installation is not restarted for ever.
        StartLimitIntervalSec=10min
        StartLimitBurst=5

        [Service]
        # Ready is when it watches; it says so itself, and pings twice in WatchdogSec as long as it works.
        Type=notify
        NotifyAccess=main
        ExecStart={Quoted(command.Executable)} agent{(command.ConfigFile is null ? "" : $" --config {Quoted(command.ConfigFile)}")}
        ExecReload=/bin/kill -HUP $MAINPID
        WatchdogSec={WatchdogSeconds}
        Restart=on-failure
        RestartSec=5
        # It closes its recordings within 20 s.
        TimeoutStopSec=30
        # The agent alone is ended: a plain process that it started again for somebody lives on.
        KillMode=process

        # It must not worsen the incident that it watches: when memory is short, it goes first.
        OOMScoreAdjust=500
        # Buffers of the kernel's events are locked memory.
        LimitMEMLOCK=infinity

        # Root with no more than it needs:
        # CAP_SYS_PTRACE      memory, executable, environment and open files of services of other accounts
        # CAP_PERFMON         the kernel's events (from Linux 5.8 on; before it that takes CAP_SYS_ADMIN, which is left out)
        # CAP_DAC_READ_SEARCH log files of services that only their own account may read, and tracefs
        # CAP_SYSLOG          names of the kernel's functions
        # CAP_SYS_NICE        cores and priorities of services of other accounts
        # CAP_KILL            stopping plain processes of other accounts
        CapabilityBoundingSet=CAP_SYS_PTRACE CAP_PERFMON CAP_DAC_READ_SEARCH CAP_SYSLOG CAP_SYS_NICE CAP_KILL
        AmbientCapabilities=
        NoNewPrivileges=yes

        # All of the system is read-only but for its own folder and the drop-ins by which cores, variables and restarts are set.
        ProtectSystem=strict
        ReadWritePaths=-/etc/systemd/system
        StateDirectory=gotop
        StateDirectoryMode=0755
        UMask=0027
        ProtectHome=read-only
        # Its view of /proc stays whole, since other processes are its purpose; likewise /tmp, where services may log.
        ProtectKernelTunables=yes
        ProtectKernelModules=yes
        ProtectControlGroups=yes
        ProtectClock=yes
        ProtectHostname=yes
        PrivateDevices=yes
        RestrictSUIDSGID=yes
        RestrictRealtime=yes
        RestrictNamespaces=yes
        LockPersonality=yes
        # pprof and metrics by TCP, systemd by its socket, the machine's own addresses by netlink.
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
        SystemCallArchitectures=native
        # process_vm_readv is in @ipc, sched_setaffinity in @resources, both of @system-service.
        SystemCallFilter=@system-service perf_event_open
        SystemCallErrorNumber=EPERM

        [Install]
        WantedBy=multi-user.target

        """.Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>As one word of a command line of a unit: blanks, backslashes, and the signs of specifiers and variables.</summary>
    internal static string Quoted(string path)
    {
        StringBuilder text = new("\"");
        foreach (char c in path)
        {
            text.Append(c switch
            {
                '\\' => @"\\",
                '"' => "\\\"",
                '%' => "%%",
                '$' => "$$",
                _ => c.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
