using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using CsCheck;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;

namespace GoTop.Tests.Recording;

/// <summary>
/// Samples with every field of every record filled at random, fields that do not exist yet included: it builds whatever
/// type it finds. A field of a type it does not know makes it fail, so that nobody forgets it.
/// </summary>
internal sealed class SampleBuilder(Random random)
{
    private static readonly string[] Texts = ["", "a", "main.main", "chan receive", "naïve – 日本 🦆", "\u0000\u001b[2J\r\n\"\\", "<script>&'", new('x', 300)];
    private static readonly long[] Longs = [0, 1, -1, 127, 128, long.MaxValue, long.MinValue, 1_700_000_000_000_000_000];
    private static readonly double[] Doubles = [0, -0.0, 0.1, -1e300, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    public static Gen<Sample> Samples { get; } = Gen.Int.Select(seed => (Sample)new SampleBuilder(new Random(seed)).Build(typeof(Sample))!);

    private object? Build(Type type)
    {
        if (type == typeof(GoroutineTable)) return Table();
        if (type == typeof(CoreSet)) return CoreSet.Of(Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(random.Next(2) == 0 ? 8 : 65536)));
        if (type == typeof(TimeHistogram))
        {
            int buckets = random.Next(20);
            return new TimeHistogram([.. Enumerable.Range(0, buckets).Select(_ => Long())], [.. Enumerable.Range(0, buckets).Select(_ => Long())]);
        }

        if (type == typeof(string)) return Texts[random.Next(Texts.Length)];
        if (type == typeof(bool)) return random.Next(2) == 0;
        if (type == typeof(byte)) return (byte)random.Next(256);
        if (type == typeof(int)) return (int)Long();
        if (type == typeof(long)) return Long();
        if (type == typeof(ulong)) return (ulong)Long();
        if (type == typeof(double)) return random.Next(2) == 0 ? Doubles[random.Next(Doubles.Length)] : random.NextDouble() * 1e6;
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.FromMinutes(random.Next(-840, 841)));
        if (type.IsEnum) return Enum.GetValuesAsUnderlyingType(type) is var values ? Enum.ToObject(type, values.GetValue(random.Next(values.Length))!) : null;
        if (type.IsGenericType) return BuildGeneric(type, type.GetGenericTypeDefinition(), type.GetGenericArguments());
        // Kind and time of reading name a capture.
        if (type == typeof(ProfileCaptures)) return ((ProfileCaptures)BuildRecord(type)).Change((kind, capture) => capture.Select(built => built with { Kind = kind }));
        if (type == typeof(TraceTimeline))
        {
            int buckets = random.Next(5);
            ImmutableArray<T> Each<T>() => [.. Enumerable.Range(0, buckets).Select(_ => (T)Build(typeof(T))!)];
            return new TraceTimeline(Long(), buckets, [.. Many(() => new ProcLane((int)Long(), Each<ProcShare>())).Cast<ProcLane>()], (int)Long(), Each<byte>(), Each<byte>());
        }

