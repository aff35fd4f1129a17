namespace GoTop.Engine.Config;

/// <summary>Something in a configuration or theme file that its author has to put right.</summary>
/// <param name="Line">From 1; 0 when the problem is the file as a whole.</param>
/// <param name="Column">From 1, likewise.</param>
/// <param name="Message">Names the key and what would be right; never holds a secret or a control character.</param>
public sealed record ConfigProblem(string File, int Line, int Column, string Message)
{
    /// <summary>In the form that editors and terminals make clickable: <c>file:line:column: message</c>.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}:{Column}: {Message}" : $"{File}: {Message}";
}
