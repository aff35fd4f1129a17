using GoTop.Engine.Model;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Kernel;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>Where executables and libraries lie in the address spaces of a log's processes.</summary>
internal sealed class ImageMap
{
    private const int MaxImages = 200_000;
    private const int MaxPathChars = 500;

    /// <summary>The kernel's own images and drivers are told as those of this process.</summary>
    private const int KernelProcess = 0;

    private readonly Dictionary<int, SortedList<ulong, LoadedImage>> _byProcess = [];
    private int _count;

    public ImageMap(KernelTraceEventParser kernel)
    {
        kernel.ImageLoadGroup += Loaded;
        kernel.ImageDCStop += Loaded;
    }

    /// <summary>What lies there, in the process or in the kernel; null where nothing is known.</summary>
    public LoadedImage? Find(int process, ulong address) => FindIn(process, address) ?? FindIn(KernelProcess, address);

    /// <summary>The executable of a process: the image that is named as the process is, or else its first <c>.exe</c>; null where the log tells none.</summary>
    public LoadedImage? Executable(int process, string? name)
    {
        if (!_byProcess.TryGetValue(process, out SortedList<ulong, LoadedImage>? images)) return null;
        return (name is null ? null : images.Values.FirstOrDefault(image => image.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            ?? images.Values.FirstOrDefault(image => image.Name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase));
    }

    private LoadedImage? FindIn(int process, ulong address)
    {
        if (!_byProcess.TryGetValue(process, out SortedList<ulong, LoadedImage>? images)) return null;
        IList<ulong> starts = images.Keys;
        int low = 0, high = starts.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (starts[middle] <= address) low = middle + 1;
            else high = middle;
        }

        return low > 0 && address - starts[low - 1] < images.Values[low - 1].Bytes ? images.Values[low - 1] : null;
    }

    /// <summary>TraceEvent asks Windows once for the drives of this machine, elsewhere in vain, and does without them from then on.</summary>
    private static string PathOf(ImageLoadTraceData data)
    {
        try
        {
            return data.FileName;
        }
        catch (DllNotFoundException)
        {
            return data.FileName;
        }
    }

    private void Loaded(ImageLoadTraceData data)
    {
        if (_count >= MaxImages || data.ImageSize <= 0) return;
        if (!_byProcess.TryGetValue(data.ProcessID, out SortedList<ulong, LoadedImage>? images)) _byProcess[data.ProcessID] = images = [];
        string path = PlainText.Clean(PathOf(data), MaxPathChars);
        LoadedImage image = new(path, data.ImageBase, (ulong)data.ImageSize) { TimeDateStamp = (uint)data.TimeDateStamp, Checksum = (uint)data.ImageChecksum };
        if (images.TryAdd(data.ImageBase, image)) _count++;
        else images[data.ImageBase] = image;
    }
}

/// <param name="Path">As Windows has it.</param>
internal sealed record LoadedImage(string Path, ulong Base, ulong Bytes)
{
    /// <summary>Of the PE header; 0 where the linker set none or the log does not tell it.</summary>
    public uint TimeDateStamp { get; init; }

    /// <inheritdoc cref="TimeDateStamp"/>
    public uint Checksum { get; init; }

    public string Name => Path[(Path.LastIndexOf('\\') + 1)..];
}
