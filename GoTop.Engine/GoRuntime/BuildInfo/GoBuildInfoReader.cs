using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.BuildInfo;

/// <summary>Reads what <c>go version -m</c> prints, from an ELF or PE executable.</summary>
public static class GoBuildInfoReader
{
    /// <summary>
    /// Reads only the pages that hold it. A file that is no Go program is "not supported"; a torn or half-written one "failed".
    /// </summary>
    public static Reading<GoBuildInfo> Read(Stream executable) => Reading.NotSupported<GoBuildInfo>("not written yet");
}
