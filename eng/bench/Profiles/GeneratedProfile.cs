using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Bench.Profiles;

/// <summary>
/// A CPU profile as a large service under load gives when those of many minutes are merged: deep stacks through a call graph of
/// thousands of functions, some inlined, half of the stacks met before, and labels of which some have many values. The same every time.
/// </summary>
internal static class GeneratedProfile
{
    private const int Packages = 300, Functions = 30_000, Locations = 60_000, LeastDepth = 10, MostDepth = 60, Handlers = 50, Tenants = 2_000;

    /// <summary>Of a sample with its labels, about.</summary>
    private const int BytesPerSample = 118;

    /// <param name="bytes">Uncompressed, about.</param>
    public static Profile Make(long bytes)
    {
        Random random = new(20261123);
        ProfileBuilder builder = new(new("samples", "count"), new("cpu", "nanoseconds"))
        {
            PeriodType = new("cpu", "nanoseconds"), Period = 10_000_000, TimeNanoseconds = 1_795_000_000_000_000_000, DurationNanoseconds = 600_000_000_000,
        };
        int[] locations = MakeLocations(builder, random);
        int handlerKey = builder.AddString("handler"), tenantKey = builder.AddString("tenant"), sizeKey = builder.AddString("request_size"), sizeUnit = builder.AddString("bytes");
        int[] handlers = [.. Enumerable.Range(0, Handlers).Select(i => builder.AddString($"/api/v1/resource{i}"))];
        int[] tenants = [.. Enumerable.Range(0, Tenants).Select(i => builder.AddString($"tenant-{i:0000}"))];
        int[] stack = new int[MostDepth];
        List<ProfileLabel> labels = [];
        for (long sample = 0; sample < bytes / BytesPerSample; sample++)
        {
            int depth = random.Next(LeastDepth, MostDepth + 1);
            Walk(locations, random, stack.AsSpan(0, depth));
            labels.Clear();
            labels.Add(new ProfileLabel(handlerKey, handlers[Skewed(random, Handlers)], 0, 0));
            labels.Add(new ProfileLabel(tenantKey, tenants[Skewed(random, Tenants)], 0, 0));
            if (random.Next(4) == 0) labels.Add(new ProfileLabel(sizeKey, 0, 1L << random.Next(6, 20), sizeUnit));
            int count = 1 + Skewed(random, 5);
            builder.AddSample(stack.AsSpan(0, depth), [count, count * 10_000_000L], [.. labels]);
        }

        return builder.Build();
    }

    private static int[] MakeLocations(ProfileBuilder builder, Random random)
    {
        const ProfileMappingTraits Symbolised =
            ProfileMappingTraits.HasFunctions | ProfileMappingTraits.HasFileNames | ProfileMappingTraits.HasLineNumbers | ProfileMappingTraits.HasInlineFrames;
        int mapping = builder.AddMapping(new ProfileMapping(0, 0x400000, 0x4000000, 0, builder.AddString("/opt/shop/server"), builder.AddString("c0ffee"), Symbolised));
        int[] functions = new int[Functions];
        for (int i = 0; i < functions.Length; i++)
        {
            int package = i % Packages;
            int name = builder.AddString($"example.com/shop/internal/package{package}.(*Service{i / Packages % 40}).Method{i}");
            functions[i] = builder.AddFunction(new ProfileFunction(0, name, name, builder.AddString($"/src/shop/internal/package{package}/file{i / Packages % 20}.go"), 10 + i % 900));
        }

        int[] locations = new int[Locations];
        for (int i = 0; i < locations.Length; i++)
        {
            ProfileLine[] lines = new ProfileLine[1 + (random.Next(5) == 0 ? random.Next(1, 3) : 0)];
            for (int line = 0; line < lines.Length; line++) lines[line] = new ProfileLine(functions[(i + line * 7) % Functions], 12 + random.Next(900), 0);
            locations[i] = builder.AddLocation(mapping, 0x400000 + (ulong)i * 0x37, lines);
        }

        return locations;
    }

    /// <summary>From one of a few entry points down a graph in which some calls are far more frequent than others; innermost first.</summary>
    private static void Walk(int[] locations, Random random, Span<int> stack)
    {
        int at = Skewed(random, Handlers);
        for (int i = stack.Length - 1; i >= 0; i--)
        {
            stack[i] = locations[at];
            // Each place calls eight others, and one of them nearly always.
            int callee = random.Next(40) > 0 ? 0 : random.Next(1, 8);
            at = (int)(((long)at * 31 + callee * 7919 + 17) % Locations);
        }
    }

    /// <summary>Small numbers far more often than large ones.</summary>
    private static int Skewed(Random random, int below) => (int)(below * Math.Pow(random.NextDouble(), 3));
}
