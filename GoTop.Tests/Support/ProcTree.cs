using GoTop.Engine.Platform.Linux;

namespace GoTop.Tests.Support;

/// <summary>A made-up /proc and /sys in a temporary folder, for cases no machine at hand shows.</summary>
internal sealed class ProcTree : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("gotop-proc-");

    public string Root => _root.FullName;

    public LinuxPlatform Platform => LinuxPlatform.Recorded(Root);

    public ProcTree With(string path, string text)
    {
        string full = Root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    /// <summary>A process with the least that makes it one.</summary>
    public ProcTree WithProcess(int id, string name = "orders", ulong start = 5000, char state = 'S', int threads = 1, int parent = 1, int flags = 0, string scheduling = "0 0") =>
        With($"/proc/{id}/stat", $"{id} ({name}) {state} {parent} 1 1 0 -1 {flags} 10 0 3 0 700 300 0 0 20 -5 {threads} 0 {start} 1000 25 18446744073709551615 1 1 1 0 0 0 0 0 0 0 0 0 17 1 {scheduling} 0 0 0\n")
            .With($"/proc/{id}/status", $"Name:\t{name}\nUid:\t7\t8\t7\t7\nVmSize:\t 400 kB\nVmHWM:\t 300 kB\nVmRSS:\t 200 kB\nRssAnon:\t 120 kB\nVmSwap:\t 30 kB\nCpus_allowed_list:\t0-1,4\nvoluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t6\n");

    public void Dispose() => _root.Delete(recursive: true);
}
