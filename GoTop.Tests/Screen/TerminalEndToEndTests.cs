using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace GoTop.Tests.Screen;

/// <summary>The real program in a real terminal (tmux): what it leaves behind when it goes, however it goes.</summary>
public sealed class TerminalEndToEndTests : IAsyncLifetime
{
    private const string Prompt = "shell-is-back";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _socket = $"gotop-test-{Guid.NewGuid():N}";
    private string _program = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "tmux is for Unix");
        Assert.SkipUnless(await SucceedsAsync("tmux", "-V"), "tmux is not on this machine");
        _program = Path.Combine(AppContext.BaseDirectory, "gotop.dll");
        Assert.SkipUnless(File.Exists(_program), "gotop.dll is not beside the tests");
    }

    public async ValueTask DisposeAsync()
    {
        if (_program.Length > 0) await SucceedsAsync("tmux", "-L", _socket, "kill-server");
    }

    [Theory]
    [InlineData("keys q", 0)]
    [InlineData("keys C-c", 0)]
    [InlineData("signal TERM", 143)]
    [InlineData("signal INT", 130)]
    [InlineData("signal HUP", 129)]
    public async Task The_terminal_is_given_back_as_it_was(string way, int exitCode)
    {
        await StartAsync(120, 40);
        Assert.Equal("1 0", await DisplayAsync("#{alternate_on} #{cursor_flag}"));
        string[] words = way.Split(' ');
        if (words[0] == "keys") await TmuxAsync("send-keys", "-t", "s", words[1]);
        else await CliWrap.Cli.Wrap("sh").WithArguments(["-c", $"kill -{words[1]} $(cat \"$0\")", PidFile]).ExecuteAsync(TestContext.Current.CancellationToken);
        string screen = await UntilAsync(text => text.Contains(Prompt, StringComparison.Ordinal));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{Prompt} {exitCode}"), screen, StringComparison.Ordinal);
        Assert.Contains("settings-are-the-same", screen, StringComparison.Ordinal);
        Assert.Equal("0 1 0 before", await DisplayAsync("#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{pane_title}"));
    }

    [Fact]
    public async Task It_lives_through_other_sizes()
    {
        await StartAsync(120, 40);
        await TmuxAsync("resize-window", "-t", "s", "-x", "60", "-y", "20");
        await UntilAsync(text => text.Contains("GoTop needs 80×24, this is 60×20", StringComparison.Ordinal));
        await TmuxAsync("resize-window", "-t", "s", "-x", "80", "-y", "24");
        // So narrow, tabs have short names without blanks.
        await UntilAsync(text => text.Contains("1Over", StringComparison.Ordinal) && !text.Contains("GoTop needs", StringComparison.Ordinal));
    }

    private string PidFile => Path.Combine(Path.GetTempPath(), _socket + ".pid");

    /// <summary>A shell that runs the demo, then tells its exit code and whether the line settings are as before.</summary>
    private async Task StartAsync(int width, int height)
    {
        string script = $"""
            printf '\033]2;before\033\\'
            before=$(stty -g)
            sh -c 'echo $$ > {PidFile}; exec dotnet {_program} demo'
            code=$?
            test "$before" = "$(stty -g)" && echo settings-are-the-same
            echo {Prompt} $code
            exec cat
            """;
        await TmuxAsync(
            "-f", "/dev/null", "new-session", "-d", "-s", "s", "-x", width.ToString(CultureInfo.InvariantCulture), "-y", height.ToString(CultureInfo.InvariantCulture),
            "-e", "LANG=C.UTF-8", "-e", "DisableRealDriverIO=", "sh", "-c", script);
        await UntilAsync(text => text.Contains("1 Overview", StringComparison.Ordinal));
    }

    private async Task<string> UntilAsync(Func<string, bool> seen)
    {
        using CancellationTokenSource enough = new(Patience);
        string screen = "";
        try
        {
            while (true)
            {
                screen = await TmuxAsync("capture-pane", "-t", "s", "-p");
                if (seen(screen)) return screen;
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, enough.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the screen never showed it; it shows\n{screen}");
        }
    }

    private async Task<string> DisplayAsync(string format) => (await TmuxAsync("display-message", "-t", "s", "-p", format)).Trim();

    private async Task<string> TmuxAsync(params string[] arguments) =>
        (await CliWrap.Cli.Wrap("tmux").WithArguments(["-L", _socket, .. arguments]).ExecuteBufferedAsync()).StandardOutput;

    private static async Task<bool> SucceedsAsync(string program, params string[] arguments)
    {
        try
        {
            return (await CliWrap.Cli.Wrap(program).WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync()).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
