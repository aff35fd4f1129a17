namespace GoTop.Engine.Control.Capture;

/// <summary>A capture that could not be taken. The message is for the screen.</summary>
public sealed class CaptureException(CaptureState state, string message) : Exception(message)
{
    /// <summary>Failed or not to be had here.</summary>
    public CaptureState State { get; } = state;

    /// <summary>The folder takes no more: whatever else is asked of the target would be for nothing.</summary>
    public bool IsOfTheFolder { get; init; }
}
