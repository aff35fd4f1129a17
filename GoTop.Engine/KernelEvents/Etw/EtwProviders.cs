namespace GoTop.Engine.KernelEvents.Etw;

/// <summary>Providers by their GUIDs: the classes of the kernel's events in the Windows SDK ("NT Kernel Logger Constants"), and those that we look into.</summary>
internal static class EtwProviders
{
    public static readonly Guid EventTrace = new("68fdd900-4a3e-11d1-84f4-0000f80464e3");
    public static readonly Guid DiskIo = new("3d6fa8d4-fe05-11d0-9dda-00c04fd7ba7c");
    public static readonly Guid PageFault = new("3d6fa8d3-fe05-11d0-9dda-00c04fd7ba7c");
    public static readonly Guid Process = new("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c");
    public static readonly Guid FileIo = new("90cbdc39-4a3e-11d1-84f4-0000f80464e3");
    public static readonly Guid Thread = new("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c");
    public static readonly Guid TcpIp = new("9a280ac0-c8e0-11d1-84e2-00c04fb998a2");
    public static readonly Guid Job = new("3282fc76-feed-498e-8aa7-e70f459d430e");
    public static readonly Guid UdpIp = new("bf3a50c5-a9c9-4988-a005-2df0b7c80f80");
    public static readonly Guid Registry = new("ae53722e-c863-11d2-8659-00c04fa321a1");
    public static readonly Guid DebugPrint = new("13976d09-a327-438c-950b-7f03192815c7");
    public static readonly Guid SystemConfig = new("01853a65-418f-4f36-aefc-dc0f1d2fd235");
    public static readonly Guid Pool = new("0268a8b6-74fd-4302-9dd0-6e8f1795c0cf");
    public static readonly Guid PerfInfo = new("ce1dbfb4-137e-4da6-87b0-3f59aa102cbc");
    public static readonly Guid Heap = new("222962ab-6180-4b88-a825-346b75f2a24a");
    public static readonly Guid Object = new("89497f50-effe-4440-8cf2-ce6b1cdcaca7");
    public static readonly Guid Image = new("2cb15d1d-5fc1-11d2-abe1-00a0c911f518");
    public static readonly Guid StackWalk = new("def2fe46-7bd6-4b80-bd94-f57fe20d0ce3");
    public static readonly Guid Alpc = new("45d8cccd-539f-4b72-a8b7-5c683142609a");
    public static readonly Guid SplitIo = new("d837ca92-12b9-44a5-ad6a-3a65b3578aa8");
    public static readonly Guid ThreadPool = new("c861d0e2-a2c1-4d36-9f9c-970bab943a12");

    /// <summary>Descriptions of events that the recording tool adds to a log.</summary>
    public static readonly Guid KernelTraceControl = new("bbccf6c1-6cd1-48c4-80ff-839482e37671");
}
