namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>Which right is missing for the kernel's events, in words.</summary>
internal static class EtwRights
{
    public const string ProfileRight = "\"Profile system performance\" (SeSystemProfilePrivilege)";

    /// <summary>Null where nothing speaks against it: an administrator, or a member of Performance Log Users with that right.</summary>
    public static string? MissingForKernel(IEtwSystem system)
    {
        if (system.IsElevated != false) return null;
        return (system.IsPerformanceLogUser, system.HasProfileRight) switch
        {
            (true, true) => null,
            (true, false) => $"{EtwRefusal.NeedsElevation}; as a member of Performance Log Users you lack the right {ProfileRight}",
            (false, true) => $"{EtwRefusal.NeedsElevation}; with the right {ProfileRight}, which you have, membership in Performance Log Users does as well",
            _ => EtwRefusal.NeedsElevation,
        };
    }

    /// <summary>Why processors cannot be sampled though the rest is allowed; null where they can.</summary>
    public static string? MissingForSamples(IEtwSystem system) => system.HasProfileRight == false ? $"CPU samples need the right {ProfileRight}" : null;
}
