using System.Text;
using GoTop.Engine.Control.Services.Windows;
using Xunit;

namespace GoTop.Tests.Control.Services;

/// <summary>Written as wevtutil prints events of Windows Server: there is no event log on a build machine.</summary>
public sealed class ServiceEventsTests
{
    private const string Output = """
        <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Service Control Manager' Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}' EventSourceName='Service Control Manager'/><EventID Qualifiers='49152'>7000</EventID><Version>0</Version><Level>2</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords><TimeCreated SystemTime='2026-11-25T10:00:05.1234567Z'/><EventRecordID>4711</EventRecordID><Correlation/><Execution ProcessID='700' ThreadID='1234'/><Channel>System</Channel><Computer>SHOP</Computer><Security/></System><EventData><Data Name='param1'>Orders</Data><Data Name='param2'>%%1053</Data></EventData><RenderingInfo Culture='en-US'><Message>The Orders service failed to start due to the following error: &#13;&#10;The service did not respond to the start or control request in a timely fashion.</Message><Level>Error</Level><Task></Task></RenderingInfo></Event>
        <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='orders'/><EventID>1</EventID><Level>3</Level><TimeCreated SystemTime='2026-11-25T10:00:04Z'/><Channel>Application</Channel></System><EventData><Data>no database</Data><Data>giving up</Data></EventData></Event>

        """;

    [Fact]
    public void Events_are_read_with_their_own_words()
    {
        Assert.Equal(
            [
                "2026-11-25 10:00:05Z Service Control Manager 7000 error: The Orders service failed to start due to the following error:  The service did not respond to the start or control request in a timely fashion.",
                "2026-11-25 10:00:04Z orders 1 warning: no database; giving up",
            ],
            ServiceEvents.Parse(Output).Select(each => each.Line));
    }

    [Fact]
    public void What_is_cut_off_or_no_xml_ends_it()
    {
        Assert.Single(ServiceEvents.Parse(Output[..(Output.Length - 60)]));
        Assert.Empty(ServiceEvents.Parse("Failed to read events. Access is denied."));
        Assert.Empty(ServiceEvents.Parse("<!DOCTYPE x [<!ENTITY a 'b'>]><Event/>"));
        Assert.Empty(ServiceEvents.Parse(""));
    }

    [Fact]
    public void Its_output_is_told_from_its_first_bytes()
    {
        byte[] wide = Encoding.Unicode.GetBytes(Output);
        Assert.Equal(Output, ServiceEvents.Decode(wide));
        Assert.Equal(Output, ServiceEvents.Decode([0xFF, 0xFE, .. wide]));
        Assert.Equal(Output, ServiceEvents.Decode(Encoding.UTF8.GetBytes(Output)));
    }

    [Fact]
    public void Queries_name_the_service_and_nothing_can_be_slipped_into_them()
    {
        Assert.Equal(
            ["qe", "System", "/q:*[System[Provider[@Name='Service Control Manager']] and EventData[Data='orders' or Data='Order desk']]", "/c:5", "/rd:true", "/f:RenderedXml", "/uni:true"],
            ServiceEvents.OfManager("orders", "Order desk", 5)!);
        Assert.Equal("/q:*[System[Provider[@Name='orders']]]", ServiceEvents.OfService("orders", 5)![2]);
        Assert.Null(ServiceEvents.OfManager("orders", "x' or '1'='1", 5));
        Assert.Null(ServiceEvents.OfService("o'", 5));
    }
}
