using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using GoTop.Engine.Model;
using GoTop.Engine.StateFiles;

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
        Reading<Dictionary<string, double[][]>> read = FileOf(target).Read("nothing was learnt yet");
        foreach ((string name, double[][] learnt) in read.ValueOr(null) ?? [])
            into.Import(name, (learnt ?? []).Where(slot => slot is { Length: 3 }).Select(slot => new LearntSlot((int)Math.Clamp(slot[0], 0, int.MaxValue), (int)Math.Clamp(slot[1], 0, int.MaxValue), slot[2])));
        return read.HasValue || read.State == ReadingState.NotSupported ? null : read.Reason;
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
        StateFile<Dictionary<string, double[][]>> file = FileOf(target);
        try
        {
            Directory.CreateDirectory(_folder);
            file.Write(learnt);
            return null;
        }
        catch (Exception unwritten) when (unwritten is IOException or UnauthorizedAccessException)
        {
            return PlainText.Clean($"{file.Path}: {unwritten.Message}", 300);
        }
    }

    private StateFile<Dictionary<string, double[][]>> FileOf(string target) => new(PathOf(target), BaselineJsonContext.Default.DictionaryStringDoubleArrayArray, MostBytes);

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
