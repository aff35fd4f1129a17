using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Audit;

/// <summary>Who acts.</summary>
/// <param name="User">The account this program runs as; <c>DOMAIN\name</c> on Windows.</param>
/// <param name="Behind">Who became that account by sudo; null when nobody did, or it is not told.</param>
/// <param name="From">The address or machine the session comes from, by SSH or RDP; null at the machine itself, or when it is not told.</param>
public sealed record Actor(string User, string? Behind, string? From)
{
    private const int Longest = 200;

    /// <summary>What of GoTop acts by itself, e.g. <c>watchdog</c>; null for a person.</summary>
    public string? Part { get; init; }

    /// <summary>The names that rules may mean. Who is behind sudo counts for root alone: others could say so themselves.</summary>
    public bool IsNamed(string name) =>
        name.Equals(User, StringComparison.OrdinalIgnoreCase)
        || (User == "root" && name.Equals(Behind, StringComparison.OrdinalIgnoreCase))
        || (User.LastIndexOf('\\') is > 0 and int at && name.Equals(User[(at + 1)..], StringComparison.OrdinalIgnoreCase));

    /// <summary>Whoever runs this program.</summary>
    /// <param name="environment">Value of an environment variable. It is the person's own word, so it tells and proves nothing.</param>
    public static Actor OfThisProcess(Func<string, string?> environment)
    {
        string domain = OperatingSystem.IsWindows() ? Environment.UserDomainName + "\\" : "";
        // SSH_CLIENT is "ADDRESS PORT PORT"; CLIENTNAME is that of a remote desktop's machine, and "Console" at the machine itself.
        string? from = Told("SSH_CLIENT")?.Split(' ')[0] ?? Told("SSH_CONNECTION")?.Split(' ')[0]
            ?? (Told("CLIENTNAME") is { } client && !client.Equals("Console", StringComparison.OrdinalIgnoreCase) ? client : null);
        return new Actor(domain + Environment.UserName, Told("SUDO_USER"), from);

        string? Told(string name) => environment(name) is { Length: > 0 } value ? PlainText.Clean(value, Longest) : null;
    }

    public override string ToString() => $"{User}{(Behind is null ? "" : $" (sudo by {Behind})")}{(From is null ? "" : $" from {From}")}{(Part is null ? "" : $" ({Part})")}";
}
