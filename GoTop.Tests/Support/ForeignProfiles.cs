using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Tests.Support;

/// <summary>Profiles such as tools other than Go's make.</summary>
internal static class ForeignProfiles
{
    /// <summary>As gperftools makes them: addresses in mappings, no functions; some addresses in no mapping.</summary>
    public static Profile WithoutSymbols()
    {
        ProfileBuilder builder = new(new("samples", "count"), new("cpu", "nanoseconds")) { Period = 10_000_000, PeriodType = new("cpu", "nanoseconds") };
        int program = builder.AddMapping(new ProfileMapping(0, 0x400000, 0x500000, 0, builder.AddString("/opt/shop/bin/server"), builder.AddString("0123abcd"), ProfileMappingTraits.None));
        int library = builder.AddMapping(new ProfileMapping(0, 0x7f0000000000, 0x7f0000100000, 0, builder.AddString("/nowhere/libc-2.31.so"), 0, ProfileMappingTraits.None));
        int nameless = builder.AddMapping(new ProfileMapping(0, 0x7f1000000000, 0x7f1000100000, 0, 0, 0, ProfileMappingTraits.None));
        int main = builder.AddLocation(program, 0x401000, []);
        int work = builder.AddLocation(program, 0x402000, []);
        int copy = builder.AddLocation(library, 0x7f0000002000, []);
        int unknown = builder.AddLocation(nameless, 0x7f1000002000, []);
        int nowhere = builder.AddLocation(-1, 0xdead, []);
        builder.AddSample([copy, work, main], [30, 300_000_000], []);
        builder.AddSample([work, main], [5, 50_000_000], []);
        builder.AddSample([work, work, main], [2, 20_000_000], []);
        builder.AddSample([unknown, main], [3, 30_000_000], []);
        builder.AddSample([nowhere, main], [1, 10_000_000], []);
        return builder.Build();
    }

    /// <summary>Three sample types in units of their own, inlining, recursion, labels, values below 0, names that are not ASCII, a function in two files.</summary>
    public static Profile WithEverything()
    {
        ProfileBuilder builder = new(new("objects", "count"), new("wall", "microseconds"), new("fuel", "litres")) { DefaultSampleType = "wall", TimeNanoseconds = 1_700_000_000_000_000_000 };
        int mapping = builder.AddMapping(new ProfileMapping(
            0, 0x1000, 0x2000, 0, builder.AddString("/nowhere/program"), 0, ProfileMappingTraits.HasFunctions | ProfileMappingTraits.HasFileNames | ProfileMappingTraits.HasLineNumbers));
        int Function(string name, string file, long start) =>
            builder.AddFunction(new ProfileFunction(0, builder.AddString(name), builder.AddString(name), builder.AddString(file), start));
        int outer = Function("outer", "a.cc", 10);
        int inlined = Function("inlined", "a.cc", 20);
        int recursive = Function("shop::återvänd", "b.cc", 30);
        int twin = Function("twin", "c.cc", 1);
        int otherTwin = Function("twin", "d.cc", 1);
        int location = builder.AddLocation(mapping, 0x1100, [new(inlined, 21, 0), new(outer, 11, 0)]);
        int again = builder.AddLocation(mapping, 0x1200, [new(recursive, 31, 5)]);
        int again2 = builder.AddLocation(mapping, 0x1210, [new(recursive, 32, 5)]);
        int first = builder.AddLocation(mapping, 0x1300, [new(twin, 2, 0)]);
        int second = builder.AddLocation(mapping, 0x1400, [new(otherTwin, 3, 0)]);
        ProfileLabel handler = new(builder.AddString("handler"), builder.AddString("/orders"), 0, 0);
        ProfileLabel size = new(builder.AddString("request"), 0, 4096, builder.AddString("bytes"));
        builder.AddSample([again2, again, again2, location], [7, 7000, -3], [handler, size]);
        builder.AddSample([again, location], [1, 20, 5], [handler]);
        builder.AddSample([first, location], [2, 30, 5], []);
        builder.AddSample([second, first, location], [3, -40, 5], []);
        builder.AddSample([location], [0, 5, 0], [size]);
        return builder.Build();
    }

    /// <summary>A difference in which a function has of the one type as much more at one line as it has less at another.</summary>
    public static Profile ThatCancelsOut()
    {
        ProfileBuilder builder = new(new("objects", "count"), new("space", "bytes"));
        int mapping = builder.AddMapping(new ProfileMapping(0, 0x1000, 0x2000, 0, builder.AddString("/nowhere/program"), 0, ProfileMappingTraits.HasFunctions | ProfileMappingTraits.HasLineNumbers));
        int function = builder.AddFunction(new ProfileFunction(0, builder.AddString("main.render"), builder.AddString("main.render"), builder.AddString("main.go"), 10));
        builder.AddSample([builder.AddLocation(mapping, 0x1100, [new(function, 11, 0)])], [3, 100], []);
        builder.AddSample([builder.AddLocation(mapping, 0x1200, [new(function, 12, 0)])], [-3, -40], []);
        return builder.Build();
    }

    /// <summary>A profile that does not want its allocator to be shown, but for one function of it.</summary>
    public static Profile WithDroppedFrames()
    {
        ProfileBuilder builder = new(new ProfileValueType("space", "bytes")) { DropFrames = "malloc|operator new|tcmalloc::.*", KeepFrames = "tcmalloc::Interesting" };
        int mapping = builder.AddMapping(new ProfileMapping(0, 0x1000, 0x2000, 0, builder.AddString("/nowhere/program"), 0, ProfileMappingTraits.HasFunctions));
        int Location(ulong address, params string[] names)
        {
            ProfileLine[] lines =
            [
                .. names.Select(name => new ProfileLine(builder.AddFunction(new ProfileFunction(0, builder.AddString(name), builder.AddString(name), 0, 0)), 1, 0)),
            ];
            return builder.AddLocation(mapping, address, lines);
        }

        int main = Location(0x1100, "main");
        int work = Location(0x1200, "work");
        int allocate = Location(0x1300, "operator new(unsigned long)");
        int inner = Location(0x1400, "tcmalloc::Allocate(int)");
        int kept = Location(0x1500, "tcmalloc::Interesting");
        int partly = Location(0x1600, "tcmalloc::Fast", "malloc", "caller");
        builder.AddSample([inner, allocate, work, main], [1 << 20], []);
        builder.AddSample([kept, work, main], [2 << 20], []);
        builder.AddSample([partly, main], [3 << 20], []);
        builder.AddSample([inner, allocate], [5 << 20], []);
        builder.AddSample([inner, partly, main], [7 << 20], []);
        return builder.Build();
    }
}
