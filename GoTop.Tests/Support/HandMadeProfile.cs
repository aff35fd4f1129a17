using Xunit;

namespace GoTop.Tests.Support;

/// <summary>A small profile encoded by hand that uses all of the format, and profiles that break one rule each.</summary>
internal static class HandMadeProfile
{
    private static readonly string[] Texts =
    [
        "", "samples", "count", "cpu", "nanoseconds", "handler", "/orders", "size", "bytes", "main.inner", "main.outer", "main.go", "shop", "abcdef", "a comment",
        "main\\.drop", "main\\.keep", "https://example.com/doc",
    ];

    private static readonly (string What, string Problem, Func<byte[]> Make)[] Wrong =
    [
        ("empty", "there are no bytes", () => []),
        ("no strings", "function.name", () => ProtobufText.Message().Inner(5, ProtobufText.Message().Number(1, 1UL)).Bytes),
        ("first string not empty", "string_table begins with a text", () => ProtobufText.Message().Text(6, "x").Bytes),
        ("string beyond the table", "function.name at byte", () => Valid().Inner(5, ProtobufText.Message().Number(1, 7UL).Number(2, 1000UL)).Bytes),
        ("negative string", "function.filename at byte", () => Valid().Inner(5, ProtobufText.Message().Number(1, 7UL).Number(4, -1L)).Bytes),
        ("string of a mapping", "mapping.filename at byte", () => Valid().Inner(3, ProtobufText.Message().Number(1, 7UL).Number(5, 1000UL)).Bytes),
        ("string of the default type", "default_sample_type at byte", () => Valid().Number(14, 1000UL).Bytes),
        ("string of a comment", "comment at byte", () => Valid().Number(13, 1000UL).Bytes),
        ("string of a label", "sample.label at byte", () => Valid().Inner(2, Values().Inner(3, ProtobufText.Message().Number(1, 1000UL).Number(2, 1UL))).Bytes),
        ("label without a type of field", "sample.label.key at byte", () => Valid().Inner(2, Values().Inner(3, ProtobufText.Message().Text(1, "x"))).Bytes),
        ("unknown location", "there is no location 77", () => Valid().Inner(2, Values().Number(1, 77UL)).Bytes),
        ("location 0", "there is no location 0", () => Valid().Inner(2, Values().Number(1, 0UL)).Bytes),
        ("unknown function", "there is no function 88", () => Valid().Inner(4, ProtobufText.Message().Number(1, 9UL).Inner(4, ProtobufText.Message().Number(1, 88UL))).Bytes),
        ("line without function", "there is no function 0", () => Valid().Inner(4, ProtobufText.Message().Number(1, 9UL).Inner(4, ProtobufText.Message().Number(2, 88UL))).Bytes),
        ("function id 0", "function.id at byte", () => Valid().Inner(5, ProtobufText.Message()).Bytes),
        ("location id 0", "location.id at byte", () => Valid().Inner(4, ProtobufText.Message()).Bytes),
        ("mapping id 0", "mapping.id at byte", () => Valid().Inner(3, ProtobufText.Message()).Bytes),
        ("function id twice", "3 is the id of another one too", () => Valid().Inner(5, ProtobufText.Message().Number(1, 3UL)).Bytes),
        ("location id twice", "2 is the id of another one too", () => Valid().Inner(4, ProtobufText.Message().Number(1, 2UL)).Bytes),
        ("too few values", "1 values; the samples before have 2", () => Valid().Inner(2, ProtobufText.Message().Number(2, 1UL)).Bytes),
        ("too many values", "3 values; the samples before have 2", () => Valid().Inner(2, ProtobufText.Message().Packed(2, 1, 2, 3)).Bytes),
        ("no values", "0 values for 1 sample types", () => ProtobufText.Message().Inner(1, ProtobufText.Message()).Inner(2, ProtobufText.Message()).Text(6, "").Bytes),
        ("no sample types", "no types of them", () => ProtobufText.Message().Inner(2, ProtobufText.Message()).Text(6, "").Bytes),
        ("two profiles", "several profiles", () => [.. Valid().Bytes, .. Valid().Bytes]),
        ("unknown wire type", "wire type 3", () => Valid().Varint(20 << 3 | 3).Bytes),
        ("unknown wire type inside", "wire type 4", () => Valid().Raw(2, [4]).Bytes),
        ("sample as a number", "sample at byte", () => Valid().Number(2, 1UL).Bytes),
        ("time as bytes", "time_nanos at byte", () => ProtobufText.Message().Text(9, "x").Bytes),
        ("id as bytes", "location.id at byte", () => Valid().Inner(4, ProtobufText.Message().Text(1, "x")).Bytes),
        ("a number of eleven bytes", "a number does not end", () => Valid().Append(0x48, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01).Bytes),
        ("an endless id in a stack", "sample.location_id at byte", () => Valid().Inner(2, Values().Raw(1, [0x80])).Bytes),
        ("an endless value", "sample.value at byte", () => Valid().Inner(2, ProtobufText.Message().Raw(2, [0x80])).Bytes),
        ("a field longer than the rest", "claims 5 bytes", () => Valid().Append(0x32, 5, 1).Bytes),
        ("an unknown field longer than the rest", "claims 5 bytes", () => Valid().Append(0x82, 0x01, 5, 1).Bytes),
    ];

