using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace GoTop.Engine.KernelEvents.Etw.Providers;

/// <summary>
/// Takes the names and numbers out of events that describe themselves, by a manifest or (on Windows) by TraceLogging, as
/// services of Go write them.
/// </summary>
internal sealed class ProviderEventMapping
{
    private readonly ProviderEventTally _tally;
    private readonly List<(string, double)> _numbers = [];

    public ProviderEventMapping(TraceEventDispatcher source, ProviderEventTally tally)
    {
        _tally = tally;
        new DynamicTraceEventParser(source).All += Add;
    }

    private void Add(TraceEvent happened)
    {
        // Manifests are sent as events too, once and again.
        if (happened.ID == (TraceEventID)0xfffe) return;
        _numbers.Clear();
        string[] names = happened.PayloadNames ?? [];
        for (int field = 0; field < names.Length; field++)
        {
            if (Number(happened, field) is { } number) _numbers.Add((names[field], number));
        }

        _tally.Add(happened.ProviderName, happened.EventName, _numbers);
    }

    private static double? Number(TraceEvent happened, int field)
    {
        try
        {
            return Number(happened.PayloadValue(field));
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            // A payload that is not as its description says; it must not end the session.
            return null;
        }
    }

    private static double? Number(object? value) => value switch
    {
        byte number => number,
        sbyte number => number,
        short number => number,
        ushort number => number,
        int number => number,
        uint number => number,
        long number => number,
        ulong number => number,
        float number => number,
        double number => number,
        _ => null,
    };
}
