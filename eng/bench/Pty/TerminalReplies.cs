using System.Text;

namespace GoTop.Bench.Pty;

/// <summary>Answers what programs ask a terminal, as an xterm-256color with true colour does: a program that waits for an
/// answer is then not measured waiting for a time-out.</summary>
internal sealed class TerminalReplies(int columns, int rows, Action<byte[]> reply) : VtParser
{
    protected override void OnCsi(string parameters, char final)
    {
        string? answer = (parameters, final) switch
        {
            ("" or "0", 'c') => "\e[?62;22c", // DA1: VT220 with colour
            (">" or ">0", 'c') => "\e[>41;380;0c", // DA2: xterm
            ("5", 'n') => "\e[0n",
            ("6", 'n') => "\e[1;1R",
            ("?6", 'n') => "\e[?1;1R",
            (">" or ">0", 'q') => "\eP>|XTerm(380)\e\\", // XTVERSION
            ("?", 'u') => "\e[?0u", // kitty keyboard: known, nothing switched on
            ("14", 't') => $"\e[4;{rows * 16};{columns * 8}t",
            ("16", 't') => "\e[6;16;8t",
            ("18", 't') => $"\e[8;{rows};{columns}t",
            ({ Length: > 2 } mode, 'p') when mode[0] == '?' && mode[^1] == '$' => $"\e[{mode}"[..^1] + ";2$y", // DECRQM: known, reset
            _ => null,
        };
        if (answer is not null) reply(Encoding.ASCII.GetBytes(answer));
    }

    protected override void OnString(string text)
    {
        string? answer = text switch
        {
            "]10;?" => "\e]10;rgb:dddd/dddd/dddd\e\\",
            "]11;?" => "\e]11;rgb:0000/0000/0000\e\\",
            "]12;?" => "\e]12;rgb:ffff/ffff/ffff\e\\",
            _ when text.StartsWith("]4;", StringComparison.Ordinal) && text.EndsWith(";?", StringComparison.Ordinal) => $"\e{text[..^1]}rgb:8080/8080/8080\e\\",
            _ when text.StartsWith("P+q", StringComparison.Ordinal) => "\eP0+r\e\\", // XTGETTCAP: not known
            _ when text.StartsWith("P$q", StringComparison.Ordinal) => "\eP0$r\e\\", // DECRQSS: not known
            _ => null,
        };
        if (answer is not null) reply(Encoding.ASCII.GetBytes(answer));
    }
}
