using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Text;
using CliWrap;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Model;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>A program of the administrator's. No shell sees its arguments; the message as JSON is its standard input.</summary>
/// <param name="Arguments">Each a template.</param>
public sealed record CommandSettings(ChannelCommon Common, string Program, ImmutableArray<MessageTemplate> Arguments) : ChannelSettings(Common)
{
    public const string Id = "command";
    private const int MostArguments = 100;

    public override string Kind => Id;

    public override string Where => Program;

    public override bool SaysTheSame(ChannelSettings other) =>
        other is CommandSettings command && this with { Arguments = command.Arguments } == command && Arguments.SequenceEqual(command.Arguments);

    public override IAlertChannel Create(ChannelParts parts) => new CommandChannel(this);

    internal static CommandSettings? Read(ChannelReading reading)
    {
        ImmutableArray<(string Value, TomlPosition At)> words = reading.NeededTexts("run", MostArguments);
        ImmutableArray<MessageTemplate>.Builder arguments = ImmutableArray.CreateBuilder<MessageTemplate>();
        foreach ((string word, _) in words.Skip(1))
        {
            if (reading.Template("run", word) is { } argument) arguments.Add(argument);
        }

        return reading.Failed ? null : new CommandSettings(reading.Common, words[0].Value, arguments.ToImmutable());
    }
}

/// <summary>Exit status 0 means that it took the message. Past its deadline it is killed, with the programs that it started.</summary>
internal sealed class CommandChannel(CommandSettings settings) : IAlertChannel
{
    private const int MostOutput = 2000;

    /// <summary>An argument that the system would refuse for its length helps nobody.</summary>
    private const int LongestArgument = 8000;

    public ImmutableArray<string> Secrets => [];

    public async Task<string> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        StringBuilder output = new(), error = new();
        try
        {
            CommandResult result = await Cli.Wrap(settings.Program)
                .WithArguments(settings.Arguments.Select(argument => Argument(argument.Fill(message, TemplateForm.Plain))))
                .WithStandardInputPipe(PipeSource.FromBytes(MessageJson.Write(message)))
                .WithStandardOutputPipe(Capped(output)).WithStandardErrorPipe(Capped(error))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(cancellation).ConfigureAwait(false);
            string told = PlainText.Clean((result.ExitCode != 0 && error.Length > 0 ? error : output).ToString().Trim(), 200);
            string what = string.Create(CultureInfo.InvariantCulture, $"exit status {result.ExitCode}{(told.Length > 0 ? $": {told}" : "")}");
            return result.ExitCode == 0 ? what : throw new ChannelException(what, isTransient: true);
        }
        catch (Exception missing) when (missing is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new ChannelException($"{settings.Program} cannot be run: {missing.Message}", isTransient: false);
        }
    }

    public void Dispose()
    {
    }

    private static string Argument(string text)
    {
        string plain = text.Replace("\0", "", StringComparison.Ordinal);
        return plain.Length > LongestArgument ? plain[..LongestArgument] : plain;
    }

    private static PipeTarget Capped(StringBuilder text) => PipeTarget.ToDelegate(line =>
    {
        if (text.Length < MostOutput) text.Append(line.AsSpan(0, Math.Min(line.Length, MostOutput))).Append('\n');
    });
}
