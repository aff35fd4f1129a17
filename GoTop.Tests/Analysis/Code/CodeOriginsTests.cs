using GoTop.Engine.Analysis.Code;
using Xunit;

namespace GoTop.Tests.Analysis.Code;

public sealed class CodeOriginsTests
{
    [Theory]
    [InlineData("main.(*ledger).book", CodeOrigin.Own)]
    [InlineData("main.main.func1", CodeOrigin.Own)]
    [InlineData("github.com/acme/api/orders.(*Handler).Create", CodeOrigin.Own)]
    [InlineData("github.com/acme/api.Run", CodeOrigin.Own)]
    [InlineData("github.com/acme/apiserver.Run", CodeOrigin.Library)]
    [InlineData("command-line-arguments.TestX", CodeOrigin.Own)]
    [InlineData("golang.org/x/net/http2.(*serverConn).serve", CodeOrigin.Library)]
    [InlineData("gopkg.in/yaml%2ev3.Unmarshal", CodeOrigin.Library)]
    [InlineData("vendor/golang.org/x/crypto/chacha20.xor", CodeOrigin.Standard)]
    [InlineData("encoding/json.(*decodeState).value", CodeOrigin.Standard)]
    [InlineData("slices.SortFunc[go.shape.[]github.com/acme/api/x.T]", CodeOrigin.Standard)]
    [InlineData("github.com/acme/api/heap.Push[go.shape.*encoding/json.T]", CodeOrigin.Own)]
    [InlineData("runtime.mallocgc", CodeOrigin.Runtime)]
    [InlineData("runtime.(*mheap).alloc.func1", CodeOrigin.Runtime)]
    [InlineData("internal/runtime/maps.(*Iter).Next", CodeOrigin.Runtime)]
    [InlineData("runtime/internal/syscall.Syscall6", CodeOrigin.Runtime)]
    [InlineData("runtime/pprof.writeHeap", CodeOrigin.Standard)]
    [InlineData("type:.eq.main.key", CodeOrigin.Runtime)]
    [InlineData("type..hash.github.com/acme/api.Key", CodeOrigin.Runtime)]
    [InlineData("aeshashbody", CodeOrigin.Runtime)]
    [InlineData("gogo", CodeOrigin.Runtime)]
    [InlineData("deflate_fast", CodeOrigin.Unknown)]
    [InlineData("0x7f12ab", CodeOrigin.Unknown)]
    [InlineData("", CodeOrigin.Unknown)]
    public void A_name_tells_whose_code_it_is(string function, CodeOrigin origin) =>
        Assert.Equal(origin, new CodeOrigins("github.com/acme/api").Of(function));

    [Fact]
    public void A_module_without_a_dot_is_told_from_the_library_and_an_unknown_one_is_not()
    {
        Assert.Equal(CodeOrigin.Own, new CodeOrigins("svc").Of("svc/store.Get"));
        Assert.Equal(CodeOrigin.Standard, new CodeOrigins("").Of("svc/store.Get"));
        Assert.Equal(CodeOrigin.Own, new CodeOrigins("").Of("main.main"));
        Assert.Equal(CodeOrigin.Library, new CodeOrigins("").Of("github.com/acme/api.Run"));
    }
}
