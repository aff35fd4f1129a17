using GoTop.Engine.Analysis.Profiles;
using Xunit;

namespace GoTop.Tests.Analysis.Profiles;

public sealed class FunctionNamesTests
{
    [Theory]
    [InlineData("main.main", "main")]
    [InlineData("net/http.(*conn).serve", "net/http")]
    [InlineData("example.com/shop/orders.Place[go.shape.int].func1", "example.com/shop/orders")]
    [InlineData("gopkg.in/yaml%2ev3.(*parser).parse", "gopkg.in/yaml%2ev3")]
    [InlineData("slices.SortFunc[example.com/x.T]", "slices")]
    [InlineData("cmpbody", "")]
    [InlineData("", "")]
    public void The_package_of_a_function(string function, string package) => Assert.Equal(package, FunctionNames.PackageOf(function).ToString());

    [Theory]
    [InlineData("runtime.gopark", true, true)]
    [InlineData("runtime/internal/atomic.Load", true, true)]
    [InlineData("internal/runtime/maps.(*Map).Put", true, true)]
    [InlineData("aeshashbody", true, true)]
    [InlineData("runtime/pprof.Do", false, false)]
    [InlineData("sync.(*Mutex).Lock", false, true)]
    [InlineData("sync/atomic.AddInt64", false, true)]
    [InlineData("internal/poll.(*FD).Read", false, true)]
    [InlineData("syncing.Run", false, false)]
    [InlineData("runtimes.Run", false, false)]
    [InlineData("main.runtime", false, false)]
    public void Whose_function_it_is(string function, bool runtime, bool runtimeOrLock) =>
        Assert.Equal((runtime, runtimeOrLock), (FunctionNames.IsRuntime(function), FunctionNames.IsRuntimeOrLock(function)));

    [Theory]
    [InlineData("net/http.(*conn).serve", true)]
    [InlineData("vendor/golang.org/x/net/idna.ToASCII", true)]
    [InlineData("runtime.gopark", true)]
    [InlineData("memeqbody", true)]
    [InlineData("slices.SortFunc[main.T]", true)]
    [InlineData("main.main", false)]
    [InlineData("go.uber.org/zap.New", false)]
    [InlineData("shop/orders.Place", false)]
    [InlineData("[libc.so.6]", false)]
    [InlineData("<unknown>", false)]
    public void What_is_of_the_standard_library(string function, bool library) => Assert.Equal(library, FunctionNames.IsLibrary(function));

    [Theory]
    [InlineData("main.f", "main.f", "main.f")]
    [InlineData("readable", "_Zmangled", "readable")]
    [InlineData("", "_start", "_start")]
    [InlineData("shop::Order::Place(std::string const&, int)", "shop::Order::Place(std::string const&, int)", "shop::Order::Place")]
    [InlineData("std::vector<int, std::allocator<int>>::push_back(int)", "std::vector<int, std::allocator<int>>::push_back(int)", "std::vector::push_back")]
    [InlineData("a::b)c(d)", "a::b)c(d)", "a::b)c(d)")]
    [InlineData("a::b(c", "a::b(c", "a::b(c")]
    [InlineData("main.(*Cache[...]).Get", "main.(*Cache[...]).Get", "main.(*Cache[...]).Get")]
    [InlineData("com.shop.Order.<init>(I)", "com.shop.Order.<init>(I)", "com.shop.Order.<init>(I)")]
    public void What_a_function_is_called(string name, string systemName, string shown) => Assert.Equal(shown, ShownNames.Of(name, systemName));
}
