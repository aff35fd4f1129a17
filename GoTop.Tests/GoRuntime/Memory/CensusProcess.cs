using System.Diagnostics;
using System.Globalization;
using GoTop.Engine.GoRuntime.Memory;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using Xunit;

namespace GoTop.Tests.GoRuntime.Memory;

/// <summary>A running Targets/census, a reader of its memory, and its own answers.</summary>
internal sealed class CensusProcess : IDisposable
{
    private readonly Process _process;
    private readonly FileStream _executable;
    private readonly ProcessMemory _memory;

    private CensusProcess(Process process, FileStream executable, ProcessMemory memory, GoRuntimeReader reader)
    {
        _process = process;
        _executable = executable;
        _memory = memory;
        Reader = reader;
    }

    public GoRuntimeReader Reader { get; }

    public int ProcessId => _process.Id;

    public static CensusProcess Start(string path, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "starts a Linux program");
        Process process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            string? ready = process.StandardOutput.ReadLine();
            Assert.StartsWith("ready ", ready, StringComparison.Ordinal);
            IPlatform platform = HostPlatform.Detect(TimeProvider.System);
            ProcessKey key = platform.FindProcess(process.Id).Value;
            Reading<ProcessMemory> memory = platform.OpenMemory(key);
            Assert.SkipWhen(memory.State == ReadingState.Denied, memory.Reason ?? "");
            FileStream executable = File.OpenRead(platform.Executable(key).Value.OpenPath);
            GoRuntimeReader reader = GoRuntimeReader.Open(executable, memory.Value.Reader, memory.Value.ExecutableBase, platform.RuntimeClockNanoseconds).Value;
            return new CensusProcess(process, executable, memory.Value, reader);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>The lines of its answer.</summary>
    public List<string> Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        List<string> lines = [];
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line == "end") return lines;
            lines.Add(line);
        }

        throw new InvalidOperationException("census ended");
    }

    /// <summary>Answers of the form <c>name number</c>.</summary>
    public Dictionary<string, double> Numbers(string command) =>
        Ask(command).Select(l => l.Split(' ')).Where(p => p.Length == 2 && double.TryParse(p[1], CultureInfo.InvariantCulture, out _))
            .GroupBy(p => p[0]).ToDictionary(g => g.Key, g => double.Parse(g.Last()[1], CultureInfo.InvariantCulture));

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        _memory.Reader.Dispose();
        _executable.Dispose();
    }
}
