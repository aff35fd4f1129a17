namespace GoTop.Cli;

/// <summary>One line of a terminal that is written over and over. Where there is no terminal it says nothing.</summary>
internal sealed class ProgressLine(TextWriter terminal, bool isTerminal) : IDisposable
{
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private const int Widest = 78;
    private int _shown;

    public void Show(string text)
    {
        if (!isTerminal) return;
        string line = text.Length > Widest ? text[..Widest] : text;
        // Blanks in place of an escape sequence: a Windows console may not take those.
        terminal.Write("\r" + line.PadRight(_shown));
        _shown = line.Length;
        terminal.Flush();
    }

    public void Clear()
    {
        if (!isTerminal || _shown == 0) return;
        terminal.Write("\r" + new string(' ', _shown) + "\r");
        terminal.Flush();
        _shown = 0;
    }

    public void Dispose() => Clear();
}
