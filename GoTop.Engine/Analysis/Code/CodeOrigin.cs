namespace GoTop.Engine.Analysis.Code;

/// <summary>Whose code a function is.</summary>
public enum CodeOrigin : byte
{
    /// <summary>Its name does not tell: C code, or an address without a symbol.</summary>
    Unknown,

    /// <summary>The service's own module.</summary>
    Own,

    /// <summary>Another module.</summary>
    Library,

    /// <summary>Go's own library.</summary>
    Standard,

    /// <summary>The runtime: the scheduler, the allocator and the garbage collector.</summary>
    Runtime,
}
