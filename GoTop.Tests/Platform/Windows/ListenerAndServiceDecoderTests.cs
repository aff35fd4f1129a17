using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Platform.Windows;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

public sealed class ListenerAndServiceDecoderTests
{
    [Fact]
    public void Recorded_socket_tables_give_the_listeners_of_the_recording_process()
    {
        List<(int, ListeningPort)> found = [];
        TcpTableDecoder.DecodeIPv4(WindowsBuffers.Read("tcp4.bin").Bytes, (processId, port) => found.Add((processId, port)));
        TcpTableDecoder.DecodeIPv6(WindowsBuffers.Read("tcp6.bin").Bytes, (processId, port) => found.Add((processId, port)));
        Assert.Equal([(400, new ListeningPort("127.0.0.1", 18404)), (400, new ListeningPort("::1", 18406))], found);
    }

    [Fact]
    public void Damaged_socket_tables_end_without_an_error()
    {
        int rows = 0;
        foreach (byte[] hostile in WindowsBuffers.Hostile(WindowsBuffers.Read("tcp4.bin").Bytes))
            TcpTableDecoder.DecodeIPv4(hostile, (_, port) => rows += Assert.IsType<ListeningPort>(port).Port > 0 ? 1 : 0);
        foreach (byte[] hostile in WindowsBuffers.Hostile(WindowsBuffers.Read("tcp6.bin").Bytes))
            TcpTableDecoder.DecodeIPv6(hostile, (_, port) => rows += port.Port > 0 ? 1 : 0);
        Assert.InRange(rows, 1, 4000);
    }

    [Fact]
    public void A_recorded_service_list_gives_names_and_processes()
    {
        (byte[] bytes, ulong address) = WindowsBuffers.Read("services.bin");
        List<RunningService> services = [];
        ServiceListDecoder.Decode(bytes, address, count: 5, services);
        Assert.Equal(
            [
                new RunningService("Eventlog", 156, false), new RunningService("PlugPlay", 132, false), new RunningService("RpcSs", 240, false),
                new RunningService("Winedevice1", 96, true), new RunningService("Winedevice2", 184, true),
            ],
            services);
    }

    [Fact]
    public void Damaged_service_lists_end_without_an_error()
    {
        (byte[] bytes, ulong address) = WindowsBuffers.Read("services.bin");
        foreach (byte[] hostile in WindowsBuffers.Hostile(bytes))
        {
            List<RunningService> services = [];
            ServiceListDecoder.Decode(hostile, address, uint.MaxValue, services);
            Assert.All(services, service => Assert.InRange(service.Name.Length, 1, 256));
        }
    }

    [Fact]
    public void A_program_that_a_service_s_wrapper_runs_belongs_to_the_service()
    {
        ImmutableDictionary<int, string> services = ServiceProcesses.ByProcess(
            [
                new RunningService("Orders", 100, OwnProcess: true),
                new RunningService("Schedule", 200, OwnProcess: true), new RunningService("Themes", 200, OwnProcess: true),
            ],
            [
                Entry(100, "nssm.exe", parent: 8, start: 50), Entry(101, "orders.exe", parent: 100, start: 51), Entry(102, "worker.exe", parent: 101, start: 52),
                Entry(90, "older.exe", parent: 100, start: 10),
                Entry(200, "SVCHOST.EXE", parent: 8, start: 5), Entry(201, "backup.exe", parent: 200, start: 60),
            ]);
        Assert.Equal(
            new Dictionary<int, string> { [100] = "Orders", [101] = "Orders", [102] = "Orders", [200] = "Schedule, Themes" },
            services.ToDictionary());
    }

    [Fact]
    public void Processes_that_are_one_another_s_parents_do_not_hang_the_search()
    {
        ImmutableDictionary<int, string> services = ServiceProcesses.ByProcess(
            [new RunningService("Loop", 1, OwnProcess: true)], [Entry(1, "a.exe", parent: 2, start: 5), Entry(2, "b.exe", parent: 1, start: 5)]);
        Assert.Equal(2, services.Count);
    }

    private static ProcessEntry Entry(int id, string name, int parent, ulong start) => new(new ProcessKey(id, start), name, parent);
}
