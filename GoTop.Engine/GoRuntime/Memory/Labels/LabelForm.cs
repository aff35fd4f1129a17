namespace GoTop.Engine.GoRuntime.Memory.Labels;

/// <summary>How runtime/pprof keeps the labels that g.labels points to.</summary>
internal enum LabelForm
{
    /// <summary>GoTop does not know it of this version.</summary>
    Unknown,

    /// <summary>Until Go 1.23: a pointer to a map[string]string, in the map's form of that time (runtime.hmap).</summary>
    Map,

    /// <summary>Since Go 1.24: a slice of pairs of strings, sorted by key.</summary>
    Slice,
}

internal static class LabelForms
{
    public static LabelForm Of(int? goMinor) => goMinor switch
    {
        >= 19 and <= 23 => LabelForm.Map,
        >= 24 and <= 27 => LabelForm.Slice,
        _ => LabelForm.Unknown,
    };
}
