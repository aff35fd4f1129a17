using System.Collections.Immutable;
using System.ComponentModel;
using CliWrap;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Services.Windows;

/// <summary>Runs Windows' own reader of event logs; decides nothing.</summary>
internal static class EventLogTool
{
    private const int MostBytes = 1 << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The newest lines of both logs, the newest last.</summary>
    /// <exception cref="ControlException">Neither can be read.</exception>
    public static async Task<ImmutableArray<string>> LastLinesAsync(string service, string? displayName, int lines, TimeProvider time, CancellationToken cancellation)
    {
        List<(DateTimeOffset Time, string Line)> events = [];
        foreach (string[]? query in new[] { ServiceEvents.OfManager(service, displayName, lines), ServiceEvents.OfService(service, lines) })
        {
            if (query is not null) events.AddRange(ServiceEvents.Parse(await RunAsync(query, time, cancellation).ConfigureAwait(false)));
        }

        return [.. events.OrderBy(each => each.Time).TakeLast(lines).Select(each => each.Line)];
    }

    private static async Task<string> RunAsync(string[] arguments, TimeProvider time, CancellationToken cancellation)
    {
        using CancellationTokenSource late = new(Longest, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        using MemoryStream output = new();
        try
        {
            await Cli.Wrap(ServiceEvents.Program).WithArguments(arguments).WithValidation(CommandResultValidation.None)
                .WithStandardOutputPipe(PipeTarget.ToStream(output)).ExecuteAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ControlException($"{ServiceEvents.Program} has not answered within {Longest.TotalSeconds:0} s");
        }
        catch (Exception missing) when (missing is Win32Exception or IOException)
        {
            throw new ControlException($"{ServiceEvents.Program} cannot be run: {PlainText.Clean(missing.Message, 200)}");
        }

        return ServiceEvents.Decode(output.GetBuffer().AsSpan(0, (int)Math.Min(output.Length, MostBytes)));
    }
}
