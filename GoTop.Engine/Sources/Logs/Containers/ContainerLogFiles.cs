using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.Logs.Containers;

/// <summary>Where container runtimes keep a container's log on this machine.</summary>
/// <param name="root"><c>/</c>, or a recorded tree.</param>
internal sealed class ContainerLogFiles(string root)
{
    private const int IdLength = 64;
    private const int MostContainers = 1000;
    private const int MostConfigBytes = 1 << 20;

    private string DockerFolder => Path.Combine(root, "var", "lib", "docker", "containers");

    private string KubernetesFolder => Path.Combine(root, "var", "log", "containers");

    /// <summary>The id in a control group's path: 64 hexadecimal digits; null for no container.</summary>
    public static string? IdOf(string group)
    {
        int run = 0;
        for (int i = group.Length - 1; i >= 0; i--)
        {
            run = char.IsAsciiHexDigitLower(group[i]) ? run + 1 : 0;
            if (run == IdLength && (i == 0 || !char.IsAsciiHexDigitLower(group[i - 1]))) return group.Substring(i, IdLength);
        }

        return null;
    }

    /// <summary>Files of the container with this id; empty when there are none that may be read.</summary>
    public ImmutableArray<string> OfId(string id)
    {
        string docker = Path.Combine(DockerFolder, id, id + "-json.log");
        if (IsReadable(docker)) return [docker];
        try
        {
            // Links named after pod, namespace, container and id.
            return [.. Directory.EnumerateFiles(KubernetesFolder, $"*-{id}.log").Where(IsReadable).Take(4)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The file of the Docker container of this name; null when there is none, or it may not be read.</summary>
    public string? OfName(string name)
    {
        try
        {
            foreach (string folder in Directory.EnumerateDirectories(DockerFolder).Take(MostContainers))
            {
                if (IsNamed(Path.Combine(folder, "config.v2.json"), "/" + name)) return OfId(Path.GetFileName(folder)) is [var file, ..] ? file : null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Said by the caller as not found: only root may look there.
        }

        return null;
    }

    private static bool IsNamed(string config, string name)
    {
        if (!File.Exists(config) || new FileInfo(config).Length > MostConfigBytes) return false;
        JsonLine json = new(File.ReadAllBytes(config));
        while (json.Next())
        {
            if (json.Key.SequenceEqual("Name"u8)) return Encoding.UTF8.GetString(json.Value) == name;
        }

        return false;
    }

    private static bool IsReadable(string path)
    {
        try
        {
            RegularFile.Open(path).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
