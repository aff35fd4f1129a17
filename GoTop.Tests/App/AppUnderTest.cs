using GoTop.Actions;
using GoTop.App;
using GoTop.Engine.Sampling;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Themes;

namespace GoTop.Tests.App;

/// <summary>The application without a terminal: keys in, a canvas out.</summary>
internal sealed class AppUnderTest : IDisposable
{
    private readonly Canvas _canvas = new(120, 40);

    public AppUnderTest(ScreenOptions? options = null, bool withFeed = true, ColourDepth colours = ColourDepth.TrueColour)
    {
        if (withFeed) Host.Feed = Feed;
        App = new TopApplication(Host, [Overview, Goroutines, Picker], options ?? Options, colours, GlyphSet.Unicode);
        if (withFeed) Publish(1);
    }

    public static ScreenOptions Options { get; } = new() { Theme = ThemeLoader.BuiltIn, TimeZone = TimeZoneInfo.Utc };

    public RecordingPane Overview { get; } = new("overview", "Overview");

    public RecordingPane Goroutines { get; } = new("goroutines", "Goroutines");

    public RecordingPane Picker { get; } = new(AppController.PickerPane, "Services");

    public FakeFeed Feed { get; } = new();

    public FakeHost Host { get; } = new();

    public TopApplication App { get; }

    public static Observation Tick(long tick) => Observations.Healthy with
    {
        Tick = tick,
        Now = Observations.Healthy.Now with { Time = Observations.Start.AddSeconds(tick) },
    };

    public void Publish(long tick) => Feed.Publish(Tick(tick));

    /// <summary>Keys by name, separated by spaces; the screen after them.</summary>
    public string Press(string keys)
    {
        foreach (string text in keys.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!KeyStroke.TryParse(text, out KeyStroke key, out string? problem)) throw new ArgumentException(problem);
            App.Key(key);
        }

        return Screen();
    }

    public string Type(string text)
    {
        foreach (char c in text) App.Key(KeyStroke.Of(c));
        return Screen();
    }

    public string Screen(int width = 120, int height = 40)
    {
        if (App.NeedsDraw(width, height))
        {
            if ((_canvas.Width, _canvas.Height) != (width, height)) _canvas.Resize(width, height);
            App.Draw(_canvas);
        }

        return _canvas.ToString();
    }

    public void Dispose() => App.Dispose();
}
