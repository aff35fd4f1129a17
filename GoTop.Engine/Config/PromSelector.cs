namespace GoTop.Engine.Config;

/// <summary>Matchers of PromQL that are to stand between braces: with a slip in them a query would ask for something else.</summary>
public static class PromSelector
{
    /// <summary>What is wrong with them; null when they can stand there.</summary>
    public static string? ProblemOf(string selector)
    {
        char quote = '\0';
        for (int i = 0; i < selector.Length; i++)
        {
            char c = selector[i];
            if (char.IsControl(c)) return "holds a line end or another control character";
            if (quote != '\0')
            {
                if (c == '\\' && quote != '`') i++;
                else if (c == quote) quote = '\0';
            }
            else if (c is '"' or '\'' or '`')
            {
                quote = c;
            }
            else if (c is '{' or '}' or '(' or ')' or '#')
            {
                return $"holds {c} outside of quotation marks: it is what stands between the braces";
            }
        }

        return quote == '\0' ? null : "has a quotation mark that does not end";
    }
}
