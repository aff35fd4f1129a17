namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>Bytes that are no valid profile, or one beyond the limits. The message names the field and the place.</summary>
public sealed class ProfileException : FormatException
{
    public ProfileException()
    {
    }

    public ProfileException(string message)
        : base(message)
    {
    }

    public ProfileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <param name="offset">Of the uncompressed profile, in bytes.</param>
    /// <param name="field">As profile.proto names it: <c>sample.location_id</c>.</param>
    internal static ProfileException At(long offset, string field, string problem) => new($"{field} at byte {offset}: {problem}");
}
