using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Tests.GoRuntime.Dumps;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Goroutines;

public sealed class StackTagTests
{
    [Theory]
    [InlineData("HTTP server", "net/http.(*conn).serve")]
    [InlineData("HTTP server", "net/http/internal/http2.(*serverConn).serve")]
    [InlineData("HTTP client", "net/http.(*persistConn).readLoop")]
    [InlineData("gRPC server,gRPC", "google.golang.org/grpc/internal/transport.(*http2Server).HandleStreams")]
    [InlineData("gRPC client,gRPC", "google.golang.org/grpc.(*ClientConn).Invoke")]
    [InlineData("gRPC", "google.golang.org/grpc/balancer/roundrobin.(*rrPicker).Pick")]
    [InlineData("PostgreSQL", "github.com/jackc/pgx/v5/pgconn.(*PgConn).receiveMessage")]
    [InlineData("MongoDB", "gopkg.in/mgo%2ev2.(*Session).Ping")]
    [InlineData("Redis", "github.com/redis/go-redis/v9.(*Client).Process")]
    [InlineData("logging", "log/slog.(*Logger).log")]
    [InlineData("TLS", "crypto/tls.(*Conn).Read")]
    [InlineData("DNS", "net.(*Resolver).lookupIPAddr.func1")]
    [InlineData("", "network.(*Resolver).lookup")]
    [InlineData("", "net/httpx.(*conn).serve")]
    [InlineData("", "example.com/net/http.(*conn).serve")]
    [InlineData("", "main.get[net/http.(*conn).serve]")]
    [InlineData("", "main.main")]
    [InlineData("", "runtime.gopark")]
    [InlineData("", "")]
    [InlineData("", "/")]
    [InlineData("", "....")]
    [InlineData("", "(")]
    [InlineData("", "github.com/jackc/pgx")]
    public void A_function_tells_by_its_package(string tags, string function) => Assert.Equal(tags, string.Join(',', StackTags.Of([function])));

    [Fact]
    public void A_stack_has_the_tags_of_all_its_frames_in_the_order_of_the_table() => Assert.Equal(
        ["HTTP server", "database/sql", "PostgreSQL", "TLS", "network I/O"],
        StackTags.Of(
            [
                "internal/poll.(*FD).Read", "net.(*netFD).Read", "net.(*conn).Read", "crypto/tls.(*Conn).Read", "github.com/lib/pq.(*conn).recv", "database/sql.(*DB).queryDC",
                "main.handler", "net/http.HandlerFunc.ServeHTTP", "net/http.(*conn).serve",
            ],
            "IO wait"));

    [Theory]
    [InlineData("chan receive", "channel")]
    [InlineData("select (no cases)", "channel")]
    [InlineData("sync.Mutex.Lock", "lock")]
    [InlineData("semacquire", "lock")]
    [InlineData("sleep", "timers")]
    [InlineData("IO wait", "network I/O")]
    [InlineData("GC assist wait", "GC")]
    [InlineData("", "")]
    [InlineData("something new", "")]
    public void A_wait_reason_tells_where_no_frame_does(string reason, string tag) => Assert.Equal(tag, string.Join(',', StackTags.Of(["main.main"], reason)));

    [Theory]
    [InlineData("go1.19-linux")]
    [InlineData("go1.27-windows-wine")]
    public void The_requests_and_connections_of_a_real_service_are_told(string folder)
    {
        GoroutineDump dump = DumpFixtures.Parse(PprofCapture.Read(folder, "goroutine.2.txt"));
        foreach (DumpGroup group in DumpGroups.Of(dump))
        {
            bool Has(string function) => group.Key.Stack.Frames.Any(frame => frame.Function.StartsWith(function, StringComparison.Ordinal));
            Assert.Equal(Has("net/http.(*conn).") || Has("net/http.(*Server).") || Has("net/http.(*connReader)."), group.Tags.Contains("HTTP server"));
            Assert.Equal(group.Key.WaitReason.StartsWith("chan ", StringComparison.Ordinal) || group.Key.WaitReason.StartsWith("select", StringComparison.Ordinal), group.Tags.Contains("channel"));
            if (Has("runtime/pprof.(*Profile).WriteTo")) Assert.Contains("profiling", group.Tags);
        }
    }

    [Fact]
    public void Every_rule_of_the_table_can_be_met()
    {
        Assert.All(StackTagTable.Rules, rule => Assert.Contains(rule.Tag, StackTags.Of([$"{Symbol(rule.Package)}.{rule.Name}x"])));
        Assert.Equal(StackTagTable.Rules.Length, StackTagTable.Rules.Distinct().Count());

        // As the linker writes it: dots of the last element are escaped.
        static string Symbol(string package) => package[..(package.LastIndexOf('/') + 1)] + package[(package.LastIndexOf('/') + 1)..].Replace(".", "%2e", StringComparison.Ordinal);
    }
}
