using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace GoTop.Engine.Http;

/// <summary>
/// By which a receiver knows that a body is ours and when it was sent: <c>X-GoTop-Signature: sha256=HEX</c> is the HMAC-SHA256 of the value
/// of <c>X-GoTop-Timestamp</c> (seconds since 1970), a dot and the body as it is sent.
/// </summary>
internal static class BodySignature
{
    public const string TimestampHeader = "X-GoTop-Timestamp";
    public const string SignatureHeader = "X-GoTop-Signature";

    public static void Add(HttpRequestHeaders headers, string secret, DateTimeOffset at, byte[] body)
    {
        string timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp + "."), .. body];
        headers.Add(TimestampHeader, timestamp);
        headers.Add(SignatureHeader, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)));
    }
}
