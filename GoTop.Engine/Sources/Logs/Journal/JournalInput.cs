using System.Collections.Immutable;
using System.ComponentModel;
using System.Text;
using CliWrap;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Logs.Journal;

/// <summary>A unit's lines from systemd's journal, by <c>journalctl --follow</c>, which is started again when it ends and killed with GoTop's source.</summary>
/// <param name="program"><c>journalctl</c>, or a test's.</param>
internal sealed class JournalInput(string unit, LogIntake intake, TimeProvider time, string program = JournalInput.Program) : ILogInput
{
    public const string Program = "journalctl";

    /// <summary>Of a line, which holds a message as long as its writer liked.</summary>
    private const int MostLineBytes = 128 << 10;

    private const int FirstLines = 100;
    private const int BufferBytes = 32 << 10;
    private const int MostErrorChars = 500;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Proof = TimeSpan.FromSeconds(2);

    private readonly LogStream _stream = intake.Open("journal:" + unit, unwraps: false);
    private string? _cursor;
    private string? _problem;

    public int Logs => 1;

    public ImmutableArray<LogProblem> Problems => Volatile.Read(ref _problem) is { } problem ? [new(LogProblemKind.Unreadable, problem)] : [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        TimeSpan pause = FirstPause;
        while (!cancellation.IsCancellationRequested)
        {
            string? before = _cursor;
            StringBuilder error = new();
            string ended;
            try
            {
                Task<CommandResult> running = Cli.Wrap(program).WithArguments(Arguments())
                    .WithEnvironmentVariables(variables => variables.Set("LC_ALL", "C"))
                    .WithStandardOutputPipe(PipeTarget.Create(ReadAsync))
                    .WithStandardErrorPipe(PipeTarget.ToDelegate(line => Append(error, line)))
                    .WithValidation(CommandResultValidation.None).ExecuteAsync(cancellation).Task;
                await NoteThatItRunsAsync(running).ConfigureAwait(false);
                ended = $"exit status {(await running.ConfigureAwait(false)).ExitCode}";
            }
            catch (Exception missing) when (missing is Win32Exception or IOException)
            {
                ended = PlainText.Clean(missing.Message, 200);
            }

            // One that has told something was all right, and its end is no reason to wait long.
            pause = _cursor != before ? FirstPause : pause * 2 > LongestPause ? LongestPause : pause * 2;
            Volatile.Write(ref _problem, $"the journal of {unit} cannot be read: {(error.Length > 0 ? PlainText.Clean(error.ToString(), 200) : $"journalctl ended ({ended})")}; tried again");
            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
        }
    }

    public void Catch(CancellationToken cancellation)
    {
        // journalctl hands over what there is.
    }

    public void Dispose()
    {
        // Ends with its task.
    }

    /// <summary>A unit may be silent for hours, so that it runs for a while must do as proof that it can.</summary>
    private async Task NoteThatItRunsAsync(Task running)
    {
        using CancellationTokenSource ended = new();
        Task proof = Task.Delay(Proof, time, ended.Token);
        if (await Task.WhenAny(running, proof).ConfigureAwait(false) == proof) Volatile.Write(ref _problem, null);
        await ended.CancelAsync().ConfigureAwait(false);
    }

    private string[] Arguments()
    {
        string from = _cursor is null ? $"--lines={FirstLines}" : $"--after-cursor={_cursor}";
        // Without --all a field beyond 4 KB is told as null.
        return ["--unit=" + unit, "--output=json", "--output-fields=MESSAGE,PRIORITY", "--all", "--follow", "--quiet", "--no-pager", from];
    }

    private static void Append(StringBuilder error, string line)
    {
        if (error.Length < MostErrorChars) error.Append(line).Append(' ');
    }

    private async Task ReadAsync(Stream output, CancellationToken cancellation)
    {
        LineSplitter splitter = new(MostLineBytes);
        EntrySink sink = new(this);
        byte[] buffer = new byte[BufferBytes];
        while (true)
        {
            int read = await output.ReadAsync(buffer, cancellation).ConfigureAwait(false);
            if (read == 0) return;
            splitter.Add(buffer.AsSpan(0, read), sink);
        }
    }

    private sealed class EntrySink(JournalInput input) : ILineSink
    {
        private readonly DateTimeOffset _begun = input._stream.Now;

        public void Take(ReadOnlySpan<byte> line)
        {
            if (JournalEntry.Parse(line) is not { } entry) return;
            Volatile.Write(ref input._problem, null);
            input._cursor = entry.Cursor ?? input._cursor;
            input._stream.Refresh();
            input._stream.IsPast = entry.At < _begun;
            if (entry.At is { } at) input._stream.Now = at;
            foreach (byte[] text in entry.Lines()) input._stream.Take(text);
        }
    }
}
