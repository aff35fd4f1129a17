namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>An event trace log of which nothing can be told. The message says why and where.</summary>
public sealed class EtlException(string reason, Exception? inner = null) : Exception(reason, inner);
