using System.Globalization;
using CliWrap.Buffered;
using GoTop.Engine.GoRuntime.Binaries;
using GoTop.Engine.GoRuntime.BuildInfo;
using GoTop.Engine.GoRuntime.Memory;
using GoTop.Engine.GoRuntime.Memory.Amd64;
using GoTop.Engine.GoRuntime.Symbols;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Memory;

/// <summary>The semaphores' table as it is found in the code, against the linker's own symbol; of both systems.</summary>
public sealed class SemaphoreTableTests
{
    public static TheoryData<string, string> Builds => [.. from version in (string[])["1.19", "1.22", "1.25", "1.27"] from system in (string[])["linux", "windows"] select (version, system)];

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task The_code_leads_to_where_the_linker_put_it(string version, string system)
    {
        string program = await GoToolchain.RequireAsync("waits", version, system, "-ldflags=");
        using FileStream file = File.OpenRead(program);
        BinaryImage image = BinaryImage.Open(file).Value;
        SymbolTable symbols = SymbolTable.Open(image, GoBuildInfoReader.Read(image).Value.GoVersion).Value;
        Assert.Equal(await SymbolAsync(version, program, "runtime.semtable"), new Amd64GlobalFinder().Find(symbols).SemaphoreTable);
        RuntimeStructs structs = RuntimeStructs.Find(new TypeDescriptors(symbols.Module, image.TryRead, pointerSlide: 0)).Value;
        Assert.NotNull(structs.Sudog);
        Assert.NotNull(structs.Channel);
        Assert.True(structs.Goroutine is { Waiting: > 0, Labels: > 0 });
    }

    private static async Task<ulong> SymbolAsync(string version, string program, string name)
    {
        BufferedCommandResult nm = await CliWrap.Cli.Wrap(GoToolchain.RequireGo(version)).WithArguments(["tool", "nm", program]).ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        string line = nm.StandardOutput.Split('\n').Single(candidate => candidate.EndsWith(" " + name, StringComparison.Ordinal));
        return ulong.Parse(line.Trim().Split(' ')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
