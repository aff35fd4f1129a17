using System.Globalization;
using System.IO.Compression;
using System.Text;
using GoTop.Engine.GoRuntime.Profiles;
using Xunit;

namespace GoTop.Tests.Support;

/// <summary>
/// Profiles captured from real Go services: a few in <c>Fixtures/Profiles</c>, all of them in <c>shared/go-fixtures</c> (skips without).
/// </summary>
internal static class ProfileFixtures
{
    /// <summary>Those that are always at hand, all of Go 1.27.</summary>
    public static TheoryData<string> Committed =>
        [.. Directory.GetFiles(CommittedFolder, "*.pb.gz").Select(file => Path.GetFileName(file)[..^".pb.gz".Length]).Order(StringComparer.Ordinal)];

    private static string CommittedFolder => Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Profiles", "go1.27-linux");

    /// <param name="name">e.g. <c>profile3s</c>.</param>
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(CommittedFolder, name + ".pb.gz"));

    /// <summary>What <c>go tool pprof</c> printed for them, and for others.</summary>
    public static byte[] CommittedGolden()
    {
        using GZipStream plain = new(File.OpenRead(Path.Combine(CommittedFolder, "golden-pprof.txt.gz")), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        plain.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static Profile Parse(byte[] bytes, ProfileLimits? limits = null) => ProfileReader.Read(bytes, limits, TestContext.Current.CancellationToken);

    public static Profile Parse(Stream stream, ProfileLimits? limits = null) => ProfileReader.Read(stream, limits, TestContext.Current.CancellationToken);

    /// <summary>All profiles of a folder of <c>shared/go-fixtures</c>.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> All(string folder)
    {
        foreach (string file in Directory.GetFiles(SharedFiles.Require($"go-fixtures/{folder}"), "*.pb.gz").Order(StringComparer.Ordinal)) yield return (Path.GetFileName(file), File.ReadAllBytes(file));
    }

    /// <summary>Everything in a profile as text, so that two can be compared; ids and places in tables do not matter.</summary>
    public static string Describe(Profile profile)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"types {string.Join(' ', profile.SampleTypes)} default {profile.DefaultSampleType} period {profile.Period} {profile.PeriodType}");
        text.AppendLine(CultureInfo.InvariantCulture, $"time {profile.TimeNanoseconds} duration {profile.DurationNanoseconds} drop {profile.DropFrames} keep {profile.KeepFrames} doc {profile.DocumentationUrl}");
        text.AppendLine(CultureInfo.InvariantCulture, $"comments {string.Join('|', profile.Comments)}");
        foreach (ProfileMapping mapping in profile.Mappings)
            text.AppendLine(CultureInfo.InvariantCulture, $"mapping {mapping.Start:x}-{mapping.Limit:x} {mapping.Offset:x} {profile.Strings[mapping.File]} {profile.Strings[mapping.BuildId]} {mapping.Traits}");
        for (int i = 0; i < profile.SampleCount; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"sample {string.Join(' ', profile.ValuesOf(i).ToArray())}");
            foreach (ProfileLabel label in profile.LabelSet(profile.SampleLabelSets[i]))
                text.Append(CultureInfo.InvariantCulture, $" {profile.Strings[label.Key]}={profile.Strings[label.Text]}{label.Number}{profile.Strings[label.Unit]}");
            text.AppendLine();
            foreach (int location in profile.Stack(profile.SampleStacks[i]))
            {
                ProfileLocation at = profile.Locations[location];
                text.Append(CultureInfo.InvariantCulture, $"  {at.Address:x} mapping {at.Mapping} {(at.IsFolded ? "folded" : "")}");
                foreach (ProfileLine line in profile.LinesOf(location))
                {
                    ProfileFunction function = profile.Functions[line.Function];
                    text.Append(CultureInfo.InvariantCulture, $" | {profile.Strings[function.Name]} {profile.Strings[function.SystemName]} {profile.Strings[function.File]}:{line.Line}:{line.Column} from {function.StartLine}");
                }

                text.AppendLine();
            }
        }

        return text.ToString();
    }
}
