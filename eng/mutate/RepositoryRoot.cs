namespace GoTop.Mutate;

/// <summary>The folder of GoTop.sln, above the working directory or the program.</summary>
internal static class RepositoryRoot
{
    public static string Find() =>
        Above(Directory.GetCurrentDirectory()) ?? Above(AppContext.BaseDirectory) ?? throw new InvalidOperationException("GoTop.sln is in no folder above this one");

    private static string? Above(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "GoTop.sln"))) return folder.FullName;
        return null;
    }
}
