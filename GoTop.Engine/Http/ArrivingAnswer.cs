namespace GoTop.Engine.Http;

/// <summary>An answer whose body is still arriving. Disposing of it hangs up.</summary>
internal sealed class ArrivingAnswer(HttpResponseMessage response, Stream body) : IAsyncDisposable
{
    public Stream Body { get; } = body;

    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync().ConfigureAwait(false);
        response.Dispose();
    }
}
