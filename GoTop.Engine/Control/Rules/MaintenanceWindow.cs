using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GoTop.Engine.Control.Rules;

/// <summary>
/// A part of the week in local time, e.g. <c>Tue 00:00-02:00</c>, <c>Mon-Fri 22:00-05:00</c>, <c>Sat,Sun 00:00-24:00</c>,
/// <c>daily 02:00-03:00</c>. One that ends earlier than it begins ends on the next day.
/// </summary>
public sealed class MaintenanceWindow
{
    private const int MinutesOfDay = 24 * 60;

    private static readonly ImmutableArray<string> Days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private readonly string _text;
    private readonly bool[] _days;
    private readonly int _from;
    private readonly int _to;

    private MaintenanceWindow(string text, bool[] days, int from, int to) => (_text, _days, _from, _to) = (text, days, from, to);

    /// <summary>Takes nothing but the forms above.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MaintenanceWindow? window, [NotNullWhen(false)] out string? problem)
    {
        window = null;
        string[] parts = text.Split(' ');
        if (parts.Length != 2)
        {
            problem = "it is written as days, one blank, and times: \"Tue 00:00-02:00\", \"Mon-Fri 22:00-05:00\", \"daily 02:00-03:00\"";
            return false;
        }

        if (DaysOf(parts[0]) is not { } days)
        {
            problem = $"\"{parts[0]}\" are no days: write Mon, Mon-Fri, Sat,Sun or daily";
            return false;
        }

        string[] times = parts[1].Split('-');
        if (times.Length != 2 || MinuteOf(times[0]) is not { } from || MinuteOf(times[1]) is not { } to || from == MinutesOfDay)
        {
            problem = $"\"{parts[1]}\" are no times: write 22:00-05:00, from 00:00 to 24:00";
            return false;
        }

        if (from == to)
        {
            problem = "it begins when it ends; the whole day is 00:00-24:00";
            return false;
        }

        problem = null;
        window = new MaintenanceWindow(text, days, from, to);
        return true;
    }

    /// <summary>The end does not belong to it.</summary>
    public bool Contains(DateTimeOffset local)
    {
        int minute = (int)local.TimeOfDay.TotalMinutes, day = (int)local.DayOfWeek;
        if (_from < _to) return _days[day] && minute >= _from && minute < _to;
        return (_days[day] && minute >= _from) || (_days[(day + 6) % 7] && minute < _to);
    }

    public override string ToString() => _text;

    private static bool[]? DaysOf(string text)
    {
        bool[] days = new bool[7];
        if (text == "daily") return [true, true, true, true, true, true, true];
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2) return null;
            int first = Days.IndexOf(ends[0]), last = Days.IndexOf(ends[^1]);
            if (first < 0 || last < 0) return null;
            for (int day = first; ; day = (day + 1) % 7)
            {
                days[day] = true;
                if (day == last) break;
            }
        }

        return days;
    }

    private static int? MinuteOf(string text)
    {
        if (text is not [_, _, ':', _, _]) return null;
        if (!int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int hour) || !int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int minute)) return null;
        return minute < 60 && (hour < 24 || (hour == 24 && minute == 0)) ? (hour * 60) + minute : null;
    }
}
