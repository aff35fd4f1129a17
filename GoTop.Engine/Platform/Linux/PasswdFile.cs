using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GoTop.Engine.Platform.Linux;

/// <summary>Names of users by their number, from <c>/etc/passwd</c>: <c>name:password:uid:…</c>.</summary>
internal static class PasswdFile
{
    /// <summary>The user's name; <c>uid 1234</c> when the file does not have it, as with users of a directory service.</summary>
    public static string NameOf(ProcFiles files, long userId)
    {
        using PooledFile passwd = files.ReadWhole("/etc/passwd", cap: 4 << 20);
        ReadOnlySpan<byte> rest = passwd.Bytes;
        while (KernelText.TryTakeLine(ref rest, out ReadOnlySpan<byte> line))
        {
            int nameEnd = line.IndexOf((byte)':');
            if (nameEnd <= 0) continue;
            ReadOnlySpan<byte> afterName = line[(nameEnd + 1)..];
            int passwordEnd = afterName.IndexOf((byte)':');
            if (passwordEnd < 0) continue;
            if (Utf8Parser.TryParse(afterName[(passwordEnd + 1)..], out long uid, out _) && uid == userId)
                return Encoding.UTF8.GetString(line[..nameEnd]);
        }

        return string.Create(CultureInfo.InvariantCulture, $"uid {userId}");
    }
}
