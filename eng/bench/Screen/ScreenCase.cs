namespace GoTop.Bench.Screen;

/// <summary>One program at one size and refresh, with everything that was measured of it.</summary>
internal sealed record ScreenCase(ScreenProgram Program, int Columns, int Rows)
{
    public List<StartTime> Starts { get; } = [];

    public List<SteadyUse> Steady { get; } = [];

    public List<KeyTime> Keys { get; } = [];

    public string Title { get; init; } = $"{Program.Name} {Columns}×{Rows} at {Program.RefreshesPerSecond:0.#} Hz";

    public bool Is(string name, int columns, double refreshesPerSecond) =>
        Program.Name == name && Columns == columns && Program.RefreshesPerSecond == refreshesPerSecond;
}
