using GoTop.Engine.Sources.Logs.Containers;

namespace GoTop.Engine.Sources.Logs;

/// <summary>The lines of one log. Container runtimes' wrapping is taken off: the program's own lines come through.</summary>
internal sealed class LogStream(LogIntake intake, string origin) : ILineSink
{
    private readonly ContainerLines _container = new();

    public string Origin { get; } = origin;

    public LineRing Ring { get; } = new();

    /// <summary>What is read now stood there before following began.</summary>
    public bool IsPast { get; set; }

    /// <summary>Read once for each portion rather than for each line.</summary>
    public DateTimeOffset Now { get; set; } = intake.Now;

    public void Refresh() => Now = intake.Now;

    public void Take(ReadOnlySpan<byte> line)
    {
        if (!ContainerLines.IsWrapped(line)) intake.Add(this, line, Now, IsPast);
        else if (_container.Unwrap(line, out ReadOnlySpan<byte> own)) intake.Add(this, own, Now, IsPast);
    }
}
