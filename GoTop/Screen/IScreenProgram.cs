using GoTop.Actions;

namespace GoTop.Screen;

public enum MouseGesture
{
    Click,
    WheelUp,
    WheelDown,
}

/// <summary>What runs in the terminal: it answers keys and paints frames. All of it is called on the UI thread, but for <see cref="Woken"/>.</summary>
public interface IScreenProgram
{
    /// <summary>Raised on any thread when there may be something new to draw.</summary>
    event Action? Woken;

    /// <summary>The program has ended; the terminal is given back.</summary>
    bool HasEnded { get; }

    /// <summary>For the terminal's window.</summary>
    string Title { get; }

    /// <summary>Takes in what has happened elsewhere, and tells whether the next frame differs.</summary>
    bool NeedsDraw(int width, int height);

    void Draw(Canvas canvas);

    void Key(KeyStroke key);

    void Mouse(MouseGesture gesture, int x, int y);

    /// <summary>Text pasted in one piece.</summary>
    void Paste(string text);

    /// <summary>True once when everything is to be painted anew.</summary>
    bool TakeRedraw();
}
