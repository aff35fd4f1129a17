using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using GoTop.Actions;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Themes;

namespace GoTop.App;

/// <summary>The full-screen application: panes over a host's observations, run in a terminal.</summary>
public sealed class TopApplication : IScreenProgram, IDisposable
{
    private const int WheelRows = 3;
    private readonly AppController _app;
    private readonly IAppHost _host;
    private readonly ColourDepth _colours;
    private readonly GlyphSet _glyphs;
    private KeyDispatcher _keys;
    private FramePainter _painter;
    private ImmutableArray<Theme> _themes;
    private (int Width, int Height) _drawn;
    private bool _changed = true;

    /// <param name="colours">What the terminal shows; with none of them the themes make way for the monochrome one.</param>
    public TopApplication(IAppHost host, ImmutableArray<IPane> panes, ScreenOptions options, ColourDepth colours, GlyphSet glyphs)
    {
        (_host, _colours, _glyphs) = (host, colours, glyphs);
        _app = new AppController(host, panes, options, () => Woken?.Invoke());
        Apply(options);
    }

    public event Action? Woken;

    public AppState State => _app.State;

    public bool HasEnded => _app.HasEnded;

    public string Title => _app.Shown is { } shown ? $"GoTop: {shown.Now.Target.Name}" : "GoTop";

    /// <inheritdoc cref="Run(IAppHost, ImmutableArray{IPane}, ScreenOptions, TimeProvider)"/>
    public static int Run(IAppHost host, ScreenOptions options, TimeProvider time) => Run(host, PaneCatalog.All, options, time);

    /// <summary>Shows the screen until the person quits.</summary>
    /// <returns>The exit code: 0; 2 when there is no terminal fit for it (the reason is on standard error); 128 and the number of the signal that ended it.</returns>
    public static int Run(IAppHost host, ImmutableArray<IPane> panes, ScreenOptions options, TimeProvider time)
    {
        int codePage = OperatingSystem.IsWindows() ? Console.OutputEncoding.CodePage : 0;
        TerminalTraits traits = TerminalTraits.Detect(
            Environment.GetEnvironmentVariable, OperatingSystem.IsWindows(), codePage, Console.IsInputRedirected || Console.IsOutputRedirected);
        if (traits.Refusal is { } refusal)
        {
            Console.Error.WriteLine($"gotop: {refusal}");
            return 2;
        }

        ColourDepth colours = options.Colours ?? traits.Colours;
        GlyphSet glyphs = options.Glyphs ?? (traits.Unicode ? GlyphSet.Unicode : GlyphSet.Ascii);
        using TopApplication application = new(host, panes, options, colours, glyphs);
        TerminalSettings settings = new(options.Driver ?? traits.Driver, colours, glyphs != GlyphSet.Ascii, options.Mouse);
        return TerminalHost.Run(application, settings, time);
    }

    public bool NeedsDraw(int width, int height)
    {
        if (_host.TakeOptions() is { } options) Apply(options);
        bool needed = _app.TakeNews() || _changed || _drawn != (width, height);
        _changed = false;
        return needed;
    }

    public void Draw(Canvas canvas)
    {
        _drawn = (canvas.Width, canvas.Height);
        _app.TakeNews();
        _painter.Paint(canvas);
    }

    public void Key(KeyStroke key)
    {
        _changed = true;
        _keys.Key(key);
    }

    public void Mouse(MouseGesture gesture, int x, int y)
    {
        if (_app.State.Mode != InputMode.Normal) return;
        _changed = true;
        if (gesture == MouseGesture.Click)
        {
            if (_painter.TabAt(x, y, _drawn.Width) is { } pane) _app.ShowPane(pane);
            return;
        }

        for (int i = 0; i < WheelRows; i++) _app.Send(gesture == MouseGesture.WheelUp ? PaneCommand.Up : PaneCommand.Down);
    }

    public void Paste(string text)
    {
        _changed = true;
        _keys.Paste(text);
    }

    public bool TakeRedraw() => _app.TakeRedraw();

    public void Dispose() => _app.Dispose();

    /// <summary>Takes on themes and keys. What the terminal can show was settled when it was opened.</summary>
    [MemberNotNull(nameof(_keys), nameof(_painter))]
    private void Apply(ScreenOptions options)
    {
        _themes = _colours == ColourDepth.None ? [Theme.Monochrome] : [options.Theme, .. options.Themes.Where(theme => theme.Name != options.Theme.Name)];
        _app.ThemeNames = [.. _themes.Select(theme => theme.Name)];
        (KeyMap map, ImmutableArray<string> problems) = KeyMap.Build(ActionCatalog.Allowed(options.ReadOnly), options.Keys);
        _keys = new KeyDispatcher(_app, map);
        _painter = new FramePainter(_app, map, () => _themes[_app.State.Theme], _glyphs, options.TimeZone);
        _app.Change(state => state with { Theme = 0 });
        if (!problems.IsEmpty) _app.Say(problems[0]);
        _changed = true;
    }
}
