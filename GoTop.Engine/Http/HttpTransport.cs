using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GoTop.Engine.Config;

namespace GoTop.Engine.Http;

/// <summary>Makes connections by HTTP, to pages of targets and to whom alerts are sent, and proves who we are.</summary>
internal static class HttpTransport
{
    /// <summary>
    /// A handler that does nothing by itself: no redirects, no cookies, no decompression, no proxy to this machine.
    /// </summary>
    /// <param name="anyCertificate">
    /// Do not validate the server's certificate. Only for a loopback address whose service proved by its argument
    /// vector to be the watched process, and only without credentials: a local service's certificate never names 127.0.0.1.
    /// </param>
    /// <exception cref="HttpException">A certificate file cannot be used.</exception>
    public static HttpMessageHandler CreateHandler(Uri baseUrl, HttpSettings settings, bool anyCertificate, bool useProxy = true)
    {
        SslClientAuthenticationOptions tls = new();
        if (anyCertificate)
        {
#pragma warning disable CA5359 // The reason stands above.
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (settings.CertificateAuthority is { } authority)
        {
            X509ChainPolicy policy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            FromFile("certificate authority", authority, () => policy.CustomTrustStore.ImportFromPemFile(authority));
            if (policy.CustomTrustStore.Count == 0) throw BadFile("certificate authority", authority, "it holds no certificate");
            tls.CertificateChainPolicy = policy;
        }

        if (settings.ClientCertificate is { } certificate)
        {
            tls.ClientCertificates = [];
            FromFile("client certificate", certificate, () => tls.ClientCertificates.Add(WithKey(certificate, settings.ClientKey)));
        }

        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = useProxy && !baseUrl.IsLoopback,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = 2,
            MaxResponseHeadersLength = 16,
            // An answer that is given up must not be read to its end in the background.
            MaxResponseDrainSize = 0,
            // So that a moved host name is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            SslOptions = tls,
        };
    }

    /// <summary>The header for the settings' credentials; null without any.</summary>
    /// <exception cref="HttpException">They cannot be sent. The message does not hold them.</exception>
    public static AuthenticationHeaderValue? Authorization(HttpSettings settings)
    {
        if (settings.BearerToken is { } token)
        {
            if (token.Length == 0 || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                throw new HttpException(HttpFailure.BadSettings, "the target's bearer token is empty or holds blanks or other characters that a header cannot");
            }

            return new AuthenticationHeaderValue("Bearer", token);
        }

        if (settings.User is null && settings.Password is null) return null;
        string user = settings.User ?? "";
        if (user.Contains(':', StringComparison.Ordinal)) throw new HttpException(HttpFailure.BadSettings, "the target's user name must not contain a colon");
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{settings.Password}")));
    }

    private static X509Certificate2 WithKey(string certificateFile, string? keyFile)
    {
        using X509Certificate2 read = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        // Windows' TLS cannot use the key as it comes from PEM, only one that went through PKCS #12.
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
    }

    private static void FromFile(string what, string path, Action read)
    {
        try
        {
            read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw BadFile(what, path, failure switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                UnauthorizedAccessException => "access denied",
                CryptographicException or ArgumentException => "it is no PEM file with a certificate, and its key where one is needed",
                _ => "it cannot be read",
            });
        }
    }

    private static HttpException BadFile(string what, string path, string why) =>
        new(HttpFailure.BadSettings, $"{what} {HttpException.Quote(path)}: {why}");
}
