using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Audit;
using GoTop.Tests.Alerts.Delivery;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Control.Audit;

public sealed class AuditBacklogTests
{
    private readonly KeptLog _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_full_disk_a_person_is_refused_and_the_agents_lines_wait_in_order()
    {
        await using SmallDisk disk = await SmallDisk.RequireAsync(megabytes: 1);
        AuditSettings settings = new() { File = Path.Combine(disk.Folder, "audit.jsonl") };
        AuditLog people = new(settings, TimeProvider.System);
        await people.BeginAsync(ControlFixtures.Plan(), ControlFixtures.Anna, Cancellation);
        disk.Fill();
        // The page that is begun has room for some lines; then comes one of which only the beginning has.
        AuditException? refused = null;
        for (int line = 0; line < 1000 && refused is null; line++)
            refused = await Record.ExceptionAsync(() => people.BeginAsync(ControlFixtures.Plan(), ControlFixtures.Anna, Cancellation)) as AuditException;
        Assert.Contains(settings.File, refused!.Message, StringComparison.Ordinal);
        int before = (await File.ReadAllLinesAsync(settings.File, Cancellation)).Length;

        AuditBacklog backlog = new(_log);
        AuditLog agents = new(settings, TimeProvider.System, backlog);
        ControlPlan plan = ControlFixtures.Plan() with { Target = new string('s', 3000) };
        AuditEntry begun = await agents.BeginAsync(plan, ControlFixtures.Anna, Cancellation);
        await agents.EndAsync(begun, ControlOutcome.Done, "running again", null, Cancellation);
        Assert.Equal(2, _log.All.Split('\n').Count(line => line.Contains($"it waits: {{", StringComparison.Ordinal) && line.Contains(begun.Id, StringComparison.Ordinal)));
        await backlog.TryAgainAsync(settings, TimeProvider.System);
        Assert.Equal(before, (await File.ReadAllLinesAsync(settings.File, Cancellation)).Length);

        disk.Free();
        await backlog.TryAgainAsync(settings, TimeProvider.System);
        AuditEntry[] lines = [.. (await File.ReadAllLinesAsync(settings.File, Cancellation)).Select(line => System.Text.Json.JsonSerializer.Deserialize(line, AuditJsonContext.Lines.AuditEntry)!)];
        Assert.Equal([(begun.Id, "begun"), (begun.Id, "done")], lines.Skip(before).Select(line => (line.Id, line.Phase)));
        Assert.EndsWith("the audit log has the 2 lines that waited", _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_goes_before_what_comes()
    {
        string folder = Directory.CreateTempSubdirectory("gotop-audit-").FullName, file = Path.Combine(folder, "audit.jsonl");
        // Nobody can write to a folder.
        Directory.CreateDirectory(file);
        AuditLog audit = new(new AuditSettings { File = file }, TimeProvider.System, new AuditBacklog(_log));
        AuditEntry begun = await audit.BeginAsync(ControlFixtures.Plan(), ControlFixtures.Anna, Cancellation);
        Directory.Delete(file);
        await audit.EndAsync(begun, ControlOutcome.Done, "running again", null, Cancellation);
        string[] lines = await File.ReadAllLinesAsync(file, Cancellation);
        Assert.Equal(2, lines.Length);
        Assert.Contains("\"begun\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"done\"", lines[1], StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
