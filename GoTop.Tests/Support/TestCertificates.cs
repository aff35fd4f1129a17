using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GoTop.Tests.Support;

/// <summary>An authority of its own, with a server's certificate for 127.0.0.1 and a client's, as PEM files in a temporary folder.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly X509Certificate2 _root;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-certificates-");

    public TestCertificates()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authority = new("CN=GoTop test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _root = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        AuthorityFile = Write("ca.pem", _root.ExportCertificatePem());

        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        (Server, _, _) = Issue(_root, "CN=server", "server", names.Build(), now);
        (X509Certificate2 client, ClientFile, ClientKeyFile) = Issue(_root, "CN=gotop client", "client", null, now);
        client.Dispose();
    }

    public X509Certificate2 Server { get; }

    public string AuthorityFile { get; }

    public string ClientFile { get; }

    public string ClientKeyFile { get; }

    /// <summary>A certificate of an authority in between, which is not in <see cref="AuthorityFile"/>.</summary>
    /// <returns>Both, the second with its key; PEM files of the second followed by the first, and of the key.</returns>
    public (X509Certificate2 Between, X509Certificate2 Issued, string ChainFile, string KeyFile) IssueBelow(string name)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using ECDsa betweenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN=between {name}", betweenKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        X509Certificate2 between = request.Create(_root, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 authority = between.CopyWithPrivateKey(betweenKey);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        (X509Certificate2 issued, _, string keyFile) = Issue(authority, $"CN={name}", name, names.Build(), now);
        return (between, issued, Write(name + ".chain.pem", issued.ExportCertificatePem() + "\n" + between.ExportCertificatePem() + "\n"), keyFile);
    }

    public string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        Server.Dispose();
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    private (X509Certificate2 Certificate, string File, string KeyFile) Issue(X509Certificate2 root, string subject, string name, X509Extension? names, DateTimeOffset now)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        if (names is not null) request.CertificateExtensions.Add(names);
        using X509Certificate2 issued = request.Create(root, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        return (X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null),
            Write(name + ".pem", issued.ExportCertificatePem()), Write(name + ".key.pem", key.ExportPkcs8PrivateKeyPem()));
    }
}
