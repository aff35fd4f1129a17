namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>
/// Which of the paths and names that a log gives may be opened: whoever wrote the log chose them. To open one of another machine
/// would hand it the credentials of the person who reads the log; to open a pipe or a device may do anything.
/// </summary>
internal static class LocalPath
{
    /// <summary><c>C:\folder\file.exe</c>, of names that lead to no device; neither <c>\\server\share</c> nor <c>\\?\</c> nor <c>\\.\</c>.</summary>
    public static bool IsPlainOnWindows(string path) =>
        path.Length > 3 && char.IsAsciiLetter(path[0]) && path[1] == ':' && path[2] == '\\' && path[3..].Split('\\').All(IsPlainName);

    /// <summary>A name that leads to a file, in whatever folder it is put, on Windows too.</summary>
    public static bool IsPlainName(string name)
    {
        if (name.Length == 0 || name.Any(char.IsControl) || name.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) >= 0 || name[^1] is '.' or ' ') return false;
        // Windows takes "nul.exe" for the device, too.
        string stem = name.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return stem is not ("CON" or "PRN" or "AUX" or "NUL" or "CONIN$" or "CONOUT$") && !(stem is ['C', 'O', 'M', _] or ['L', 'P', 'T', _] && stem[3] is (>= '0' and <= '9') or '¹' or '²' or '³');
    }

    /// <summary>The drive is no share of another machine under a letter. Asks Windows, not the other machine.</summary>
    public static bool IsOnDriveOfThisMachine(string path)
    {
        try
        {
            return new DriveInfo(path[..1]).DriveType is DriveType.Fixed or DriveType.Removable or DriveType.Ram or DriveType.CDRom;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
