using System.Text;
using GoTop.Bench.Measure;
using GoTop.Bench.Pty;

namespace GoTop.Bench.Screen;

/// <summary>One run of one screen program on a terminal of one size.</summary>
internal sealed class ScreenRun : IAsyncDisposable
{
    /// <summary>Output that follows within this time belongs to the same answer.</summary>
    private static readonly TimeSpan KeyFrameGap = TimeSpan.FromMilliseconds(15);

    private readonly ScreenProgram _program;
    private readonly TerminalSession _session;
    private readonly TimeProvider _time;
    private int _fed;

    public ScreenRun(ScreenProgram program, int columns, int rows, TimeProvider time)
    {
        _program = program;
        _time = time;
        _session = TerminalSession.Start(program.Command, program.Variables, columns, rows, time);
    }

    /// <summary>Waits for the first full frame, at most <paramref name="patience"/>.</summary>
    public async Task<StartTime> WaitForFirstFrameAsync(TimeSpan patience)
    {
        double firstByte = double.NaN;
        while (_time.GetElapsedTime(_session.StartedAt) < patience)
        {
            foreach (OutputPiece piece in _session.Output.From(_fed))
            {
                _fed++;
                _session.Screen.Feed(piece.Bytes);
                double milliseconds = _time.GetElapsedTime(_session.StartedAt, piece.Arrival).TotalMilliseconds;
                if (double.IsNaN(firstByte)) firstByte = milliseconds;
                if (_program.Markers.All(_session.Screen.Shows)) return new StartTime(firstByte, milliseconds);
            }

            if (_session.HasEnded()) throw new InvalidOperationException($"{_program.Name} ended before its first frame:\n{Shown()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time);
        }

        return new StartTime(firstByte, double.NaN);
    }

    public async Task<SteadyUse> MeasureSteadyAsync(TimeSpan warmUp, TimeSpan window)
    {
        await Task.Delay(warmUp, _time);
        int first = _session.Output.Count;
        ProcessUse from = ProcessMeter.Read(_session.ProcessId, _time);
        await Task.Delay(window, _time);
        ProcessUse to = ProcessMeter.Read(_session.ProcessId, _time);
        OutputPiece[] pieces = [.. _session.Output.From(first).Where(piece => piece.Arrival >= from.Timestamp && piece.Arrival <= to.Timestamp)];
        return SteadyUse.Between(from, to, pieces.Sum(piece => (long)piece.Bytes.Length), FrameCount(pieces), _time);
    }

    /// <summary>Presses keys, each in the quiet after a frame, so that the next output answers the key.</summary>
    public async Task<KeyTime> MeasureKeysAsync(int count)
    {
        List<double> answers = [];
        for (int i = 0; i < count; i++)
        {
            double milliseconds = await PressAsync(_program.Keys[i % _program.Keys.Length]);
            if (!double.IsNaN(milliseconds)) answers.Add(milliseconds);
        }

        return new KeyTime(Statistics.Median(answers), answers.Count == 0 ? double.NaN : answers.Max(), answers.Count, count);
    }

    public async Task SendAsync(string keys, TimeSpan settle)
    {
        _session.Send(Encoding.UTF8.GetBytes(keys));
        await Task.Delay(settle, _time);
    }

    /// <summary>The screen as it is now, for a person to look at.</summary>
    public string Shown()
    {
        foreach (OutputPiece piece in _session.Output.From(_fed))
        {
            _fed++;
            _session.Screen.Feed(piece.Bytes);
        }

        return string.Join('\n', _session.Screen.Lines());
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    /// <summary>Output belongs to one frame as long as no pause of a third of the interval comes between.</summary>
    private int FrameCount(OutputPiece[] pieces)
    {
        TimeSpan gap = TimeSpan.FromSeconds(0.3 / _program.RefreshesPerSecond);
        return pieces.Index().Count(item => item.Index == 0 || _time.GetElapsedTime(pieces[item.Index - 1].Arrival, item.Item.Arrival) > gap);
    }

    private async Task<double> PressAsync(string key)
    {
        await WaitForFrameEndAsync();
        int before = _session.Output.Count;
        long pressed = _time.GetTimestamp();
        _session.Send(Encoding.UTF8.GetBytes(key));
        // A frame that its refresh would have brought anyway answers nothing: half an interval after the last one is too late.
        TimeSpan patience = TimeSpan.FromSeconds(0.5 / _program.RefreshesPerSecond);
        while (_session.Output.Count == before && _time.GetElapsedTime(pressed) < patience) await Task.Delay(TimeSpan.FromMilliseconds(2), _time);
        await Task.Delay(TimeSpan.FromMilliseconds(40), _time);
        double answered = double.NaN;
        long last = pressed;
        foreach (OutputPiece piece in _session.Output.From(before))
        {
            if (!double.IsNaN(answered) && _time.GetElapsedTime(last, piece.Arrival) > KeyFrameGap) break;
            last = piece.Arrival;
            answered = _time.GetElapsedTime(pressed, last).TotalMilliseconds;
        }

        return answered;
    }

    /// <summary>Until a frame has come and 100 ms have passed without more.</summary>
    private async Task WaitForFrameEndAsync()
    {
        int before = _session.Output.Count;
        long began = _time.GetTimestamp();
        TimeSpan patience = TimeSpan.FromSeconds(3 / _program.RefreshesPerSecond);
        while (_time.GetElapsedTime(began) < patience)
        {
            bool quiet = _session.Output.LastArrival() is { } last && _time.GetElapsedTime(last) > TimeSpan.FromMilliseconds(100);
            if (_session.Output.Count > before && quiet) return;
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time);
        }
    }
}
