namespace GoTop.Engine.Http;

/// <summary>What a receiver says beside its status.</summary>
internal static class HttpAnswer
{
    /// <summary>Nobody waits longer before the next try, whatever a receiver says.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    /// <summary><c>Retry-After</c> in seconds or as a date: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after.</summary>
    /// <returns>Null when it does not say, or it may be tried at once.</returns>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        TimeSpan? wait = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - now;
        return wait > TimeSpan.Zero ? (wait < LongestRetryAfter ? wait : LongestRetryAfter) : null;
    }

    /// <summary>The rest of the body is not read.</summary>
    public static async Task<byte[]> BeginningAsync(HttpResponseMessage response, int mostBytes, CancellationToken cancellation)
    {
        Stream content = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        byte[] bytes = new byte[mostBytes];
        int length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return bytes[..length];
    }
}
