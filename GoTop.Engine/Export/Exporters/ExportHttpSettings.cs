using System.Collections.Immutable;
using GoTop.Engine.Config;

namespace GoTop.Engine.Export.Exporters;

/// <summary>How a receiver is spoken to.</summary>
/// <param name="Url">Without user or password in it.</param>
/// <param name="Headers">Values may be secrets: never shown or logged.</param>
public sealed record ExportHttpSettings(Uri Url, ImmutableArray<(string Name, string Value)> Headers)
{
    /// <summary>A PEM file: an authority to trust in place of the system's.</summary>
    public string? Authority { get; init; }

    /// <summary>PEM files of our own certificate and its key.</summary>
    public string? ClientCertificate { get; init; }

    public string? ClientKey { get; init; }

    /// <summary>How long one try may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The path is left out: many services put a token there.</summary>
    public string Where => Url.GetLeftPart(UriPartial.Authority);

    /// <summary>What must appear in no message.</summary>
    public IEnumerable<string> Secrets => ExportSecrets.Of(Url, Headers);

    internal HttpSettings Tls => new() { CertificateAuthority = Authority, ClientCertificate = ClientCertificate, ClientKey = ClientKey };

    public bool Equals(ExportHttpSettings? other) =>
        other is not null && Url == other.Url && Headers.SequenceEqual(other.Headers) && Authority == other.Authority && ClientCertificate == other.ClientCertificate
        && ClientKey == other.ClientKey && Timeout == other.Timeout;

    public override int GetHashCode() => HashCode.Combine(Url, Headers.Length, Timeout);

    public override string ToString() => Where;
}
