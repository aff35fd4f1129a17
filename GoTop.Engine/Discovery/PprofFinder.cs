using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Discovery;

/// <summary>
/// Asks the ports of confirmed Go processes whether they serve pprof. Only ports that our own loopback leads to: a port
/// number of another network namespace belongs to somebody else here.
/// </summary>
internal sealed class PprofFinder(IPlatform platform, TimeProvider time, PortProbe probe)
{
    private const int MostAtOnce = 32;
    private const int MostPortsOfProcess = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>The base of each process's pprof pages, in order. Those of which it is known already are not asked.</summary>
    public async Task<ImmutableArray<Reading<string>>> FindAsync(ImmutableArray<TargetIdentity> processes, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using SemaphoreSlim slots = new(MostAtOnce);
        Reading<string>[] urls = await Task.WhenAll(processes.Select(p => ProbeAsync(p, slots, either.Token))).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return [.. urls];
    }

    private async Task<Reading<string>> ProbeAsync(TargetIdentity identity, SemaphoreSlim slots, CancellationToken cancellation)
    {
        if (identity.Process is not { } process || identity.PprofUrl.State != ReadingState.NotYet) return identity.PprofUrl;
        try
        {
            await slots.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Late();
        }

        try
        {
            return await AskPortsAsync(process, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Late();
        }
        catch (Exception e)
        {
            return Reading.Failed<string>(PlainText.Clean(e.Message, 300));
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<Reading<string>> AskPortsAsync(ProcessKey process, CancellationToken cancellation)
    {
        Reading<ImmutableArray<ListeningPort>> ports = platform.ListeningPorts(process);
        if (!ports.TryGet(out ImmutableArray<ListeningPort> listening)) return ports.Absent<string>();
        if (listening.IsEmpty) return Reading.NotSupported<string>("it listens on no TCP port");
        ListeningPort[] reachable = [.. listening.Where(port => port.IsOnLoopback).DistinctBy(p => p.Port).Take(MostPortsOfProcess)];
        if (reachable.Length == 0) return Reading.NotSupported<string>("its ports are not reachable on this machine's loopback; give its address as the target (gotop http://HOST:PORT)");
        Reading<ImmutableArray<string>> arguments = platform.CommandLine(process);
        if (!arguments.TryGet(out ImmutableArray<string> vector)) return arguments.Absent<string>();

        Uri?[] answers = await Task.WhenAll(reachable.Select(p => probe(p.Address, p.Port, vector, time, cancellation).AsTask())).ConfigureAwait(false);
        return answers.FirstOrDefault(url => url is not null) is { } found
            ? Reading.Of(found.AbsoluteUri)
            : Reading.NotSupported<string>("none of its ports answers as pprof");
    }

    private static Reading<string> Late() => Reading.NotYet<string>("its ports gave no answer in time");
}

/// <summary>Asks one port for the pprof pages of the process with these arguments; null when it does not serve them.</summary>
internal delegate ValueTask<Uri?> PortProbe(
    string address, int port, ImmutableArray<string> arguments, TimeProvider time, CancellationToken cancellation);
