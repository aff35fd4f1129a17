using System.Collections.Immutable;
using System.Text;

namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// A Windows process has one command line and splits it itself. This is Go's way (os.Args; syscall.readNextArg), which
/// is the C runtime's before 2008: quotes group, 2n backslashes before a quote give n, one more makes it a plain quote,
/// and two quotes within quotes are one plain quote that also ends the group.
/// </summary>
internal static class CommandLineSplitter
{
    public static ImmutableArray<string> Split(ReadOnlySpan<char> line)
    {
        ImmutableArray<string>.Builder arguments = ImmutableArray.CreateBuilder<string>();
        while (true)
        {
            line = line.TrimStart(" \t");
            if (line.IsEmpty) return arguments.DrainToImmutable();
            arguments.Add(Next(ref line));
        }
    }

    private static string Next(ref ReadOnlySpan<char> line)
    {
        StringBuilder argument = new();
        bool quoted = false;
        int backslashes = 0;
        int i = 0;
        for (; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '\\')
            {
                backslashes++;
                continue;
            }

            if (c == '"')
            {
                argument.Append('\\', backslashes / 2);
                if (backslashes % 2 != 0)
                {
                    argument.Append('"');
                }
                else
                {
                    if (quoted && i + 1 < line.Length && line[i + 1] == '"')
                    {
                        argument.Append('"');
                        i++;
                    }

                    quoted = !quoted;
                }
            }
            else
            {
                argument.Append('\\', backslashes);
                backslashes = 0;
                if (c is ' ' or '\t' && !quoted)
                {
                    line = line[(i + 1)..];
                    return argument.ToString();
                }

                argument.Append(c);
            }

            backslashes = 0;
        }

        argument.Append('\\', backslashes);
        line = default;
        return argument.ToString();
    }
}
