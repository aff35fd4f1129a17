using GoTop.Tests.Support;

namespace GoTop.Tests.KernelEvents;

/// <summary>
/// A service that waits for a processor, is preempted and moved, in so few events that every figure can be reckoned by hand.
/// The service has process 4321 and thread 100; another process 777 has thread 200.
/// </summary>
internal static class SchedulerIncident
{
    public const int Service = 4321;
    public const int Other = 777;
    public const ulong ServiceBase = 0x40_0000;
    public const ulong Kernel = 0xffff_f801_0000_0000;

    public static SyntheticEtl Log => new SyntheticEtl()
        .Process(1, Service, 4, "gosvc.exe", "gosvc.exe -x")
        .Process(1, Other, 4, "other.exe", "other.exe")
        .Image(2, Service, ServiceBase, 0x90_0000, @"\Device\HarddiskVolume3\svc\gosvc.exe")
        .Image(2, 0, Kernel, 0x100_0000, @"\SystemRoot\system32\ntoskrnl.exe")
        .Thread(3, Service, 100)
        .Thread(3, Other, 200)
        .Switch(1000, cpu: 0, from: 0, to: 200)
        .Ready(1100, cpu: 1, tid: 100, waker: 55, wakerPid: 4)
        .Switch(1350, cpu: 0, from: 200, to: 100, state: 1, reason: 32) // 250 µs after it was ready; the other one is preempted
        .Sample(1400, cpu: 0, tid: 100, ServiceBase + 0x6_c3a1)
        .Stack(1401, cpu: 0, of: 1400, Service, 100, ServiceBase + 0x6_c3a1, ServiceBase + 0x6_b000, ServiceBase + 0x1234)
        .DeferredCall(began: 1420, ended: 1450, cpu: 0)
        .Interrupt(began: 1470, ended: 1480, cpu: 0)
        .Disk(1500, cpu: 0, isWrite: true, tid: 100, bytes: 65_536)
        .Network(1510, cpu: 0, isSent: true, isUdp: false, Service, bytes: 1500)
        .Network(1511, cpu: 0, isSent: false, isUdp: true, Service, bytes: 80)
        .HardFault(1520, cpu: 0, tid: 100, bytes: 4096)
        .Sample(1550, cpu: 0, tid: 100, Kernel + 0x100)
        .Stack(1551, cpu: 0, of: 1550, Service, 100, Kernel + 0x100, Kernel + 0x50)
        .Stack(1590, cpu: 0, of: 1550, Service, 100, ServiceBase + 0x6_c3a1, ServiceBase + 0x1234)
        .Switch(1600, cpu: 0, from: 100, to: 200, reason: 15) // it waits after 250 µs; the preempted one had to wait 250 µs
        .Ready(1700, cpu: 1, tid: 100, waker: 200, wakerPid: Other)
        .Switch(1710, cpu: 1, from: 0, to: 100) // 10 µs, on another processor
        .TraceLogging(1750, cpu: 1, Service, 100, "GoSvc.Provider", "RequestDone")
        .Switch(1900, cpu: 1, from: 100, to: 0)
        .Thread(1950, Other, 200, ended: true);
}
