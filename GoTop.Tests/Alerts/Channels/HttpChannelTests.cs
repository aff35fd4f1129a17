using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Diagnosis;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static GoTop.Tests.Alerts.Delivery.Telling;

namespace GoTop.Tests.Alerts.Channels;

/// <summary>Webhook, Slack and SMS against a server that keeps what it is sent.</summary>
public sealed class HttpChannelTests
{
    private readonly ConcurrentQueue<(TinyServer.Exchange Request, byte[] Body)> _requests = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_posts_json_that_is_signed_with_its_time()
    {
        await using TinyServer server = Server();
        await SendAsync(Webhook(server) with { Secret = "s3cret", Headers = [("Authorization", "Bearer abc")] }, Message());
        (TinyServer.Exchange request, byte[] body) = Assert.Single(_requests);
        Assert.StartsWith("POST /hook?key=k1 ", request.Head, StringComparison.Ordinal);
        Assert.Equal(("application/json", "Bearer abc"), (request.Header("Content-Type"), request.Header("Authorization")));
        string timestamp = request.Header("X-GoTop-Timestamp")!;
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. body];
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("s3cret"u8.ToArray(), signed)), request.Header("X-GoTop-Signature"));
        Assert.True(Math.Abs(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(timestamp, CultureInfo.InvariantCulture)) < 600);

        JsonElement json = JsonDocument.Parse(body).RootElement;
        Assert.Equal(("firing", "warning", "web1", "[warning] cpu on order-api (web1)"), (Text(json, "state"), Text(json, "severity"), Text(json, "host"), Text(json, "subject")));
        JsonElement alert = Assert.Single(json.GetProperty("alerts").EnumerateArray());
        Assert.Equal(
            ("cpu", "order-api", "97% is above 85%", "v1.4.2", "gotop order-api", "2026-03-03T12:00:00.000Z", 97.0),
            (Text(alert, "rule"), Text(alert, "target"), Text(alert, "why"), Text(alert, "build"), Text(alert, "look"), Text(alert, "firedAt"), alert.GetProperty("value").GetDouble()));
    }

    [Fact]
    public void Every_key_of_the_json_is_documented()
    {
        string section = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "json.md")).Split("## A message of alerts")[1];
        JsonElement json = JsonDocument.Parse(MessageJson.Write(Message())).RootElement;
        foreach (JsonProperty key in json.EnumerateObject().Concat(json.GetProperty("alerts")[0].EnumerateObject())) Assert.Contains($"`{key.Name}`", section, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_ones_own_stays_json_whatever_a_target_says()
    {
        await using TinyServer server = Server();
        Assert.NotNull(MessageTemplate.TryParse("""{"title": "{subject}", "why": "{why}", "all": {json}, "braces": {}}""", [], out _));
        MessageTemplate body = MessageTemplate.TryParse("""{"title": "{subject}", "why": "{why}", "all": {json}, "braces": {}}""", [], out _)!;
        await SendAsync(Webhook(server) with { Body = body }, Message(Item(why: "a \"quoted\" \\ {text} \u00e4")));
        JsonElement json = JsonDocument.Parse(Assert.Single(_requests).Body).RootElement;
        Assert.Equal("a \"quoted\" \\ {text} \u00e4", Text(json, "why"));
        Assert.Equal("firing", Text(json.GetProperty("all"), "state"));
    }

    [Theory]
    [InlineData("503 Service Unavailable", true)]
    [InlineData("429 Too Many Requests", true)]
    [InlineData("404 Not Found", false)]
    [InlineData("302 Found", false)]
    public async Task The_status_says_whether_it_is_worth_trying_again(string status, bool transient)
    {
        await using TinyServer server = Server(status, "Retry-After: 7\r\nLocation: http://127.0.0.1:1/\r\n");
        ChannelException refused = await RefusedAsync(Webhook(server) with { Headers = [("X-Token", "topsecret")] });
        Assert.Equal(transient, refused.IsTransient);
        Assert.Equal(TimeSpan.FromSeconds(7), refused.RetryAfter);
        Assert.Contains($"HTTP {status[..3]}", refused.Message, StringComparison.Ordinal);
        // The server repeats the request's head.
        Assert.Contains("(secret)", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("key=k1", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", refused.Message, StringComparison.Ordinal);
        Assert.Single(_requests);
    }

    [Theory]
    [InlineData("Tue, 03 Mar 2026 12:00:09 GMT", 9)]
    [InlineData("Tue, 03 Mar 2026 18:00:00 GMT", 600)]
    [InlineData("Tue, 03 Mar 2026 11:59:59 GMT", null)]
    [InlineData("86400", 600)]
    [InlineData("0", null)]
    [InlineData("soon", null)]
    public async Task When_it_may_be_tried_again_is_told_in_seconds_or_as_a_date_and_is_not_believed_without_end(string header, int? seconds)
    {
        await using TinyServer server = Server("503 Service Unavailable", $"Retry-After: {header}\r\n");
        using IAlertChannel channel = Webhook(server).Create(new ChannelParts(new FakeTimeProvider(new DateTimeOffset(2026, 3, 3, 12, 0, 0, TimeSpan.Zero)), new Delivery.KeptLog()));
        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(Message(), Cancellation));
        Assert.Equal(seconds, refused.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task A_server_that_is_not_there_may_be_later()
    {
        using ClosedPort nobody = new();
        ChannelException refused = await RefusedAsync(new WebhookSettings(new ChannelCommon("tickets"), nobody.Url, null, "application/json", null, [], null));
        Assert.True(refused.IsTransient);
        Assert.Contains("connection refused", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_left_when_the_deadline_is_over()
    {
        await using TinyServer server = new(exchange => exchange.HangUpAsync());
        AwaitableTime time = new();
        using IAlertChannel channel = Webhook(server).Create(new ChannelParts(time, new Delivery.KeptLog()));
        Task<string> sending = ChannelAttempt.SendAsync(channel, Message(), TimeSpan.FromSeconds(15), time, Cancellation);
        await time.PassAsync(TimeSpan.FromSeconds(15));
        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(() => sending);
        Assert.Equal(("no answer within 15 s", true), (refused.Message, refused.IsTransient));
    }

    [Fact]
    public async Task Slack_gets_blocks_in_the_severitys_colour_and_nobody_can_be_called()
    {
        await using TinyServer server = Server();
        await SendAsync(
            new SlackSettings(new ChannelCommon("chat"), new Uri(server.Url, "/services/T0/B0/xyz")),
            Message(Item(severity: Severity.Critical, why: "<!channel> & <https://evil.example|click>"), Item("memory")));
        JsonElement json = JsonDocument.Parse(Assert.Single(_requests).Body).RootElement;
        Assert.Equal("[critical] 2 alerts on order-api (web1): cpu, memory", Text(json, "text"));
        JsonElement attachment = Assert.Single(json.GetProperty("attachments").EnumerateArray());
        Assert.Equal("#c62828", Text(attachment, "color"));
        JsonElement[] blocks = [.. attachment.GetProperty("blocks").EnumerateArray()];
        Assert.Equal(["section", "section", "context"], blocks.Select(block => Text(block, "type")));
        string text = Text(blocks[0].GetProperty("text"), "text");
        Assert.StartsWith("*CRITICAL cpu on order-api", text, StringComparison.Ordinal);
        Assert.Contains("&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;", text, StringComparison.Ordinal);
        Assert.DoesNotContain('<', text);
        Assert.True(blocks[0].GetProperty("text").GetProperty("verbatim").GetBoolean());
        Assert.Equal("#2e7d32", Text(JsonDocument.Parse(SlackChannel.Body(Message(Item(state: AlertState.Resolved)))).RootElement.GetProperty("attachments")[0], "color"));
    }

    [Fact]
    public void A_storm_stays_within_what_Slack_takes()
    {
        byte[] body = SlackChannel.Body(Message([.. Enumerable.Range(0, 500).Select(number => Item(target: $"t{number}", why: new string('<', 500)))]));
        JsonElement[] blocks = [.. JsonDocument.Parse(body).RootElement.GetProperty("attachments")[0].GetProperty("blocks").EnumerateArray()];
        Assert.InRange(blocks.Length, 2, 50);
        Assert.All(blocks[..^1], block => Assert.InRange(Text(block.GetProperty("text"), "text").Length, 1, 3000));
        Assert.Equal("And 470 more alerts.", Text(blocks[^2].GetProperty("text"), "text"));
    }

    [Fact]
    public async Task An_sms_goes_to_every_number_as_a_form_with_the_accounts_password()
    {
        await using TinyServer server = Server();
        await SendAsync(Sms(server), Message(Item(why: new string('x', 400))));
        Assert.Equal(2, _requests.Count);
        foreach (((TinyServer.Exchange request, byte[] body), string number) in _requests.Zip((string[])["+15550101", "+15550102"]))
        {
            Assert.Equal("Basic " + Convert.ToBase64String("AC1:token"u8), request.Header("Authorization"));
            Assert.Equal("application/x-www-form-urlencoded", request.Header("Content-Type"));
            System.Collections.Specialized.NameValueCollection form = HttpUtility.ParseQueryString(Encoding.UTF8.GetString(body));
            Assert.Equal((number, "+15550100"), (form["To"], form["From"]));
            Assert.Equal(160, form["Body"]!.Length);
            Assert.StartsWith("[warning] cpu on order-api (web1): xxx", form["Body"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_number_that_was_reached_is_not_written_to_again_when_another_failed()
    {
        int failures = 1;
        await using TinyServer server = new(async exchange =>
        {
            byte[] body = await exchange.BodyAsync();
            _requests.Enqueue((exchange, body));
            bool fails = Encoding.UTF8.GetString(body).Contains("0101", StringComparison.Ordinal) && failures-- > 0;
            await exchange.AnswerAsync("text/plain", [], fails ? "500 Broken" : "201 Created");
        });
        using IAlertChannel channel = Sms(server).Create(new ChannelParts(TimeProvider.System, new Delivery.KeptLog()));
        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(Message(), Cancellation));
        Assert.Contains("+15550101: ", refused.Message, StringComparison.Ordinal);
        await channel.SendAsync(Message(), Cancellation);
        Assert.Equal(["0101", "0102", "0101"], _requests.Select(request => HttpUtility.ParseQueryString(Encoding.UTF8.GetString(request.Body))["To"]![^4..]));
        // Another message goes to all of them.
        await channel.SendAsync(Message(), Cancellation);
        Assert.Equal(5, _requests.Count);
    }

    /// <summary>A number that is never reached keeps its messages coming, merged with each new alert, and turn about with those of other targets.</summary>
    [Fact]
    public async Task One_number_that_is_wrong_brings_no_storm_upon_the_others()
    {
        await using TinyServer server = new(async exchange =>
        {
            byte[] body = await exchange.BodyAsync();
            _requests.Enqueue((exchange, body));
            await exchange.AnswerAsync("text/plain", [], Encoding.UTF8.GetString(body).Contains("0101", StringComparison.Ordinal) ? "400 No Such Number" : "201 Created");
        });
        using IAlertChannel channel = Sms(server).Create(new ChannelParts(TimeProvider.System, new Delivery.KeptLog()));
        AlertItem cpu = Item(), memory = Item("memory"), other = Item(target: "billing");
        for (int attempt = 0; attempt < 5; attempt++)
        {
            // As time passes other words may be told of the same alert.
            await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(Message(cpu with { Why = $"{attempt} is above 85%" }), Cancellation));
            await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(Message(other), Cancellation));
        }

        await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(Message(cpu, memory), Cancellation));
        await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(Message(cpu with { State = AlertState.Resolved }, memory), Cancellation));
        string[] told = [.. _requests.Select(request => HttpUtility.ParseQueryString(Encoding.UTF8.GetString(request.Body))).Where(form => form["To"] == "+15550102").Select(form => form["Body"]!)];
        Assert.Equal(4, told.Length);
        Assert.Equal("[warning] cpu on order-api (web1): 0 is above 85%", told[0]);
        Assert.StartsWith("[warning] cpu on billing", told[1], StringComparison.Ordinal);
        Assert.StartsWith("[warning] memory on order-api", told[2], StringComparison.Ordinal);
        Assert.StartsWith("[resolved] cpu on order-api", told[3], StringComparison.Ordinal);
    }

    private TinyServer Server(string status = "200 OK", string moreHeaders = "") => new(async exchange =>
    {
        _requests.Enqueue((exchange, await exchange.BodyAsync()));
        await exchange.AnswerAsync("text/plain", Encoding.UTF8.GetBytes($"you said {exchange.Header("X-Token")} to {exchange.Path}"), status, moreHeaders);
    });

    private static WebhookSettings Webhook(TinyServer server) => new(new ChannelCommon("tickets"), new Uri(server.Url, "/hook?key=k1"), null, "application/json", null, [], null);

    private static SmsSettings Sms(TinyServer server)
    {
        (string, MessageTemplate) Field(string name, string text) => (name, MessageTemplate.TryParse(text, ["to", "from"], out _)!);
        return new SmsSettings(
            new ChannelCommon("on-call"), new Uri(server.Url, "/Messages.json"), "AC1", "token", null, "+15550100", ["+15550101", "+15550102"],
            [Field("To", "{to}"), Field("From", "{from}"), Field("Body", "{short}")], 160);
    }

    private static async Task<string> SendAsync(ChannelSettings settings, AlertMessage message)
    {
        using IAlertChannel channel = settings.Create(new ChannelParts(TimeProvider.System, new Delivery.KeptLog()));
        return await ChannelAttempt.SendAsync(channel, message, TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation);
    }

    private static async Task<ChannelException> RefusedAsync(ChannelSettings settings) => await Assert.ThrowsAsync<ChannelException>(() => SendAsync(settings, Message()));

    private static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;
}
