using System.Net;
using System.Net.Http.Headers;

namespace GoTop.Tests.Support;

/// <summary>Answers HTTP requests without a network, and keeps them for the test to look at.</summary>
internal sealed class StubHttpHandler(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public StubHttpHandler(Func<HttpRequestMessage, HttpResponseMessage> answer)
        : this(request => Task.FromResult(answer(request)))
    {
    }

    /// <summary>Path and query of every request so far.</summary>
    public List<string> Paths { get; } = [];

    public List<AuthenticationHeaderValue?> Authorizations { get; } = [];

    public static HttpResponseMessage Page(string mediaType, byte[] body)
    {
        HttpResponseMessage response = new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return response;
    }

    public static HttpResponseMessage Status(HttpStatusCode status) => new(status) { Content = new ByteArrayContent([]) };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Paths.Add(request.RequestUri!.PathAndQuery);
        Authorizations.Add(request.Headers.Authorization);
        // As real ones do: who gives up a request is not kept by an answer that never comes.
        return answer(request).WaitAsync(cancellationToken);
    }
}
