namespace GoTop.Engine.Control.Acting;

/// <summary>Something that could not be done, or must not be. The message is for the screen.</summary>
public sealed class ControlException(string message) : Exception(message)
{
    /// <summary>The operating system or a rule refused it, where rights or time would help.</summary>
    public bool IsDenied { get; init; }
}
