using Xunit;

namespace GoTop.Tests.Support;

/// <summary>Captures too large to commit lie in a folder <c>shared</c> beside the repository, where there is one.</summary>
internal static class SharedFiles
{
    private static readonly string? Root = Find();

    /// <summary>The full path of a shared file or folder; skips the test, saying so, where it is not at hand.</summary>
    public static string Require(string relativePath)
    {
        string path = Path.Combine(Root ?? "", relativePath);
        Assert.SkipWhen(Root is null || !Path.Exists(path), $"shared/{relativePath} is not beside this repository");
        return path;
    }

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "go-fixtures"))) return candidate;
        }

        return null;
    }
}
