using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.KernelEvents.Etw.Sessions;
using GoTop.Tests.Support;
using Microsoft.Diagnostics.Tracing;
using Xunit;

namespace GoTop.Tests.KernelEvents.Etw.Sessions;

/// <summary>ETW whose sessions hand over a made log, by the same parsers as a real one.</summary>
internal sealed class FakeEtwSystem : IEtwSystem
{
    public bool? IsElevated { get; init; } = true;

    public bool? IsPerformanceLogUser { get; init; } = false;

    public bool? HasProfileRight { get; init; } = true;

    public List<string> Active { get; init; } = [];

    public List<FakeSession> Started { get; } = [];

    public List<string> Saved { get; } = [];

    /// <summary>Thrown instead of starting.</summary>
    public Exception? Refusal { get; init; }

    public HashSet<string> CannotStop { get; } = [];

    public SyntheticEtl Log { get; init; } = SchedulerIncident.Log;

    public IReadOnlyList<string> ActiveSessions() => [.. Active];

    public void Stop(string session)
    {
        if (CannotStop.Contains(session)) throw new UnauthorizedAccessException();
        Active.Remove(session);
    }

    public Dictionary<string, Guid> Registered { get; } = [];

    public Guid? RegisteredProvider(string name) => Registered.TryGetValue(name, out Guid found) ? found : null;

    public IEtwSession Start(string name, EtwRequest request)
    {
        if (Refusal is not null) throw Refusal;
        FakeSession session = new(this, name, request);
        Started.Add(session);
        Active.Add(name);
        return session;
    }

    public IEtwRecorder StartRecorder(string name, int megabytes, EtwRequest request)
    {
        if (Refusal is not null) throw Refusal;
        Active.Add(name);
        return new FakeRecorder(this, name);
    }

    /// <summary>What there is when a list is asked for; null where Windows refuses.</summary>
    public SyntheticEtl? Names { get; init; } = new();

    public void WriteNames(string name, string path) => File.WriteAllBytes(path, Names?.ToArray() ?? throw new UnauthorizedAccessException());

    internal sealed class FakeSession(FakeEtwSystem system, string name, EtwRequest request) : IEtwSession, IEtlRecordSink
    {
        private readonly ManualResetEventSlim _fed = new();
        private readonly ManualResetEventSlim _ended = new();
        private EtlRecordReader? _records;

        public EtwRequest Request => request;

        public string Name => name;

        public int Flushes { get; private set; }

        public long EventsLost { get; set; }

        public TraceEventDispatcher Source => (_records ??= new EtlRecordReader(system.Log.ParsedHeader(), this)).Source;

        public bool IsEnded => _ended.IsSet;

        public void Flush() => Flushes++;

        public void Process()
        {
            EtlReader.Open(new MemoryStream(system.Log.ToArray())).Read(_records!);
            _fed.Set();
            _ended.Wait();
        }

        /// <summary>Until all events of the log have come.</summary>
        public void WaitUntilFed() => Assert.True(_fed.Wait(TimeSpan.FromMinutes(1)));

        public void Dispose()
        {
            _ended.Set();
            system.Active.Remove(name);
        }

        public void OnEvent(EtlEventKind kind, long timeStamp)
        {
        }

        public void OnUndecoded(in EtlEvent happened) => throw new InvalidOperationException($"an event of the form {happened.Form} was not taken apart");
    }

    private sealed class FakeRecorder(FakeEtwSystem system, string name) : IEtwRecorder
    {
        public void Save(string path)
        {
            File.WriteAllBytes(path, system.Log.ToArray());
            system.Saved.Add(path);
        }

        public void Dispose() => system.Active.Remove(name);
    }
}
