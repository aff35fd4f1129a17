using System.Globalization;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Model;
using Microsoft.Extensions.Logging;
using Polly;

namespace GoTop.Engine.Export.Push;

/// <summary>
/// Makes a document every so often into the buffer, on one task, and posts the oldest that waits, on another: a receiver that hangs
/// costs nothing but room in the buffer.
/// </summary>
internal sealed class PushExporter : IExporter
{
    private readonly PushSettings _settings;
    private readonly ExportParts _parts;
    private readonly ExporterTally _tally;
    private readonly PushBuffer _buffer;
    private readonly PushSender _sender;
    private readonly ResiliencePipeline _retry;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly Task _making;
    private readonly Task _sending;

    private long _made;

    /// <param name="firstPause">Usually <see cref="ExportRetry.FirstPause"/>.</param>
    public PushExporter(PushSettings settings, ExportParts parts, TimeSpan firstPause)
    {
        (_settings, _parts) = (settings, parts);
        _tally = new ExporterTally(Id, settings.Http.Where, parts.Time);
        _buffer = PushBuffer.Open(parts.Folder, (long)settings.MaxMegabytes << 20, parts.Log);
        _sender = new PushSender(settings, parts.Time);
        _retry = ExportRetry.Create(parts.Time, int.MaxValue, firstPause, Failed);
        // What an agent before this one has left.
        if (_buffer.Count > 0) _waiting.Release();
        _making = Task.Run(MakeAsync);
        _sending = Task.Run(SendAsync);
    }

    public string Id => ExporterCatalog.Push;

    public ExporterStanding Standing => _tally.Standing(_buffer.Count) with { Dropped = _buffer.Dropped };

    /// <summary>What is being sent is given up, and stays in the buffer.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_making, _sending).ConfigureAwait(false);
        _sender.Dispose();
        _buffer.Dispose();
        _waiting.Dispose();
        _stop.Dispose();
    }

    private async Task MakeAsync()
    {
        using PeriodicTimer timer = new(_settings.Every, _parts.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false)) Make();
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
    }

    private void Make()
    {
        try
        {
            ExportView view = _parts.View();
            string id = string.Create(CultureInfo.InvariantCulture, $"{view.Host.Name}-{view.Time.ToUnixTimeMilliseconds()}-{++_made}");
            int dropped = _buffer.Add(PushDocument.Of(view, id).ToUtf8());
            _tally.Over(ExportMatter.Making);
            if (dropped > 0 && _tally.Failed($"the buffer of {_settings.MaxMegabytes.ToString(CultureInfo.InvariantCulture)} MB is full: the oldest is dropped", ExportMatter.Buffer))
                _parts.Log.LogError("{Where}: the buffer of {Megabytes} MB is full, and the oldest is dropped", _settings.Http.Where, _settings.MaxMegabytes);
        }
        catch (Exception problem)
        {
            Failed(problem, ExportMatter.Making);
        }

        _waiting.Release();
    }

    private async Task SendAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _waiting.WaitAsync(_stop.Token).ConfigureAwait(false);
                // Each try looks anew: meanwhile the oldest may have made room for others.
                while (await _retry.ExecuteAsync(async cancellation => await SendOldestAsync(cancellation).ConfigureAwait(false), _stop.Token).ConfigureAwait(false))
                {
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                Failed(problem);
            }
        }
    }

    /// <returns>False when none waits.</returns>
    /// <exception cref="ExportException">It waits on; always transient.</exception>
    private async Task<bool> SendOldestAsync(CancellationToken cancellation)
    {
        if (_buffer.Oldest() is not { } document)
        {
            _tally.Over(ExportMatter.Buffer);
            return false;
        }

        try
        {
            await _sender.SendAsync(document.Gzip, cancellation).ConfigureAwait(false);
            _tally.Sent(1);
            _buffer.Remove(document.Id, wasTaken: true);
        }
        catch (ExportException refused) when (PushSender.IsTheDocuments(refused))
        {
            if (_tally.Failed(refused.Message)) _parts.Log.LogError("{Where} refused a document for good: {Problem}", _settings.Http.Where, refused.Message);
            _buffer.Remove(document.Id, wasTaken: false);
        }

        return true;
    }

    private void Failed(ExportException failure, TimeSpan pause)
    {
        if (_tally.Failed(failure.Message)) _parts.Log.LogWarning("{Where} did not take a document: {Problem}; it waits, and is tried again", _settings.Http.Where, failure.Message);
    }

    private void Failed(Exception problem, ExportMatter matter = ExportMatter.Sending)
    {
        string what = problem is ExportException ? problem.Message : $"{problem.GetType().Name}: {problem.Message}";
        if (_tally.Failed(what, matter)) _parts.Log.LogError("{Where}: {Problem}", _settings.Http.Where, PlainText.Clean(what, 300));
    }
}
