using GoTop.Engine.GoRuntime.Symbols;

namespace GoTop.Engine.GoRuntime.Memory.Amd64;

/// <summary>
/// Which operand of which runtime function is which global: small functions whose use of it has not changed from Go
/// 1.19 to 1.27, on Linux and Windows.
/// </summary>
internal sealed class Amd64GlobalFinder : IGlobalFinder
{
    private const string ForEachGoroutine = "runtime.forEachGRace";
    private const string WaitReasonText = "runtime.waitReason.String";
    private const string EnableUserScheduling = "runtime.schedEnableUser";
    private const string CommitGcController = "runtime.gcControllerCommit";
    private const string ReadMemStats = "runtime.readmemstats_m";
    private const string Retake = "runtime.retake";
    private const string WakeAllAssists = "runtime.gcWakeAllAssists";
    private const string MakeThread = "runtime.mcommoninit";
    private const string EndThread = "runtime.mexit";
    private const string ReleaseSemaphore = "runtime.semrelease1";

    public RuntimeGlobals Find(SymbolTable symbols)
    {
        Dictionary<string, FunctionSymbol> functions = symbols.FindByName(
            ForEachGoroutine, WaitReasonText, EnableUserScheduling, CommitGcController, ReadMemStats, Retake, WakeAllAssists, ReleaseSemaphore, MakeThread, EndThread);
        List<DataOperand> Operands(string name) =>
            functions.TryGetValue(name, out FunctionSymbol function) ? Amd64DataOperands.Of(symbols, function) : [];

        // for i := 0; i < allglen; i++ { … *allgptr … }; on Windows a load of the thread-local slot comes before.
        ulong[] loads = [.. Operands(ForEachGoroutine).Where(o => o.Access == DataAccess.LoadWord).Select(o => o.Target)];
        List<DataOperand> commit = Operands(CommitGcController);
        List<DataOperand> retake = Operands(Retake);
        List<DataOperand> end = Operands(EndThread);
        return new RuntimeGlobals
        {
            AllGoroutinesLength = loads.Length >= 2 ? loads[^2] : null,
            AllGoroutinesPointer = loads.Length >= 2 ? loads[^1] : null,
            WaitReasonStrings = FirstAddress(Operands(WaitReasonText)),
            SchedLock = FirstAddress(Operands(EnableUserScheduling)),
            GcController = FirstAddress(commit),
            GcPhase = First(commit, o => o.Access == DataAccess.CompareWithByte),
            MemStats = FirstAddress(Operands(ReadMemStats)),
            SemaphoreTable = FirstAddress(Operands(ReleaseSemaphore)),
            AssistQueueLock = FirstAddress(Operands(WakeAllAssists)),
            // mp.alllink = allm when one is made; for pprev := &allm; … when one ends.
            AllThreads = First(Operands(MakeThread), o => o.Access == DataAccess.LoadWord && end.Contains(new DataOperand(DataAccess.Address, o.Target))),
            // for i := 0; i < len(allp): the pointer is loaded and the length beside it compared.
            AllProcs = First(retake, o => o.Access == DataAccess.LoadWord
                && retake.Exists(length => length.Access == DataAccess.CompareWord && length.Target == o.Target + 8)),
        };
    }

    private static ulong? FirstAddress(List<DataOperand> operands) => First(operands, o => o.Access == DataAccess.Address);

    private static ulong? First(List<DataOperand> operands, Predicate<DataOperand> wanted)
    {
        int at = operands.FindIndex(wanted);
        return at < 0 ? null : operands[at].Target;
    }
}
