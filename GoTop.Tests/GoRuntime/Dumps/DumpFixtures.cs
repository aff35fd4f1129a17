using System.IO.Compression;
using System.Text;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;
using GoTop.Tests.Support;

namespace GoTop.Tests.GoRuntime.Dumps;

/// <summary>What Targets/crash printed, built with several versions of Go: see its capture.sh.</summary>
internal static class DumpFixtures
{
    public static string[] Versions { get; } = ["go1.19", "go1.22", "go1.25", "go1.27"];

    public static byte[] Read(string version, string name)
    {
        using FileStream stored = File.OpenRead(Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Dumps", version, name + ".txt.gz"));
        using GZipStream plain = new(stored, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        plain.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static GoroutineDump Dump(string version, string name) => Parse(Read(version, name));

    public static GoroutineDump Parse(byte[] text)
    {
        Reading<GoroutineDump> read = GoroutineDumpReader.Read(text);
        return read.TryGet(out GoroutineDump? dump) ? dump : throw new InvalidDataException(read.Reason);
    }

    public static GoroutineDump Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>Everything that a dump tells, independent of how its tables are ordered.</summary>
    public static string Tell(GoroutineDump dump)
    {
        StringBuilder told = new();
        foreach (Engine.GoRuntime.Dumps.DumpedGoroutine row in dump.Rows)
        {
            told.Append(row.Id).Append(' ').Append(row.Count).Append(' ').Append(row.Marks).Append(' ').Append(row.WaitMinutes).Append(' ').Append(row.ParentId);
            if (row.Status >= 0) told.Append(' ').Append(dump.Statuses[row.Status]);
            if (row.Labels >= 0) told.AppendJoin(',', dump.LabelSets[row.Labels]);
            if (row.CreatedBy >= 0) told.Append(" by ").Append(dump.Locations[row.CreatedBy]);
            Stack(row.Stack);
        }

        foreach (ThreadFrames thread in dump.ThreadStacks)
        {
            told.Append(thread.Title);
            Stack(thread.Stack);
        }

        foreach (CrashReport crash in dump.Crashes)
            told.Append(crash.Kind).AppendJoin('|', crash.Messages).Append(crash.Signal).Append(crash.FaultingGoroutine).Append(crash.Line).AppendLine();
        return told.Append(dump.Truncation).AppendJoin('|', dump.Problems).ToString();

        void Stack(int stack)
        {
            told.AppendLine();
            if (stack < 0) return;
            foreach (int frame in dump.Stacks[stack].Frames) told.Append("  ").Append(dump.Locations[frame]).AppendLine();
            told.Append(dump.Stacks[stack].ElidedAfter).Append(' ').Append(dump.Stacks[stack].ElidedFrames).AppendLine();
        }
    }
}
