using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GoTop.Engine.Export.Exporters;

namespace GoTop.Engine.Export.Prometheus;

/// <summary>
/// TLS by PEM files: our certificate with the rest of its chain, its key, and the authorities of clients. Files that changed are read again for
/// the next connection, so that a renewed certificate needs no restart; what cannot be used then leaves what was.
/// </summary>
internal sealed class PrometheusTls
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly string _certificate;
    private readonly string? _key;
    private readonly string? _authority;
    private readonly Action<string> _problem;
    private readonly Lock _gate = new();
    private (string Files, SslServerAuthenticationOptions Options) _read;

    /// <param name="problem">Told of files that changed and cannot be used.</param>
    /// <exception cref="ExportException">They cannot be used.</exception>
    public PrometheusTls(string certificate, string? key, string? authority, Action<string> problem)
    {
        (_certificate, _key, _authority, _problem) = (certificate, key, authority, problem);
        string files = Files();
        _read = (files, Read());
    }

    public SslServerAuthenticationOptions Options
    {
        get
        {
            lock (_gate)
            {
                try
                {
                    string files = Files();
                    if (files != _read.Files) _read = (files, Read());
                }
                catch (ExportException wrong)
                {
                    // Perhaps only one of them has been written so far: the next connection looks again.
                    _problem(wrong.Message);
                }

                return _read.Options;
            }
        }
    }

    private SslServerAuthenticationOptions Read()
    {
        (X509Certificate2 own, X509Certificate2Collection chain) = FromFile(_certificate, () => Own(_certificate, _key));
        X509Certificate2Collection authorities = [];
        if (_authority is { } clients) FromFile(clients, () => { authorities.ImportFromPemFile(clients); return authorities; });
        return new SslServerAuthenticationOptions
        {
            // Nothing is asked of the network: what is to be served stands in the file.
            ServerCertificateContext = FromFile(_certificate, () => SslStreamCertificateContext.Create(own, chain, offline: true)),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ClientCertificateRequired = _authority is not null,
            RemoteCertificateValidationCallback = (_, shown, with, _) => _authority is null || (shown is X509Certificate2 client && IsOf(client, with, authorities)),
        };
    }

    /// <param name="with">What the client sent beside it.</param>
    private static bool IsOf(X509Certificate2 shown, X509Chain? with, X509Certificate2Collection authorities)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        if (with is not null) chain.ChainPolicy.ExtraStore.AddRange(with.ChainPolicy.ExtraStore);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return chain.Build(shown);
    }

    private static (X509Certificate2 Own, X509Certificate2Collection Chain) Own(string certificateFile, string? keyFile)
    {
        using X509Certificate2 read = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(certificateFile);
        foreach (X509Certificate2 own in chain.Where(one => one.Thumbprint == read.Thumbprint).ToArray()) chain.Remove(own);
        // Windows' TLS cannot use the key as it comes from PEM, only one that went through PKCS #12.
        return (X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null), chain);
    }

    /// <summary>Changes when a file does, or what a link leads to.</summary>
    private string Files() => string.Join('|', ((string?[])[_certificate, _key, _authority]).OfType<string>().Select(file => FromFile(file, () =>
    {
        FileSystemInfo there = File.ResolveLinkTarget(file, returnFinalTarget: true) ?? new FileInfo(file);
        if (!there.Exists) throw new FileNotFoundException("there is no such file");
        return FormattableString.Invariant($"{there.FullName} {there.LastWriteTimeUtc.Ticks} {(there as FileInfo)?.Length}");
    })));

    private static T FromFile<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ExportException($"{file}: {(failure is CryptographicException or ArgumentException ? "it is no PEM file with a certificate, and its key where one is needed" : failure.Message)}");
        }
    }
}
