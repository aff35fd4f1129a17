using System.Globalization;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.ScreenSim;

/// <summary>Stands in while the catalogue is empty: every kind of drawing that costs bytes.</summary>
internal sealed class SamplePane(string id, string title) : IPane
{
    public string Id => id;

    public string Title => title;

    public PaneState Handle(PaneCommand command, PaneInput input) => command switch
    {
        PaneCommand.Down => input.State with { Top = input.State.Top + 1 },
        PaneCommand.Up => input.State with { Top = Math.Max(0, input.State.Top - 1) },
        _ => input.State,
    };

    public void Draw(PaneInput input, DrawContext context)
    {
        if (input.Observation is not { } observation) return;
        Surface surface = context.Surface;
        ReadOnlySpan<double> cpu = observation.History[SeriesCatalog.Cpu];
        for (int x = 0; x < surface.Width && x < cpu.Length; x++)
        {
            double share = Math.Clamp(cpu[^(x + 1)] / 100, 0, 1);
            surface.Put(surface.Width - 1 - x, 0, new(context.Glyphs.Bars[(int)(share * 8)]), new Style(context.Theme.Graph(share), context.Theme.Background));
        }

        for (int y = 2; y < surface.Height; y++)
        {
            int row = y - 2 + input.State.Top;
            Style style = y == 3 ? context.Theme.Selection : context.Theme.Text;
            surface.Slice(0, y, surface.Width, 1).Fill(style);
            surface.Write(1, y, string.Create(CultureInfo.InvariantCulture, $"{row,6} row of {id}  tick {((observation.Tick + row) % 7 == 0 ? observation.Tick : 0),6}  日本"), style);
        }
    }
}
