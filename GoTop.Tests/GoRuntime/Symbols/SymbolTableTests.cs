using GoTop.Engine.GoRuntime.Binaries;
using GoTop.Engine.GoRuntime.Symbols;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Symbols;

public sealed class SymbolTableTests
{
    public static TheoryData<string> Programs => [.. MemoryFixtures.Names];

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_stripped_executable_still_names_its_functions_files_and_lines(string name)
    {
        SymbolTable symbols = Open(MemoryFixtures.Executable(name));
        FunctionSymbol main = symbols.FindByName("main.main")["main.main"];
        CodeLocation location = symbols.LocationOf(main, main.Entry);
        Assert.Equal("main.main", location.Function);
        Assert.Equal("example.com/gotop/tiny/main.go", location.File);
        Assert.InRange(location.Line, 50, 60);
        Assert.True(symbols.TryFind(main.End - 1, out FunctionSymbol same));
        Assert.Equal(main, same);
        Assert.False(symbols.TryFind(1, out _));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_go_statements_wrapper_is_seen_through(string name)
    {
        SymbolTable symbols = Open(MemoryFixtures.Executable(name));
        string wrapper = name.Contains("1.19", StringComparison.Ordinal) || name.Contains("1.21", StringComparison.Ordinal) ? "main.main.func4" : "main.main.gowrap1";
        Dictionary<string, FunctionSymbol> found = symbols.FindByName(wrapper);
        Assert.SkipUnless(found.ContainsKey(wrapper), "this version numbers its wrappers otherwise");
        Assert.True(found[wrapper].IsWrapper);
        Assert.StartsWith("main.", symbols.NameOf(symbols.Unwrap(found[wrapper])), StringComparison.Ordinal);
        Assert.NotEqual(wrapper, symbols.NameOf(symbols.Unwrap(found[wrapper])));
    }

    [Fact]
    public async Task Inlined_calls_are_frames_of_their_own()
    {
        SymbolTable symbols = Open(await File.ReadAllBytesAsync(await GoToolchain.RequireAsync("census", "1.27"), TestContext.Current.CancellationToken));
        FunctionSymbol outer = symbols.FindByName("main.(*crowd).outer")["main.(*crowd).outer"];
        Assert.Contains(
            Enumerable.Range(0, (int)(outer.End - outer.Entry)).Select(i => symbols.FramesAt(outer.Entry + (ulong)i)),
            frames => frames.Select(f => f.Location.Function).SequenceEqual(["main.(*crowd).inlined", "main.(*crowd).outer"]));
    }

    private static SymbolTable Open(byte[] executable) => SymbolTable.Open(BinaryImage.Open(new MemoryStream(executable)).Value).Value;
}
