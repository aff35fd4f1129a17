using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Tests.Support;

/// <summary>Profiles from lines such as <c>main.main;main.work;runtime.memmove 30</c>: outermost first, then a value per sample type.</summary>
internal static class Stacks
{
    public static Profile Profile(ProfileValueType type, params string[] lines) => Builder([type], lines).Build();

    public static ProfileBuilder Builder(ProfileValueType[] types, params string[] lines)
    {
        ProfileBuilder builder = new([.. types]);
        foreach (string line in lines) Add(builder, line);
        return builder;
    }

    /// <param name="line">A frame is <c>function</c> or <c>function@file:line</c>.</param>
    public static void Add(ProfileBuilder builder, string line, params KeyValuePair<string, string>[] labels)
    {
        string[] parts = line.Split(' ');
        ProfileFrame[] frames = [.. parts[0].Split(';', StringSplitOptions.RemoveEmptyEntries).Reverse().Select(Frame)];
        builder.AddSample(frames, [.. parts[1..].Select(value => long.Parse(value, System.Globalization.CultureInfo.InvariantCulture))], labels);
    }

    private static ProfileFrame Frame(string text)
    {
        int at = text.IndexOf('@');
        if (at < 0) return new ProfileFrame(text, "", 0);
        int colon = text.LastIndexOf(':');
        return new ProfileFrame(text[..at], text[(at + 1)..colon], long.Parse(text[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
