using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Sources;
using GoTop.Panes;

namespace GoTop.Tests.App;

/// <summary>Shows what it is given, and remembers what it is told.</summary>
internal sealed class RecordingPane(string id, string title) : IPane
{
    public string Id => id;

    public string Title => title;

    public List<PaneCommand> Commands { get; } = [];

    public Interest Wanted { get; set; } = Engine.Sources.Interest.None;

    /// <summary>As last drawn with.</summary>
    public Marks Marks { get; private set; } = Marks.None;

    public ImmutableArray<string> Views { get; set; } = [];

    public bool Rows { get; set; } = true;

    public bool Fails { get; set; }

    public bool HasRows(PaneState state) => Rows;

    public PaneState Handle(PaneCommand command, PaneInput input)
    {
        Commands.Add(command);
        return command switch
        {
            PaneCommand.Down => input.State with { Top = input.State.Top + 1 },
            PaneCommand.NextView when !Views.IsEmpty => input.State with { View = (input.State.View + 1) % Views.Length },
            _ => input.State,
        };
    }

    public Interest Interest(PaneInput input) => Wanted;

    public void Draw(PaneInput input, DrawContext context)
    {
        Marks = input.Marks;
        if (Fails) throw new InvalidOperationException("no such thing");
        context.Surface.Write(0, 0, string.Create(CultureInfo.InvariantCulture, $"{id} body {input.Width}x{input.Height} tick {input.Observation?.Tick} filter [{input.State.Filter}] top {input.State.Top}"), context.Theme.Text);
    }
}
