using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Export;

namespace GoTop.Cli;

/// <summary>What the commands that act have in common.</summary>
/// <param name="Yes">Nobody is asked.</param>
/// <param name="Production">The second confirmation, for targets that are production.</param>
internal sealed record ActionOptions(bool Yes, bool Production, bool DryRun, bool Json, bool ReadOnly);

/// <summary>Shows plans, asks, carries them out one after the other and tells what came of each.</summary>
internal sealed class ActionConsole(CliContext context, ActionOptions options, GoTopConfig config, ActionRules rules, string target)
{
    private readonly ActionGate _gate = new(rules, Actor.OfThisProcess(Environment.GetEnvironmentVariable), options.ReadOnly || config.ReadOnly, context.Time);
    private readonly AuditLog _audit = new(config.Audit, context.Time);

    public async Task<int> RunAsync(ImmutableArray<ControlPlan> plans, CancellationToken cancellation)
    {
        if (options.DryRun) return DryRun(plans);
        bool mayAsk = !options.Json && (context.Input is not null || !Console.IsInputRedirected);
        // What is not allowed anyway is not asked about; the session refuses it and writes that down.
        if (plans.All(plan => _gate.Check(plan.Kind) is null))
        {
            if (!options.Json)
            {
                foreach (ControlPlan plan in plans) Show(plan);
            }

            if (!options.Yes && !(mayAsk && Ask("Do it? [y/N] ", answer => answer is "y" or "Y" or "yes")))
                throw new CliException(mayAsk ? ExitCode.Problem : ExitCode.Usage, mayAsk ? "not done" : "nobody can be asked here: --yes does it without asking, --dry-run only shows it");
            if (rules.Production && !options.Production && !(mayAsk && Ask($"{target} is production. Type its name to go on: ", answer => answer == target)))
                throw new CliException(mayAsk ? ExitCode.Problem : ExitCode.Usage, mayAsk ? "not done" : $"{target} is production: --production confirms a second time");
        }

        ImmutableArray<ControlDocument>.Builder documents = ImmutableArray.CreateBuilder<ControlDocument>();
        int exit = ExitCode.Done;
        bool interrupted = false;
        foreach (ControlPlan plan in plans)
        {
            ControlProgress progress = await RunAsync(plan, cancellation).ConfigureAwait(false);
            documents.Add(ControlDocument.Of(progress));
            exit = progress.Outcome == ControlOutcome.Done && progress.AuditProblem is null ? ExitCode.Done : progress.IsDenied ? ExitCode.NotPermitted : ExitCode.Problem;
            interrupted = progress.Outcome == ControlOutcome.Cancelled;
            if (exit != ExitCode.Done) break;
        }

        if (options.Json) context.Output.WriteLine(ExportJson.Write(documents.ToImmutable()));
        if (interrupted) cancellation.ThrowIfCancellationRequested();
        return exit;
    }

    private int DryRun(ImmutableArray<ControlPlan> plans)
    {
        if (options.Json)
        {
            context.Output.WriteLine(ExportJson.Write([.. plans.Select(plan => ControlDocument.Planned(plan, _gate.Check(plan.Kind)))]));
        }
        else
        {
            foreach (ControlPlan plan in plans)
            {
                Show(plan);
                if (_gate.Check(plan.Kind) is { } refusal) context.Output.WriteLine($"  refused: {refusal}");
            }

            context.Output.WriteLine("Nothing was done: --dry-run.");
        }

        return plans.Any(plan => _gate.Check(plan.Kind) is not null) ? ExitCode.NotPermitted : ExitCode.Done;
    }

    private void Show(ControlPlan plan)
    {
        context.Output.WriteLine(plan.Summary);
        context.Output.WriteLine($"  now: {plan.Before}");
        for (int i = 0; i < plan.Steps.Length; i++) context.Output.WriteLine($"  {i + 1}. {plan.Steps[i].Title}");
        foreach (string line in plan.Written) context.Output.WriteLine($"     | {line}");
        foreach (string warning in plan.Warnings) context.Output.WriteLine($"  note: {warning}");
    }

    private bool Ask(string question, Predicate<string> isYes)
    {
        context.Output.Write(question);
        context.Output.Flush();
        return (context.Input ?? Console.In).ReadLine() is { } answer && isYes(answer.Trim());
    }

    private async Task<ControlProgress> RunAsync(ControlPlan plan, CancellationToken cancellation)
    {
        ControlSession session = new(plan, _gate, _audit, context.Time);
        int told = 0;
        ControlProgress progress = await ProgressLine.FollowAsync(context, session.RunAsync(cancellation), () => session.Progress, Tell).ConfigureAwait(false);
        if (!options.Json) Verdict(progress);
        return progress;

        void Tell(ProgressLine line, ControlProgress now)
        {
            for (; told < now.Steps.Length && now.Steps[told].State is StepState.Done or StepState.Failed; told++)
            {
                line.Clear();
                StepProgress step = now.Steps[told];
                if (!options.Json) context.Output.WriteLine($"  {(step.State == StepState.Done ? "done" : "FAILED")}: {step.Title}{(step.Told is null ? "" : $": {step.Told}")}");
            }

            if (told < now.Steps.Length && now.Steps[told] is { State: StepState.Running } running) line.Show($"  {running.Title}{(running.Told is null ? "" : $": {running.Told}")} …");
        }
    }

    private void Verdict(ControlProgress progress)
    {
        if (progress.Outcome == ControlOutcome.Done) context.Output.WriteLine($"done; now: {progress.After}");
        else context.Error.WriteLine($"gotop: {(progress.Outcome == ControlOutcome.Refused ? "refused" : progress.Outcome == ControlOutcome.Cancelled ? "cancelled" : "failed")}: {progress.Reason}");
        if (progress.Outcome is ControlOutcome.Failed or ControlOutcome.Cancelled) context.Error.WriteLine($"gotop: now: {progress.After}");
        if (progress.AuditProblem is { } problem && progress.Outcome != ControlOutcome.Refused) context.Error.WriteLine($"gotop: the result does not stand in the audit log: {problem}");
    }
}
