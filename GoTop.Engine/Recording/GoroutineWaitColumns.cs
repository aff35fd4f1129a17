using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Recording;

/// <summary>What the goroutines of a table wait on: the things column by column, and who waits on which.</summary>
internal static class GoroutineWaitColumns
{
    /// <summary>A thing takes a byte in each of its columns at least.</summary>
    private const int ColumnsOfObject = 4;

    private const int ClosedOrLocked = 1;
    private const int Senders = 2;
    private const int Receivers = 4;

    public static void Write(ColumnWriter writer, Reading<GoroutineWaits> reading)
    {
        ReadingColumn.Write(writer, reading);
        if (!reading.TryGet(out GoroutineWaits? waits)) return;
        WriteTexts(writer, waits.ElementTypes);
        ImmutableArray<WaitObject> objects = waits.Objects;
        writer.Count(objects.Length);
        writer.Differences([.. objects.Select(o => unchecked((long)o.Address))]);
        writer.Bytes([.. objects.Select(o => (byte)o.Kind)]);
        writer.Bytes([.. objects.Select(o => (byte)((o.IsClosedOrLocked ? ClosedOrLocked : 0) | (o.SendersWait ? Senders : 0) | (o.ReceiversWait ? Receivers : 0)))]);
        writer.Numbers([.. objects.Select(o => (long)o.Count)]);
        writer.Numbers([.. objects.Select(o => (long)o.Capacity)]);
        writer.Indices([.. objects.Select(o => o.ElementType)]);
        writer.Count(waits.Waits.Length);
        writer.Differences([.. waits.Waits.Select(w => (long)w.Row)]);
        writer.Indices([.. waits.Waits.Select(w => w.WaitsOn)]);
        writer.Number(waits.Unread);
        WriteTexts(writer, waits.Missing);
    }

    public static Reading<GoroutineWaits> Read(ref ColumnReader reader, int rowCount)
    {
        (ReadingState state, string? reason) = ReadingColumn.Read(ref reader);
        if (state is not (ReadingState.Present or ReadingState.Stale)) return Reading.From<GoroutineWaits>(state, default!, reason);
        ImmutableArray<string> elementTypes = ReadTexts(ref reader);
        int count = reader.Count(ColumnsOfObject);
        long[] addresses = reader.Differences(count);
        ReadOnlySpan<byte> kinds = reader.Bytes(count), flags = reader.Bytes(count);
        long[] counts = reader.Numbers(count), capacities = reader.Numbers(count);
        int[] types = reader.Indices(count, 0, elementTypes.Length);
        WaitObject[] objects = new WaitObject[count];
        for (int i = 0; i < objects.Length; i++)
        {
            if (kinds[i] > (byte)WaitObjectKind.Semaphore) throw new InvalidDataException($"the kind {kinds[i]} of a thing waited on is unknown");
            objects[i] = new WaitObject(unchecked((ulong)addresses[i]), (WaitObjectKind)kinds[i])
            {
                Count = (int)counts[i],
                Capacity = (int)capacities[i],
                IsClosedOrLocked = (flags[i] & ClosedOrLocked) != 0,
                SendersWait = (flags[i] & Senders) != 0,
                ReceiversWait = (flags[i] & Receivers) != 0,
                ElementType = types[i],
            };
        }

        int waitCount = reader.Count(2);
        long[] rows = reader.Differences(waitCount);
        int[] waitsOn = reader.Indices(waitCount, 0, count);
        GoroutineWait[] waits = new GoroutineWait[waitCount];
        for (int i = 0; i < waits.Length; i++)
        {
            if (rows[i] < (i == 0 ? 0 : rows[i - 1]) || rows[i] >= rowCount) throw new InvalidDataException($"a wait of row {rows[i]} is out of order");
            waits[i] = new GoroutineWait((int)rows[i], waitsOn[i]);
        }

        return Reading.From(
            state,
            new GoroutineWaits
            {
                Objects = ImmutableCollectionsMarshal.AsImmutableArray(objects),
                ElementTypes = elementTypes,
                Waits = ImmutableCollectionsMarshal.AsImmutableArray(waits),
                Unread = reader.Figure(),
                Missing = ReadTexts(ref reader),
            },
            reason);
    }

    private static void WriteTexts(ColumnWriter writer, ImmutableArray<string> texts)
    {
        writer.Count(texts.Length);
        foreach (string text in texts) writer.Text(text);
    }

    private static ImmutableArray<string> ReadTexts(ref ColumnReader reader)
    {
        string[] texts = new string[reader.Count(1)];
        for (int i = 0; i < texts.Length; i++) texts[i] = reader.Text();
        return ImmutableCollectionsMarshal.AsImmutableArray(texts);
    }
}