    /// <summary>What is broken, and part of the problem that is to be told.</summary>
    public static TheoryData<string, string> Broken
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach ((string what, string problem, _) in Wrong) all.Add(what, problem);
            return all;
        }
    }

    public static byte[] BrokenBytes(string what) => Wrong.Single(each => each.What == what).Make();

    /// <summary>Three samples with two values; sparse and huge ids; packed and single numbers; tables behind what refers to them.</summary>
    public static ProtobufText Valid()
    {
        ProtobufText label = ProtobufText.Message().Number(1, 5UL).Number(2, 6UL);
        ProtobufText size = ProtobufText.Message().Number(1, 7UL).Number(3, 4096UL).Number(4, 8UL);
        ProtobufText nothing = ProtobufText.Message().Number(1, 7UL);
        ProtobufText profile = ProtobufText.Message()
            .Inner(2, ProtobufText.Message().Packed(1, ulong.MaxValue, 2).Packed(2, 1, 10_000_000).Inner(3, label).Inner(3, nothing).Inner(3, size))
            .Inner(2, ProtobufText.Message().Number(2, -5L).Number(1, ulong.MaxValue).Inner(3, label).Number(1, 2UL).Number(2, long.MinValue).Inner(3, size))
            .Inner(2, ProtobufText.Message().Packed(2, 3, 30_000_000))
            .Inner(1, ProtobufText.Message().Number(1, 1UL).Number(2, 2UL))
            .Inner(1, ProtobufText.Message().Number(1, 3UL).Number(2, 4UL))
            .Inner(4, ProtobufText.Message().Number(1, 2UL).Number(2, 55UL).Number(3, 0x402000UL))
            .Inner(4, ProtobufText.Message().Number(1, ulong.MaxValue).Number(2, 40_000_000_000UL).Number(3, 0x401000UL)
                .Inner(4, ProtobufText.Message().Number(1, 3UL).Number(2, 12UL).Number(3, 3UL))
                .Inner(4, ProtobufText.Message().Number(1, 1UL << 60).Number(2, 40UL)))
            .Inner(5, ProtobufText.Message().Number(1, 1UL << 60).Number(2, 10UL).Number(3, 10UL).Number(4, 11UL).Number(5, 38UL))
            .Inner(5, ProtobufText.Message().Number(1, 3UL).Number(2, 9UL).Number(3, 9UL).Number(4, 11UL))
            .Inner(3, ProtobufText.Message().Number(1, 40_000_000_000UL).Number(2, 0x400000UL).Number(3, 0x500000UL).Number(4, 0UL).Number(5, 12UL).Number(6, 13UL).Number(7, 1UL).Number(10, 1UL))
            .Number(7, 15UL).Number(8, 16UL).Number(9, 1_700_000_000_000_000_000UL).Number(10, 3_000_000_000UL)
            .Inner(11, ProtobufText.Message().Number(1, 3UL).Number(2, 4UL)).Number(12, 10_000_000UL).Number(13, 14UL).Packed(13, 3).Number(14, 3UL).Number(15, 17UL);
        foreach (string text in Texts) profile.Text(6, text);
        return profile;
    }

    private static ProtobufText Values() => ProtobufText.Message().Packed(2, 1, 1);
}
