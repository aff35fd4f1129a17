using GoTop.Engine.GoRuntime.Symbols;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>The names of types that values in memory refer to, in Go's notation.</summary>
/// <param name="slide">What a live pointer to a type is above the address that the descriptors are read at.</param>
internal sealed class TypeNames(ModuleData module, TypeDescriptors descriptors, ulong slide)
{
    private const int LongestShown = 100;
    private const int MaximumKnown = 1 << 14;

    private readonly Dictionary<ulong, string> _known = [];

    /// <summary>Empty when it is not known: types made at run time, for one, are in no table.</summary>
    public string NameAt(ulong descriptor)
    {
        if (_known.TryGetValue(descriptor, out string? name)) return name;
        if (_known.Count >= MaximumKnown) _known.Clear();
        ulong linked = descriptor - slide;
        name = linked >= module.Types && linked < module.TypesEnd ? descriptors.NameAt(linked) : null;
        return _known[descriptor] = name is null ? "" : PlainText.Clean(name, LongestShown);
    }
}