        return BuildRecord(type);
    }

    private object? BuildGeneric(Type type, Type open, Type[] arguments)
    {
        if (open == typeof(Nullable<>)) return random.Next(3) == 0 ? null : Build(arguments[0]);
        if (open == typeof(Reading<>))
        {
            ReadingState state = (ReadingState)random.Next(6);
            object? value = state is ReadingState.Present or ReadingState.Stale ? Build(arguments[0]) : null;
            if (value is null && arguments[0].IsValueType) value = Activator.CreateInstance(arguments[0]);
            return Call(nameof(MakeReading), arguments, state, value, random.Next(2) == 0 ? null : Build(typeof(string)));
        }

        if (open == typeof(ImmutableArray<>)) return Call(nameof(MakeArray), arguments, (object)Many(() => Build(arguments[0])));
        if (open == typeof(ImmutableSortedDictionary<,>)) return Call(nameof(MakeDictionary), arguments[1..], (object)Many(() => Build(arguments[1])));
        throw new UnreachableException($"The builder of samples does not know {type}.");
    }

    private object BuildRecord(Type type)
    {
        ConstructorInfo? constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault();
        ParameterInfo[] parameters = constructor?.GetParameters() ?? [];
        object made = constructor is null
            ? Activator.CreateInstance(type)!
            : constructor.Invoke([.. parameters.Select(p => BuildNullable(p.ParameterType, new NullabilityInfoContext().Create(p)))]);
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.CanWrite && parameters.All(p => p.Name != property.Name)) property.SetValue(made, BuildNullable(property.PropertyType, new NullabilityInfoContext().Create(property)));
        }

        return made;
    }

    private object? BuildNullable(Type type, NullabilityInfo nullability) =>
        !type.IsValueType && nullability.ReadState == NullabilityState.Nullable && random.Next(3) == 0 ? null : Build(type);

    private GoroutineTable Table()
    {
        ImmutableArray<CodeLocation> locations = [.. Many(() => Build(typeof(CodeLocation))).Cast<CodeLocation>()];
        ImmutableArray<string> reasons = ["", .. Many(() => Build(typeof(string))).Cast<string>()];
        int Location() => random.Next(locations.Length);
        ImmutableArray<ImmutableArray<int>> stacks = [.. Many(() => (object)(locations.IsEmpty ? [] : ImmutableArray.CreateRange(Many(() => (object)Location()).Cast<int>()))).Cast<ImmutableArray<int>>()];
        // Some columns repeat few values and some never repeat: they are stored in two ways.
        int rows = random.Next(4) == 0 ? 300 : random.Next(4);
        bool repeat = random.Next(2) == 0;
        Reading<ImmutableArray<ImmutableArray<GoroutineLabel>>> labels = (Reading<ImmutableArray<ImmutableArray<GoroutineLabel>>>)Build(typeof(Reading<ImmutableArray<ImmutableArray<GoroutineLabel>>>))!;
        labels = labels.Select(sets => sets.Insert(0, []));
        return new GoroutineTable
        {
            Rows = [.. Enumerable.Range(0, rows).Select(_ => new GoroutineRow(
                Long(), (GoroutineState)Build(typeof(GoroutineState))!, random.Next(reasons.Length), repeat ? Longs[random.Next(3)] : random.NextInt64(),
                random.Next(-1, locations.Length), random.Next(-1, locations.Length), repeat ? random.NextInt64() : Longs[random.Next(3)],
                random.Next(-1, stacks.Length), random.Next(2) == 0)
                {
                    Labels = labels.HasValue ? random.Next(-1, labels.Value.Length) : 0,
                })],
            Locations = locations,
            WaitReasons = reasons,
            Stacks = stacks,
            NowNanoseconds = Long(),
            Torn = (int)Long(),
            SystemGoroutines = (int)Long(),
            BeyondCap = (int)Long(),
            LabelSets = labels,
            Waits = ((Reading<GoroutineWaits>)Build(typeof(Reading<GoroutineWaits>))!).Select(waits => Sound(waits, rows)),
        };
    }

    private GoroutineWaits Sound(GoroutineWaits waits, int rows)
    {
        ImmutableArray<string> types = ["", .. waits.ElementTypes];
        ImmutableArray<WaitObject> objects = [.. waits.Objects.Select(o => o with { ElementType = random.Next(types.Length) })];
        return waits with
        {
            ElementTypes = types,
            Objects = objects,
            Waits = objects.IsEmpty || rows == 0 ? [] : [.. Enumerable.Range(0, random.Next(rows)).Select(_ => random.Next(rows)).Order().Select(row => new GoroutineWait(row, random.Next(objects.Length)))],
        };
    }

    private long Long() => random.Next(2) == 0 ? Longs[random.Next(Longs.Length)] : random.NextInt64(long.MinValue, long.MaxValue);

    private object?[] Many(Func<object?> make) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => make())];

    private static object? Call(string method, Type[] arguments, params object?[] values) =>
        typeof(SampleBuilder).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(arguments).Invoke(null, values);

    private static Reading<T> MakeReading<T>(ReadingState state, T value, string? reason) => Reading.From(state, value, reason);

    private static ImmutableArray<T> MakeArray<T>(object?[] items) => [.. items.Cast<T>()];

    private static ImmutableSortedDictionary<string, T> MakeDictionary<T>(object?[] items) =>
        ImmutableSortedDictionary.CreateRange(items.Select((item, i) => KeyValuePair.Create($"{Texts[i]}{i}", (T)item!)));
}
