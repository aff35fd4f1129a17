namespace GoTop.Engine.Platform;

/// <summary>The user whose own service manager (systemd's <c>user@UID.service</c>) runs a service.</summary>
/// <param name="Name">The number again where no name is known.</param>
public sealed record ServiceUser(int Id, string Name);
