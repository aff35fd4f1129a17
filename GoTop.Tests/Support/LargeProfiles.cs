using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Tests.Support;

/// <summary>Profiles far larger than those of most services, the same on every machine.</summary>
internal static class LargeProfiles
{
    /// <summary>So many samples with distinct stacks of 12 to 59 frames, of 3,000 functions.</summary>
    public static ProfileCapture Cpu(int samples, int second, ulong seed)
    {
        ProfileBuilder builder = new(new ProfileValueType("samples", "count"), new ProfileValueType("cpu", "nanoseconds"))
        {
            PeriodType = new ProfileValueType("cpu", "nanoseconds"),
            Period = 10_000_000,
            DurationNanoseconds = 2_000_000_000,
        };
        ulong random = seed;
        for (int sample = 0; sample < samples; sample++)
        {
            ProfileFrame[] stack = new ProfileFrame[12 + (sample % 48)];
            int from = 0;
            for (int depth = stack.Length - 1; depth >= 0; depth--)
            {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                // Callers branch little and callees much, as in a service.
                from = ((from * 7) + 1 + (int)(random % (ulong)(2 + (stack.Length - depth)))) % 3000;
                string package = (from % 5) switch { 0 => "runtime", 1 => "encoding/json", 2 => "github.com/acme/order-api/internal/orders", 3 => "github.com/jackc/pgx/v5", _ => "net/http" };
                stack[depth] = new ProfileFrame($"{package}.(*type{from % 97}).method{from}", $"/src/{package}/file{from % 31}.go", 10 + (from % 700));
            }

            builder.AddSample(stack, [1, 10_000_000]);
        }

        using MemoryStream bytes = new();
        ProfileWriter.Write(builder.Build(), bytes);
        return new ProfileCapture
        {
            Kind = ProfileKind.Cpu,
            TakenAt = Observations.Start.AddSeconds(second),
            ReadAtNanoseconds = (1000L + second) * 1_000_000_000,
            Seconds = 2,
            TookMilliseconds = 2_004,
            CostToTarget = "1-3 % of its CPU",
            Content = [.. bytes.ToArray()],
        };
    }
}
