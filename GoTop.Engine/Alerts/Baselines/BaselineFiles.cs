using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Alerts.Baselines;

/// <summary>What was learnt of each target, a file each in <c>baselines/</c> of the agent's folder; what days before taught is not lost when the agent starts again.</summary>
public sealed class BaselineFiles(string folder)
{
    private const long MostBytes = 32 << 20;
    private readonly string _folder = Path.Combine(folder, "baselines");

    /// <summary>Fills in what is known of a target.</summary>
    /// <returns>Why nothing could be read; null when all is well, or there is nothing yet.</returns>
    public string? Load(string target, TargetBaselines into)
    {
        string path = PathOf(target);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes) return $"{path} is too large to be a baseline";
            foreach ((string name, double[][] learnt) in JsonSerializer.Deserialize(file, BaselineJsonContext.Default.DictionaryStringDoubleArrayArray) ?? [])
                into.Import(name, learnt.Where(slot => slot is { Length: 3 }).Select(slot => new LearntSlot((int)Math.Clamp(slot[0], 0, int.MaxValue), (int)Math.Clamp(slot[1], 0, int.MaxValue), slot[2])));
            return null;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException or JsonException)
        {
            return PlainText.Clean($"{path}: {damaged.Message}", 300);
        }
    }

    /// <returns>Why it could not be written; null when it was, or there is nothing to write.</returns>
    public string? Save(string target, TargetBaselines baselines)
    {
        Dictionary<string, double[][]> learnt = new(StringComparer.Ordinal);
        foreach ((string name, ImmutableArray<LearntSlot> slots) in baselines.Export())
        {
            if (!slots.IsEmpty) learnt[name] = [.. slots.Select(slot => new double[] { slot.Day, slot.Slot, slot.Median })];
        }

        if (learnt.Count == 0) return null;
        string path = PathOf(target);
        try
        {
            Directory.CreateDirectory(_folder);
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(learnt, BaselineJsonContext.Default.DictionaryStringDoubleArrayArray));
            File.Move(path + ".new", path, overwrite: true);
            return null;
        }
        catch (Exception unwritten) when (unwritten is IOException or UnauthorizedAccessException)
        {
            return PlainText.Clean($"{path}: {unwritten.Message}", 300);
        }
    }

    /// <summary>A name may hold what no file's name may.</summary>
    private string PathOf(string target)
    {
        StringBuilder name = new();
        foreach (byte one in Encoding.UTF8.GetBytes(target))
        {
            if (char.IsAsciiLetterOrDigit((char)one) || one is (byte)'-' or (byte)'_') name.Append((char)one);
            else name.Append('%').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return Path.Combine(_folder, name.Append(".json").ToString());
    }
}

[JsonSerializable(typeof(Dictionary<string, double[][]>))]
internal sealed partial class BaselineJsonContext : JsonSerializerContext;
