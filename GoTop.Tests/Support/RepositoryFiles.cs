namespace GoTop.Tests.Support;

/// <summary>The repository this test run was built from.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GoTop.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("the tests do not run inside a checkout: GoTop.sln was not found above " + AppContext.BaseDirectory);
    }
}
