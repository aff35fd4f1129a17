using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Http;

namespace GoTop.Engine.Export.Push;

/// <summary>Posts a document; with a secret it is signed as a webhook is: <see cref="BodySignature"/>.</summary>
internal sealed class PushSender(PushSettings settings, TimeProvider time) : IDisposable
{
    /// <summary>Everything but what the document itself is to blame for: a receiver that is set up wrongly now may be right tomorrow.</summary>
    private readonly ExportHttp _http = new(settings.Http, time, status => status is not (400 or 413 or 415 or 422));

    /// <summary>It would be refused again.</summary>
    public static bool IsTheDocuments(ExportException refused) => refused is { IsTransient: false, Status: not null };

    /// <returns>The answer's status.</returns>
    /// <exception cref="ExportException">It was not taken.</exception>
    public async Task<int> SendAsync(byte[] gzip, CancellationToken cancellation)
    {
        byte[] body = settings.Compress ? gzip : GzipBytes.Unpack(gzip);
        (int status, _) = await _http.PostAsync(
            settings.Http.Url, body, "application/json", isCompressed: settings.Compress,
            headers =>
            {
                if (settings.Secret is { } secret) BodySignature.Add(headers, secret, time.GetUtcNow(), body);
            },
            cancellation).ConfigureAwait(false);
        return status;
    }

    public void Dispose() => _http.Dispose();
}
