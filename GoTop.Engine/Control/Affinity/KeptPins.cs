using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Model;
using GoTop.Engine.StateFiles;

namespace GoTop.Engine.Control.Affinity;

/// <summary>Cores that the agent gives a target again whenever it comes back.</summary>
/// <param name="Target">Its name, as the agent has it.</param>
/// <param name="Cores">In the kernel's list format, <c>0-3,7</c>.</param>
/// <param name="By">Who wanted it.</param>
public sealed record KeptPin(string Target, string Cores, string By, DateTimeOffset Since);

/// <summary>
/// <c>kept-pins.json</c> in the agent's folder, for what no service manager keeps: Windows services and plain processes. Written
/// by whoever pins, read by the agent.
/// </summary>
public sealed class KeptPins(string folder, TimeProvider time)
{
    private readonly StateFile<ImmutableArray<KeptPin>> _file = new(System.IO.Path.Combine(folder, "kept-pins.json"), KeptPinsJsonContext.Default.ImmutableArrayKeptPin, 1 << 20);

    public string Path => _file.Path;

    /// <exception cref="ControlException">The file is damaged, or may not be read.</exception>
    public ImmutableArray<KeptPin> Read()
    {
        Reading<ImmutableArray<KeptPin>> read = _file.Read("no cores are kept");
        if (read.TryGet(out ImmutableArray<KeptPin> pins)) return pins.IsDefault ? [] : pins;
        return read.State == ReadingState.NotSupported ? [] : throw new ControlException(read.Reason!) { IsDenied = read.State == ReadingState.Denied };
    }

    public KeptPin? Of(string target) => Read().FirstOrDefault(pin => pin.Target == target);

    /// <param name="cores">Null to keep none any more.</param>
    /// <param name="by">Who wants it.</param>
    /// <exception cref="ControlException">What is kept now cannot be read.</exception>
    public CoreKeeping Keep(string target, CoreSet? cores, string by)
    {
        KeptPin? before = Of(target);
        KeptPin? after = cores is null ? null : new KeptPin(target, cores.ToString(), by, time.GetUtcNow());
        return new CoreKeeping(
            before is null ? "the agent keeps no cores for it" : $"the agent keeps cores {before.Cores} for it",
            Step(target, after, after is null ? "the agent keeps no cores for it any more" : $"the agent pins it to {after.Cores} whenever it comes back"),
            Step(target, before, before is null ? "the agent keeps no cores for it any more" : $"the agent pins it to {before.Cores} as before"));
    }

    private ControlStep Step(string target, KeptPin? kept, string words) => new(
        $"write {Path}: {words}", _ => WriteAsync(pins => kept is null ? Without(pins, target) : [.. Without(pins, target), kept]));

    private static ImmutableArray<KeptPin> Without(ImmutableArray<KeptPin> pins, string target) => [.. pins.Where(pin => pin.Target != target)];

    private Task WriteAsync(Func<ImmutableArray<KeptPin>, ImmutableArray<KeptPin>> change)
    {
        try
        {
            Directory.CreateDirectory(folder);
            // Two who pin at the same moment must not undo one another.
            using FileStream alone = new(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            _file.Write(change(Read()));
            return Task.CompletedTask;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ControlException(PlainText.Clean($"{Path} cannot be written: {refused.Message}", 300)) { IsDenied = refused is UnauthorizedAccessException };
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ImmutableArray<KeptPin>))]
internal sealed partial class KeptPinsJsonContext : JsonSerializerContext;
