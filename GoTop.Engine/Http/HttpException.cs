using GoTop.Engine.Model;

namespace GoTop.Engine.Http;

/// <summary>What kind of thing stands between us and a page of HTTP: pprof, metrics, health.</summary>
public enum HttpFailure : byte
{
    /// <summary>No connection, a broken one, or an answer that is not HTTP.</summary>
    Unreachable,

    /// <summary>Too late.</summary>
    Late,

    /// <summary>A 5xx answer.</summary>
    ServerError,

    /// <summary>401, 403, 407.</summary>
    Denied,

    /// <summary>Any other 4xx answer: the page is not there.</summary>
    NotThere,

    /// <summary>Plain HTTP was spoken to a port that wants TLS.</summary>
    WantsTls,

    /// <summary>A well-formed answer that is not what was asked for: type, size, encoding, redirect.</summary>
    BadAnswer,

    /// <summary>Somebody else takes a CPU profile or a trace of the same process, which can make one at a time.</summary>
    InUse,

    /// <summary>The service's server would cut the answer off: a profile must be shorter than its WriteTimeout (Go up to 1.22).</summary>
    TooLong,

    /// <summary>The target's settings cannot be used: certificate files, credentials.</summary>
    BadSettings,

    /// <summary>Not tried, since the last tries failed.</summary>
    BreakerOpen,
}

/// <summary>A page could not be had. The message is for the screen and never holds credentials.</summary>
public sealed class HttpException(HttpFailure failure, string message) : Exception(message)
{
    private const int LongestQuote = 120;

    public HttpFailure Failure { get; } = failure;

    /// <summary>Whether the next try may go better with nothing changed on either side.</summary>
    public bool IsTransient => Failure is HttpFailure.Unreachable or HttpFailure.Late or HttpFailure.ServerError;

    /// <summary>Text that a server or a file supplied, made fit to stand in a message.</summary>
    internal static string Quote(string? foreign) => PlainText.Clean(foreign, LongestQuote);
}
