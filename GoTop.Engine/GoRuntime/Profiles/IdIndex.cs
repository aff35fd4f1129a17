using System.Globalization;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>Finds an entry of a table by its id. Ids are any numbers but 0; those of most writers count from 1.</summary>
internal sealed class IdIndex
{
    private readonly int _counted;
    private readonly Dictionary<ulong, int>? _places;

    private IdIndex(int counted, Dictionary<ulong, int>? places)
    {
        _counted = counted;
        _places = places;
    }

    /// <param name="table">As profile.proto names it, for problems.</param>
    /// <param name="offsets">Where each entry lies.</param>
    /// <exception cref="ProfileException">An id is 0, or two are the same.</exception>
    public static IdIndex Build(string table, ReadOnlySpan<ulong> ids, ReadOnlySpan<long> offsets)
    {
        int counted = 0;
        while (counted < ids.Length && ids[counted] == (ulong)counted + 1) counted++;
        if (counted == ids.Length) return new IdIndex(counted, null);
        Dictionary<ulong, int> places = new(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] == 0) throw ProfileException.At(offsets[i], table + ".id", "0 is no id");
            if (!places.TryAdd(ids[i], i))
                throw ProfileException.At(offsets[i], table + ".id", string.Create(CultureInfo.InvariantCulture, $"{ids[i]} is the id of another one too"));
        }

        return new IdIndex(0, places);
    }

    /// <summary>The entry's place; −1 when none has this id.</summary>
    public int Find(ulong id)
    {
        if (_places is null) return id - 1 < (ulong)_counted ? (int)(id - 1) : -1;
        return _places.TryGetValue(id, out int place) ? place : -1;
    }
}
