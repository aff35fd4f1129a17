using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>Brings the addresses people type to the base of the pprof pages.</summary>
public static class PprofUrl
{
    private const string Base = "/debug/pprof/";

    /// <summary>
    /// <c>host:6060</c>, <c>http://host:6060/debug/pprof/heap</c>, <c>https://host/prefix</c> … →
    /// the same service's address ending in <c>/debug/pprof/</c>. Failed says what is wrong, without repeating
    /// credentials that stand in the address.
    /// </summary>
    public static Reading<Uri> Normalise(string address)
    {
        string text = address.Trim();
        // "localhost:6060" would be taken for the scheme "localhost".
        if (!text.Contains("://", StringComparison.Ordinal)) text = "http://" + text;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
            ? Normalise(url)
            : Reading.Failed<Uri>("the target's URL is not an address such as http://host:6060");
    }

    /// <inheritdoc cref="Normalise(string)"/>
    public static Reading<Uri> Normalise(Uri address)
    {
        if (!address.IsAbsoluteUri) return Normalise(address.OriginalString);
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            return Reading.Failed<Uri>($"the target's URL must begin with http:// or https://, not {HttpException.Quote(address.Scheme)}://");
        }

        if (address.UserInfo.Length > 0) return Reading.Failed<Uri>("the target's URL holds credentials: give them as the keys user and password");
        if (address.Host.Length == 0) return Reading.Failed<Uri>("the target's URL names no host");

        string path = address.AbsolutePath;
        int known = path.LastIndexOf(Base, StringComparison.Ordinal);
        if (known >= 0) path = path[..known];
        else if (path.EndsWith(Base.TrimEnd('/'), StringComparison.Ordinal)) path = path[..^(Base.Length - 1)];
        return Reading.Of(new UriBuilder(address.Scheme, address.Host, address.Port, path.TrimEnd('/') + Base).Uri);
    }
}
