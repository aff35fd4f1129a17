using System.Text.Json;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Audit;
using Xunit;

namespace GoTop.Tests.Control.Audit;

public sealed class AuditLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-audit-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_rolls_by_size_and_keeps_so_many()
    {
        string file = Path.Combine(_folder, "audit.jsonl");
        AuditLog log = ControlFixtures.Audit(_folder, TimeProvider.System, megabytes: 1, keep: 2);
        for (int roll = 1; roll <= 4; roll++)
        {
            await File.WriteAllTextAsync(file, $"roll {roll}" + new string('x', 1 << 20), Cancellation);
            await log.BeginAsync(ControlFixtures.Plan(), ControlFixtures.Anna, Cancellation);
        }

        Assert.Single(await File.ReadAllLinesAsync(file, Cancellation));
        Assert.StartsWith("roll 4", await File.ReadAllTextAsync(file + ".1", Cancellation), StringComparison.Ordinal);
        Assert.StartsWith("roll 3", await File.ReadAllTextAsync(file + ".2", Cancellation), StringComparison.Ordinal);
        Assert.False(File.Exists(file + ".3"));
    }

    [Fact]
    public async Task Several_write_at_once_and_no_line_is_broken()
    {
        const int Writers = 4, Lines = 25;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            AuditLog log = ControlFixtures.Audit(_folder, TimeProvider.System);
            for (int i = 0; i < Lines; i++) await log.BeginAsync(ControlFixtures.Plan(), ControlFixtures.Anna, Cancellation);
        })));
        string[] written = await File.ReadAllLinesAsync(Path.Combine(_folder, "audit.jsonl"), Cancellation);
        Assert.Equal(Writers * Lines, written.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task What_a_target_calls_itself_makes_no_second_line()
    {
        ControlPlan plan = ControlFixtures.Plan() with { Target = "shop\n{\"phase\":\"done\"}\u001b[2J" };
        await ControlFixtures.Audit(_folder, TimeProvider.System).BeginAsync(plan, ControlFixtures.Anna, Cancellation);
        string line = Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_folder, "audit.jsonl"), Cancellation));
        Assert.DoesNotContain("\u001b", JsonDocument.Parse(line).RootElement.GetProperty("target").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH_CLIENT", "192.0.2.7 50514 22", "192.0.2.7")]
    [InlineData("SSH_CONNECTION", "192.0.2.8 50514 10.0.0.1 22", "192.0.2.8")]
    [InlineData("CLIENTNAME", "ANNAS-PC", "ANNAS-PC")]
    [InlineData("CLIENTNAME", "Console", null)]
    [InlineData("OTHER", "x", null)]
    public void Where_somebody_comes_from_is_told_where_the_session_says(string variable, string value, string? from) =>
        Assert.Equal(from, Actor.OfThisProcess(name => name == variable ? value : null).From);

    [Fact]
    public void Who_is_behind_sudo_is_told()
    {
        Actor actor = Actor.OfThisProcess(name => name == "SUDO_USER" ? "anna" : null);
        Assert.Equal("anna", actor.Behind);
        Assert.True(actor.IsNamed(actor.User));
        Assert.False(actor.IsNamed("bob"));
        Assert.True(ControlFixtures.Anna.IsNamed("anna"));
        Assert.False((ControlFixtures.Anna with { User = "bob" }).IsNamed("anna"));
        Assert.True(new Actor("CORP\\anna", null, null).IsNamed("anna"));
    }
}
