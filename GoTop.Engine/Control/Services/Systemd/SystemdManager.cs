using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Control.Services.Systemd;

/// <summary>Which systemd a unit belongs to: the system's, or a user's own; and how that one is reached.</summary>
/// <param name="Title">For people.</param>
/// <param name="Options">Of systemctl.</param>
/// <param name="RuntimeDirectory">XDG_RUNTIME_DIR for systemctl, where the environment may lack it; null to leave it.</param>
/// <param name="DropIns">The folder of its units' drop-ins; null where GoTop may not write there.</param>
internal sealed record SystemdManager(string Title, ImmutableArray<string> Options, string? RuntimeDirectory, string? DropIns)
{
    public static SystemdManager OfSystem { get; } = new("systemd", [], null, DropIn.SystemUnits);

    /// <summary>Null for the system's.</summary>
    public int? UserId { get; private init; }

    /// <summary><c>systemctl --user</c>.</summary>
    public string Command => string.Join(' ', Options.Prepend("systemctl"));

    /// <summary>
    /// Of a user: as oneself over one's own bus; as root over the user's, which systemctl reaches by <c>--machine=USER@.host</c>
    /// (from systemd 248 on).
    /// </summary>
    /// <param name="self">The user that GoTop runs as.</param>
    /// <param name="configuration">That user's folder of configuration.</param>
    /// <exception cref="ControlException">It is another user's, and GoTop is not root.</exception>
    public static SystemdManager Of(ServiceUser user, int self, string configuration)
    {
        string title = $"systemd of user {user.Name}";
        string runtime = string.Create(CultureInfo.InvariantCulture, $"/run/user/{user.Id}");
        if (user.Id == self) return new SystemdManager(title, ["--user"], runtime, Path.Combine(configuration, "systemd", "user")) { UserId = user.Id };
        // The user's own folders are the user's: a link in them would let root write anywhere.
        if (self == 0) return new SystemdManager(title, ["--user", $"--machine={user.Name}@.host"], null, null) { UserId = user.Id };
        throw new ControlException($"it is a unit of user {user.Name}'s own systemd, which answers that user and root alone: run GoTop as {user.Name} or as root") { IsDenied = true };
    }

    /// <summary>What journalctl is to look for. Its <c>--user-unit</c> would mean units of whoever runs it.</summary>
    public string[] JournalMatches(string unit) => UserId is not { } id
        ? ["--unit=" + unit]
        : [$"_SYSTEMD_USER_UNIT={unit}", string.Create(CultureInfo.InvariantCulture, $"_UID={id}"), "+", $"USER_UNIT={unit}", string.Create(CultureInfo.InvariantCulture, $"_UID={id}")];

    /// <exception cref="ControlException">GoTop may not write there.</exception>
    public DropIn DropInOf(string unit, string what) => new(unit, what, DropIns ?? throw new ControlException(
        $"it is set by a file in the user's own folder, where root writes nothing: run GoTop as that user ({Title})"));
}
