using System.Globalization;
using System.Text.Json;
using GoTop.Cli;
using GoTop.Engine.Control.Services;
using GoTop.Tests.Control.Services;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Cli;

/// <summary>The commands that act, on a real process and on a scripted systemd.</summary>
public sealed class ControlCommandTests : IDisposable
{
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-control-").FullName;
    private ScriptedSystemd? _systemd;
    private TextReader _input = TextReader.Null;

    private string Config => Path.Combine(_folder, "gotop.toml");

    private string Audit => Path.Combine(_folder, "audit.jsonl");

    public void Dispose()
    {
        _systemd?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_does_nothing()
    {
        await using StartedProgram program = await StartAsync();
        Configure("");
        string before = Allowed(program.Id);
        Assert.Equal(0, await RunAsync("pin", Id(program), "--cpus", "0", "--dry-run"));
        Assert.Contains("may run on 0 only", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Allowed(program.Id));
        Assert.False(File.Exists(Audit));
    }

    [Fact]
    public async Task Readonly_and_rules_refuse_with_4_and_it_is_written_down()
    {
        await using StartedProgram program = await StartAsync();
        Configure($"[[target]]\nname = \"shop\"\npid = {program.Id}\n[target.rules]\nallow = [\"restart\"]\n");
        string before = Allowed(program.Id);
        Assert.Equal(4, await RunAsync("pin", "shop", "--cpus", "0", "--yes"));
        Assert.Contains("do not allow pin", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(4, await RunAsync("restart", "shop", "--yes", "--readonly"));
        Assert.Contains("--readonly", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["refused", "refused"], Phases());
        Assert.Equal(before, Allowed(program.Id));
        Assert.False(program.HasExited);
    }

    [Fact]
    public async Task It_asks_and_production_asks_twice()
    {
        await using StartedProgram program = await StartAsync();
        Configure($"[[target]]\nname = \"shop\"\npid = {program.Id}\n[target.rules]\nproduction = true\n");
        _input = new StringReader("n\n");
        Assert.Equal(1, await RunAsync("pin", "shop", "--cpus", "0"));
        _input = new StringReader("y\nshep\n");
        Assert.Equal(1, await RunAsync("pin", "shop", "--cpus", "0"));
        Assert.Equal(2, await RunAsync("pin", "shop", "--cpus", "0", "--json", "--yes"));
        Assert.Contains("--production", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Audit));
        _input = new StringReader("y\nshop\n");
        Assert.Equal(0, await RunAsync("pin", "shop", "--cpus", "0"));
        Assert.Equal("0", Allowed(program.Id));
        Assert.Equal(["begun", "done"], Phases());
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("pin", "shop", "--all", "--json", "--yes", "--production"));
        Assert.Equal("done", JsonDocument.Parse(_output.ToString()).RootElement[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_service_that_does_not_run_is_found_by_its_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a scripted systemd");
        _systemd = new ScriptedSystemd(ScriptedSystemd.Show("inactive", "dead", 0));
        _systemd.After("start", ScriptedSystemd.Show(life: "two"));
        Configure("");
        Assert.Equal(1, await RunAsync("service", "status", "orders"));
        Assert.Contains("inactive (dead)", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("service", "start", "orders", "--yes"));
        Assert.Contains("start --no-block orders.service", _systemd.Calls);
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("service", "status", "orders", "--json"));
        JsonElement status = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal(("running", 4242), (status.GetProperty("state").GetString(), status.GetProperty("pid").GetInt32()));
        // The values of others may be secrets.
        Assert.Equal(["GOGC"], status.GetProperty("environment").EnumerateObject().Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("restart", "1", "--env", "PATH=/tmp")]
    [InlineData("restart", "1", "--capture", "--no-capture")]
    [InlineData("service", "recovery", "1")]
    [InlineData("service", "recovery", "1", "--restart", "sometimes")]
    public async Task Wrong_usage_ends_with_2(params string[] arguments)
    {
        Configure("");
        Assert.Equal(2, await RunAsync(arguments));
    }

    private static async Task<StartedProgram> StartAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.ProcessorCount >= 2, "reads /proc, and needs two cores");
        return await StartedProgram.StartAsync(await GoToolchain.RequireAsync("threads"), []);
    }

    private static string Id(StartedProgram program) => program.Id.ToString(CultureInfo.InvariantCulture);

    private static string Allowed(int process) =>
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t')[1];

    private void Configure(string targets) => File.WriteAllText(Config, $"[audit]\nfile = '{Audit}'\n{targets}");

    private string?[] Phases() => [.. File.ReadAllLines(Audit).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("phase").GetString())];

    private Task<int> RunAsync(params string[] arguments)
    {
        CliContext? context = null;
        context = new CliContext(_output, _error, TimeProvider.System)
        {
            Input = _input,
            ServicesForTests = settings => new ServiceFinder(context!.Platform, settings, TimeProvider.System) { SystemdPrograms = _systemd?.Folder, DropIns = _systemd?.DropIns ?? _folder },
        };
        return CommandRunner.RunAsync(context, [.. arguments, "--config", Config]);
    }
}
