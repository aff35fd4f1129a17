using System.Collections.Immutable;
using System.Text;

namespace GoTop.Engine.Control.Capture;

/// <summary>
/// A command as it stands in the configuration: a program and its arguments, apart by blanks, quoted with <c>"</c> or <c>'</c>
/// where they hold some. <c>{file}</c> stands for a file; without it the file comes last. No shell sees it.
/// </summary>
public sealed record CommandTemplate(string Program, ImmutableArray<string> Arguments)
{
    private const string FilePlace = "{file}";

    /// <summary>Null when there is no program, or a quotation does not end.</summary>
    public static CommandTemplate? TryParse(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        char quote = '\0';
        foreach (char c in text)
        {
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else word!.Append(c);
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                word ??= new StringBuilder();
            }
            else if (!char.IsWhiteSpace(c))
            {
                (word ??= new StringBuilder()).Append(c);
            }
            else if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }

        if (word is not null) words.Add(word.ToString());
        return quote != '\0' || words.Count == 0 || words[0].Length == 0 || words[0].Contains(FilePlace, StringComparison.Ordinal)
            ? null
            : new CommandTemplate(words[0], [.. words[1..]]);
    }

    /// <summary>The arguments for a file.</summary>
    public ImmutableArray<string> For(string file) => Arguments.Any(argument => argument.Contains(FilePlace, StringComparison.Ordinal))
        ? [.. Arguments.Select(argument => argument.Replace(FilePlace, file, StringComparison.Ordinal))]
        : [.. Arguments, file];
}
