using CliWrap;
using CliWrap.Buffered;

namespace GoTop.Bench.Measure;

/// <summary>A command from its start to its end, its output read; several times.</summary>
internal static class CommandTiming
{
    private const int WarmUp = 2, Repeats = 10;

    /// <exception cref="InvalidOperationException">The command failed: its time would mean nothing.</exception>
    public static async Task<Timing> OfAsync(string program, IReadOnlyList<string> arguments, TimeProvider time, CancellationToken cancellation)
    {
        Timing timing = await Timing.OfAsync(
            async () =>
            {
                BufferedCommandResult result = await Cli.Wrap(program).WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancellation);
                if (result.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {result.ExitCode}: {result.StandardError.Trim()}");
            },
            WarmUp, Repeats, time);
        return timing with { Cpu = new MedianInterval(double.NaN, double.NaN, double.NaN, 0), AllocatedKibibytes = double.NaN };
    }
}
