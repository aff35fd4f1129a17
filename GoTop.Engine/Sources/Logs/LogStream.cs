using GoTop.Engine.Model;
using GoTop.Engine.Sources.Logs.Containers;

namespace GoTop.Engine.Sources.Logs;

/// <summary>The lines of one log. Container runtimes' wrapping is taken off: the program's own lines come through.</summary>
/// <param name="key">The name as it is, which tells it from others.</param>
internal sealed class LogStream(LogIntake intake, string key, bool unwraps) : ILineSink
{
    private const int MostOriginChars = 1000;

    private readonly ContainerLines? _container = unwraps ? new ContainerLines() : null;

    public string Key => key;

    /// <summary>The name to be shown: a file may be called anything.</summary>
    public string Origin { get; } = PlainText.Clean(key, MostOriginChars);

    public LineRing Ring { get; } = new();

    /// <summary>What is read now stood there before following began.</summary>
    public bool IsPast { get; set; }

    /// <summary>Read once for each portion rather than for each line.</summary>
    public DateTimeOffset Now { get; set; } = intake.Now;

    public void Refresh() => Now = intake.Now;

    public void Take(ReadOnlySpan<byte> line)
    {
        if (_container is null || !ContainerLines.IsWrapped(line)) intake.Add(this, line, Now, IsPast);
        else if (_container.Unwrap(line, out ReadOnlySpan<byte> own)) intake.Add(this, own, Now, IsPast);
    }
}
