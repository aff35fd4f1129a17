using GoTop.Screenshot;

// Reads a captured terminal screen (text with SGR sequences, a row each line) and writes it as a PNG.
if (args is not [string output])
{
    Console.Error.WriteLine("usage: tmux capture-pane -p -e -N | screenshot OUT.png");
    return 2;
}

ScreenImage.Write(CapturedScreen.Parse(Console.In.ReadToEnd()), output);
return 0;
