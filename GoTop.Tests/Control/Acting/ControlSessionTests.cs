using System.Text.Json;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Rules;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Control.Acting;

public sealed class ControlSessionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-audit-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_done_is_written_down_before_and_after()
    {
        string[] during = [];
        ControlSession session = Session(ControlFixtures.Plan(ControlFixtures.Step("stop it", () => during = Lines())));
        ControlProgress progress = await session.RunAsync(Cancellation);

        Assert.Equal(ControlOutcome.Done, progress.Outcome);
        Assert.Equal("running again", progress.After);
        JsonElement begun = Parse(Assert.Single(during));
        Assert.Equal(("begun", "root", "anna", "192.0.2.7"), (Text(begun, "phase"), Text(begun, "user"), Text(begun, "sudoUser"), Text(begun, "from")));
        Assert.Equal(("restart", "shop", "restart shop", "running"), (Text(begun, "action"), Text(begun, "target"), Text(begun, "what"), Text(begun, "before")));
        Assert.StartsWith("2026-11-24T01:00:00", Text(begun, "time"), StringComparison.Ordinal);
        Assert.False(begun.TryGetProperty("after", out _));
        JsonElement done = Parse(Lines()[1]);
        Assert.Equal(("done", "running again", Text(begun, "id")), (Text(done, "phase"), Text(done, "after"), Text(done, "id")));
    }

    [Fact]
    public async Task Nothing_is_done_when_it_cannot_be_written_down()
    {
        bool acted = false;
        string file = Path.Combine(_folder, "a-file");
        await File.WriteAllTextAsync(file, "", Cancellation);
        ControlSession session = new(ControlFixtures.Plan(ControlFixtures.Step("stop it", () => acted = true)), ControlFixtures.Open(_time), ControlFixtures.Audit(file, _time), _time);
        ControlProgress progress = await session.RunAsync(Cancellation);

        Assert.Equal(ControlOutcome.Refused, progress.Outcome);
        Assert.False(acted);
        Assert.Contains("audit.jsonl", progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_down_is_told()
    {
        ControlPlan plan = ControlFixtures.Plan(ControlFixtures.Step("stop it", () =>
        {
            File.Delete(Path.Combine(_folder, "audit.jsonl"));
            Directory.CreateDirectory(Path.Combine(_folder, "audit.jsonl"));
        }));
        ControlProgress progress = await Session(plan).RunAsync(Cancellation);
        Assert.Equal(ControlOutcome.Done, progress.Outcome);
        Assert.NotNull(progress.AuditProblem);
    }

    [Fact]
    public async Task A_step_that_fails_ends_it_and_one_that_may_does_not()
    {
        ControlPlan plan = ControlFixtures.Plan(
            new ControlStep("capture", _ => throw new ControlException("the disk is full")) { MayFail = true },
            ControlFixtures.Step("stop it"),
            new ControlStep("start it", _ => throw new ControlException("access is denied") { IsDenied = true }),
            ControlFixtures.Step("start others"));
        ControlProgress progress = await Session(plan).RunAsync(Cancellation);

        Assert.Equal((ControlOutcome.Failed, "access is denied", true), (progress.Outcome, progress.Reason, progress.IsDenied));
        Assert.Equal([StepState.Failed, StepState.Done, StepState.Failed, StepState.Skipped], progress.Steps.Select(step => step.State));
        Assert.Equal("the disk is full", progress.Steps[0].Told);
        Assert.Equal(("failed", "access is denied"), (Text(Parse(Lines()[1]), "phase"), Text(Parse(Lines()[1]), "reason")));
    }

    [Fact]
    public async Task Cancelling_ends_it_before_the_next_step()
    {
        using CancellationTokenSource cancel = new();
        ControlProgress progress = await Session(ControlFixtures.Plan(ControlFixtures.Step("one", cancel.Cancel), ControlFixtures.Step("two"))).RunAsync(cancel.Token);
        Assert.Equal(ControlOutcome.Cancelled, progress.Outcome);
        Assert.Equal([StepState.Done, StepState.Skipped], progress.Steps.Select(step => step.State));
        Assert.Equal("cancelled", Text(Parse(Lines()[1]), "phase"));
    }

    [Fact]
    public async Task A_refusal_is_written_down()
    {
        ControlSession session = new(
            ControlFixtures.Plan(ControlFixtures.Step("stop it", () => Assert.Fail("it was refused"))), new ActionGate(ActionRules.None, ControlFixtures.Anna, readOnly: true, _time),
            ControlFixtures.Audit(_folder, _time), _time);
        ControlProgress progress = await session.RunAsync(Cancellation);
        Assert.Equal((ControlOutcome.Refused, true), (progress.Outcome, progress.IsDenied));
        Assert.Equal("refused", Text(Parse(Assert.Single(Lines())), "phase"));
    }

    private ControlSession Session(ControlPlan plan) => new(plan, ControlFixtures.Open(_time), ControlFixtures.Audit(_folder, _time), _time);

    private string[] Lines() => File.ReadAllLines(Path.Combine(_folder, "audit.jsonl"));

    private static JsonElement Parse(string line) => JsonDocument.Parse(line).RootElement;

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
