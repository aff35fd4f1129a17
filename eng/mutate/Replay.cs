using System.Globalization;
using GoTop.Mutate.Inputs;

namespace GoTop.Mutate;

/// <summary>Reads one input again, on the main thread, so that a debugger finds it.</summary>
internal static class Replay
{
    /// <param name="seedAndNumber">Of an input to be made anew, where there is no file.</param>
    /// <returns>Whether it did not fail.</returns>
    public static bool Read(ReaderTarget target, FileInfo? file, string? seedAndNumber, MutateOptions options)
    {
        ArraySegment<byte> input = file is null ? Make(target, seedAndNumber!, options.OutputFolder) : File.ReadAllBytes(file.FullName);
        long began = options.Time.GetTimestamp();
        ReadOutcome outcome = target.Try(input);
        TimeSpan took = options.Time.GetElapsedTime(began);
        string what = outcome.Failure is { } failure ? $"FAILED: {failure}" : outcome.IsAccepted ? "accepted" : "refused";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}, {input.Count} bytes, {took.TotalMilliseconds:F1} ms, {outcome.AllocatedBytes / 1e6:F1} MB allocated: {what}"));
        return outcome.Failure is null;
    }

    private static ArraySegment<byte> Make(ReaderTarget target, string seedAndNumber, DirectoryInfo folder)
    {
        string[] parts = seedAndNumber.Split(':');
        ulong seed = ulong.Parse(parts[0], CultureInfo.InvariantCulture);
        long number = long.Parse(parts[^1], CultureInfo.InvariantCulture);
        ArraySegment<byte> input = new Mutator(target.Corpus, target.Tokens).Input(seed, number);
        folder.Create();
        string path = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{target.Name}-{seed}-{number}.bin"));
        File.WriteAllBytes(path, input);
        Console.WriteLine(path);
        return input;
    }
}
