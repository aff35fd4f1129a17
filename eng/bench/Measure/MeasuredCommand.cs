using System.Diagnostics;

namespace GoTop.Bench.Measure;

/// <summary>One run of a command, its output thrown away.</summary>
/// <param name="CpuMilliseconds">User and system time of all its threads.</param>
/// <param name="PeakBytes">The most memory it had resident.</param>
internal sealed record MeasuredCommand(double Milliseconds, double CpuMilliseconds, long PeakBytes)
{
    /// <exception cref="InvalidOperationException">It failed: its figures would mean nothing.</exception>
    public static async Task<MeasuredCommand> RunAsync(string program, IReadOnlyList<string> arguments, TimeProvider time, CancellationToken cancellation)
    {
        // GNU time's figures are those of wait4(2); .NET keeps none of a process that has ended.
        string figures = Path.GetTempFileName();
        try
        {
            long started = time.GetTimestamp();
            using Process process = Process.Start(new ProcessStartInfo("/usr/bin/time", ["-o", figures, "-f", "%U %S %M", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })
                ?? throw new InvalidOperationException($"{program} does not start");
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            double milliseconds = time.GetElapsedTime(started).TotalMilliseconds;
            if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}: {(await errors).Trim()}");
            double[] values = [.. (await File.ReadAllTextAsync(figures, cancellation)).Trim().Split(' ').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
            return new MeasuredCommand(milliseconds, (values[0] + values[1]) * 1000, (long)values[2] * 1024);
        }
        finally
        {
            File.Delete(figures);
        }
    }
}
