namespace GoTop.Cli;

/// <summary>One line of a terminal that is written over and over. Where there is no terminal it says nothing.</summary>
internal sealed class ProgressLine(TextWriter terminal, bool isTerminal) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private const int Widest = 78;
    private int _shown;

    /// <summary>Tells how far something is until it is over, and then once more.</summary>
    /// <param name="now">How far it is.</param>
    /// <param name="tell">What it prints beside the line needs the line cleared first.</param>
    public static async Task<T> FollowAsync<T>(CliContext context, Task<T> run, Func<T> now, Action<ProgressLine, T> tell)
    {
        bool isTerminal = ReferenceEquals(context.Error, Console.Error) && !Console.IsErrorRedirected;
        using ProgressLine line = new(context.Error, isTerminal);
        while (!run.IsCompleted)
        {
            tell(line, now());
            // Not cancelled: what was asked to end is followed until it has.
            await Task.WhenAny(run, Task.Delay(Every, context.Time, CancellationToken.None)).ConfigureAwait(false);
        }

        T over = await run.ConfigureAwait(false);
        tell(line, over);
        return over;
    }

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
