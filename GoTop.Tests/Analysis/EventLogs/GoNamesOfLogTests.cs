using System.Buffers.Binary;
using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.GoRuntime.Binaries;
using GoTop.Engine.GoRuntime.Symbols;
using GoTop.Tests.GoRuntime;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.EventLogs;

/// <summary>Samples of a stripped Go program of Windows, named by its own function table; and never by another build's.</summary>
public sealed class GoNamesOfLogTests : IDisposable
{
    private const int Pid = 4321;
    private const int Tid = 100;

    /// <summary>Loaded elsewhere than it prefers.</summary>
    private const ulong Base = 0x7ff6_1234_0000;

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-names-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("tiny-1.19-windows")]
    [InlineData("tiny-1.21-windows")]
    [InlineData("tiny-1.27-windows")]
    public void A_go_program_is_named_by_function_and_line(string program)
    {
        Program ran = Write(program, "svc.exe");
        LoggedTarget target = Analyze(ran.Log(), new EtlOptions { Binary = ran.Path });
        CpuSamples samples = target.Report.Samples.Value;
        Assert.Contains("return addresses follow a call", target.Functions.Value, StringComparison.Ordinal);
        SampledFunction main = samples.Functions.Single(function => function.Function == "main.main");
        Assert.Equal((0L, ran.ReturnAddresses.Length), (main.Self, main.Total));
        Assert.Equal(ran.ReturnAddresses.Length, samples.Functions.Where(function => function.Self > 0).Sum(function => function.Self));
        Assert.All(samples.Functions, function => Assert.Equal(FrameKind.Go, function.Kind));
        SampledLine line = samples.Lines.First(one => one.Location.Function == "main.main");
        Assert.EndsWith("main.go", line.Location.File, StringComparison.Ordinal);
        Assert.True(line.Location.Line > 10);
        Assert.Equal("svc.exe", target.Name);
        Assert.Contains("named as the given one", target.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void An_executable_that_lies_beside_the_log_is_found_and_makes_its_process_the_target()
    {
        Program ran = Write("tiny-1.27-windows", "svc.exe");
        // Another process has worked more.
        SyntheticEtl log = ran.Log().Process(1, 55, 4, "busy.exe", "busy.exe").Thread(2, 55, 550);
        for (int i = 0; i < 100; i++) log.Sample(5000 + i, cpu: 1, tid: 550, 0x1000);
        LoggedTarget target = Analyze(log, new EtlOptions { Folder = _folder });
        Assert.Equal((Pid, true), (target.ProcessId, target.Functions.HasValue));
        Assert.Contains("of the Go programs that lie on this machine", target.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_size_is_another_build()
    {
        Program ran = Write("tiny-1.27-windows", "svc.exe");
        Program other = Write("tiny-1.21-windows", "other.exe");
        LoggedTarget target = Analyze(ran.Log(), new EtlOptions { Binary = other.Path, Process = "svc" });
        Assert.Contains("another build", target.Functions.Reason, StringComparison.Ordinal);
        Assert.Contains("bytes of memory", target.Functions.Reason, StringComparison.Ordinal);
        Assert.Equal(["svc.exe"], target.Report.Samples.Value.Functions.Select(function => function.Function));
    }

    [Theory]
    [InlineData(0x5eed_0001u, 0u, "time stamp")]
    [InlineData(0u, 0x1234u, "checksum")]
    public void Another_stamp_is_another_build(uint timeDateStamp, uint checksum, string what)
    {
        Program ran = Write("tiny-1.27-windows", "svc.exe");
        LoggedTarget target = Analyze(ran.Log(timeDateStamp: timeDateStamp, checksum: checksum), new EtlOptions { Binary = ran.Path });
        Assert.Contains($"its {what} is another", target.Functions.Reason, StringComparison.Ordinal);
    }

    /// <summary>A change that leaves the size: Go sets no time stamp, so only the code itself tells.</summary>
    [Fact]
    public void Return_addresses_that_follow_no_call_are_of_another_build()
    {
        Program ran = Write("tiny-1.27-windows", "svc.exe");
        LoggedTarget target = Analyze(ran.Log(shift: 3), new EtlOptions { Binary = ran.Path });
        Assert.Contains("return addresses follow a call in it", target.Functions.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(target.Report.Samples.Value.Functions, function => function.Function.Contains("main.", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_callers_a_file_that_was_written_after_the_log_proves_nothing_unless_a_person_says_so()
    {
        Program ran = Write("tiny-1.27-windows", "svc.exe");
        SyntheticEtl log = ran.Log(hasCallers: false);
        LoggedTarget found = Analyze(log, new EtlOptions { Folder = _folder, Process = "svc" });
        Assert.Contains("nothing tells that it is the same build", found.Functions.Reason, StringComparison.Ordinal);
        Assert.Contains("as you say", Analyze(log, new EtlOptions { Binary = ran.Path }).Functions.Value, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(ran.Path, SyntheticEtl.StartedAt.AddDays(-1).UtcDateTime);
        Assert.Contains("older than the log", Analyze(log, new EtlOptions { Folder = _folder, Process = "svc" }).Functions.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_go_program_is_said()
    {
        Program ran = Write("tiny-1.27-windows", "svc.exe");
        string text = Path.Combine(_folder, "text.exe");
        File.WriteAllText(text, "no executable");
        Assert.Contains("neither an ELF nor a PE", Analyze(ran.Log(), new EtlOptions { Binary = text, Process = "svc" }).Functions.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("e8 01 02 03 04", true)]
    [InlineData("ff d0", true)] // call rax
    [InlineData("41 ff d4", true)] // call r12
    [InlineData("ff 10", true)] // call [rax]
    [InlineData("ff 50 18", true)] // call [rax+18h]
    [InlineData("ff 54 24 08", true)] // call [rsp+8]
    [InlineData("ff 15 01 02 03 04", true)] // call [rip+…]
    [InlineData("ff 90 01 02 03 04", true)] // call [rax+…]
    [InlineData("ff 94 24 01 02 03 04", true)] // call [rsp+…]
    [InlineData("ff e0", false)] // jmp rax
    [InlineData("90 90 90 90 90", false)]
    [InlineData("48 89 c3 0f 1f", false)]
    public void A_call_is_known_by_its_bytes(string hex, bool isCall)
    {
        byte[] exe = MemoryFixtures.Executable("tiny-1.27-windows");
        BinaryImage image = BinaryImage.Open(new MemoryStream(exe)).Value;
        BinaryRange text = image.Segments.First(segment => segment.Executable);
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        exe.AsSpan((int)text.FileOffset, 16).Fill(0x90);
        bytes.CopyTo(exe, text.FileOffset + 16 - bytes.Length);
        Assert.Equal(isCall, CallSites.FollowsCall(BinaryImage.Open(new MemoryStream(exe)).Value, text.Address + 16));
    }

    private static LoggedTarget Analyze(SyntheticEtl log, EtlOptions options) => EtlAnalyzer.Analyze(new MemoryStream(log.ToArray()), options, TestContext.Current.CancellationToken).Target.Value;

    private Program Write(string program, string name)
    {
        byte[] exe = MemoryFixtures.Executable(program);
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, exe);
        BinaryImage image = BinaryImage.Open(new MemoryStream(exe)).Value;
        SymbolTable symbols = SymbolTable.Open(image).Value;
        FunctionSymbol main = symbols.FindByName("main.main")["main.main"];
        List<(ulong Return, ulong Callee)> calls = [];
        Span<byte> call = stackalloc byte[5];
        for (ulong at = main.Entry; at < main.End - 5; at++)
        {
            // A call whose callee is a function's entry: no chance finding in other code.
            if (!image.TryRead(at, call) || call[0] != 0xe8) continue;
            ulong callee = at + 5 + (ulong)(long)BinaryPrimitives.ReadInt32LittleEndian(call[1..]);
            if (symbols.TryFind(callee, out FunctionSymbol found) && found.Entry == callee && symbols.NameOf(found) != "main.main") calls.Add((at + 5 - image.PreferredBase, callee - image.PreferredBase));
        }

        Assert.True(calls.Count >= 10, $"{calls.Count} calls");
        return new Program(path, PeStamp.Read(image.File)!.Value.ImageBytes, [.. calls.Select(one => one.Return)], [.. calls.Select(one => one.Callee)]);
    }

    private sealed record Program(string Path, ulong ImageBytes, ulong[] ReturnAddresses, ulong[] Callees)
    {
        /// <summary>A sample in each function that main calls, called by main.</summary>
        public SyntheticEtl Log(uint timeDateStamp = 0, uint checksum = 0, ulong shift = 0, bool hasCallers = true)
        {
            string name = System.IO.Path.GetFileName(Path);
            SyntheticEtl log = new SyntheticEtl().Process(1, Pid, 4, name, name).Image(2, Pid, Base, ImageBytes, $@"\Device\HarddiskVolume3\svc\{name}", timeDateStamp, checksum).Thread(3, Pid, Tid);
            for (int i = 0; i < Callees.Length; i++)
            {
                long at = 1000 + i * 10;
                log.Sample(at, cpu: 0, Tid, Base + Callees[i]);
                if (hasCallers) log.Stack(at + 1, cpu: 0, of: at, Pid, Tid, Base + Callees[i], Base + ReturnAddresses[i] + shift);
            }

            return log;
        }
    }
}
