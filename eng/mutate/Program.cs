using System.Collections.Immutable;
using System.CommandLine;
using GoTop.Mutate;
using GoTop.Mutate.Inputs;

Option<double> minutes = new("--minutes") { Description = "how long altogether, in equal shares", DefaultValueFactory = _ => 1 };
Option<int> jobs = new("--jobs") { Description = "threads", DefaultValueFactory = _ => Environment.ProcessorCount };
Option<int> rounds = new("--rounds") { Description = "turns of each reader, each with a new seed", DefaultValueFactory = _ => 4 };
Option<ulong> seed = new("--seed") { Description = "the first seed", DefaultValueFactory = _ => 1 };
Option<double> limit = new("--input-seconds") { Description = "CPU seconds that one input may take", DefaultValueFactory = _ => 10 };
Option<string[]> only = new("--target") { Description = "readers by name; all without it", AllowMultipleArgumentsPerToken = true };
Option<FileInfo?> replay = new("--replay") { Description = "read this file with the one --target and say what comes of it" };
Option<string?> input = new("--input") { Description = "SEED:NUMBER: read this input with the one --target; with --out its bytes are saved" };
Option<DirectoryInfo> output = new("--out") { Description = "where failing inputs are saved", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(RepositoryRoot.Find(), "artifacts", "mutate")) };

RootCommand command = new("Asks every reader of GoTop to read millions of damaged and hostile inputs.") { minutes, jobs, rounds, seed, limit, only, replay, input, output };
command.SetAction(parsed =>
{
    ImmutableArray<ReaderTarget> targets = ReaderCatalog.Targets(new CorpusFolder(RepositoryRoot.Find()));
    string[] names = parsed.GetValue(only) ?? [];
    if (names.FirstOrDefault(name => targets.All(target => target.Name != name)) is { } unknown)
    {
        Console.Error.WriteLine($"no reader is named {unknown}; there are {string.Join(", ", targets.Select(target => target.Name))}");
        return 2;
    }

    if (names.Length > 0) targets = [.. targets.Where(target => names.Contains(target.Name))];
    MutateOptions options = new(parsed.GetValue(minutes), parsed.GetValue(jobs), parsed.GetValue(rounds), parsed.GetValue(seed), TimeSpan.FromSeconds(parsed.GetValue(limit)), parsed.GetValue(output)!);
    if (parsed.GetValue(replay) is null && parsed.GetValue(input) is null) return new MutationRun(targets, options).Run() ? 0 : 1;
    if (targets.Length != 1)
    {
        Console.Error.WriteLine("--replay and --input need the one --target");
        return 2;
    }

    return Replay.Read(targets[0], parsed.GetValue(replay), parsed.GetValue(input), options) ? 0 : 1;
});
return command.Parse(args).Invoke();
