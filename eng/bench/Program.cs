using System.CommandLine;
using GoTop.Bench;
using GoTop.Bench.Report;

string[] parts = [.. BenchmarkPart.All.Select(each => each.Name)];
Argument<string> part = new("part") { Description = $"{string.Join(", ", parts)} or all", DefaultValueFactory = _ => "all" };
part.AcceptOnlyFromAmong([.. parts, "all"]);
Option<FileInfo?> gotop = new("--gotop") { Description = "the published gotop to measure; without it screen measures the peers alone" };
Option<FileInfo?> report = new("--report") { Description = "Markdown file whose sections are renewed" };
Option<int> rounds = new("--rounds") { Description = "how often each screen program runs", DefaultValueFactory = _ => 3 };
Option<double> window = new("--window") { Description = "seconds of steady running that are measured", DefaultValueFactory = _ => 10 };
Option<int> pairs = new("--pairs") { Description = "pairs with and without gotop watching", DefaultValueFactory = _ => 16 };
Option<bool> show = new("--show") { Description = "print each screen once" };
Option<string?> only = new("--only") { Description = "the one screen program to measure: btop, gotop or htop" };

RootCommand command = new("Measures gotop against its budgets and beside its peers.") { part, gotop, report, rounds, window, pairs, show, only };
command.SetAction(async (parsed, cancellation) =>
{
    BenchOptions options = new(
        parsed.GetValue(gotop)?.FullName, parsed.GetValue(report)?.FullName, parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(window)), parsed.GetValue(pairs),
        parsed.GetValue(show), parsed.GetValue(only));
    try
    {
        foreach (BenchmarkPart benchmark in BenchmarkPart.All.Where(each => parsed.GetValue(part) is "all" || parsed.GetValue(part) == each.Name))
        {
            BenchmarkSection section = await benchmark.RunAsync(options, cancellation);
            Console.WriteLine($"## {section.Title}\n\n{string.Join(", ", section.Versions)}\n\n{string.Join('\n', section.Lines)}");
            if (options.ReportPath is { } path) await BenchmarkDocument.WriteAsync(path, section, [.. BenchmarkPart.All.Select(each => each.Title)], options.Time);
        }

        return 0;
    }
    catch (InvalidOperationException problem)
    {
        Console.Error.WriteLine(problem.Message);
        return 1;
    }
    finally
    {
        Directory.Delete(options.WorkFolder, recursive: true);
    }
});
return await command.Parse(args).InvokeAsync();
