using System.Buffers.Binary;
using GoTop.Engine.GoRuntime.Symbols;

namespace GoTop.Engine.GoRuntime.Memory.Amd64;

internal enum DataAccess : byte
{
    Other,

    /// <summary>MOV of 8 bytes from memory.</summary>
    LoadWord,

    /// <summary>LEA: the variable's address is taken.</summary>
    Address,

    /// <summary>CMP of 8 bytes with a register.</summary>
    CompareWord,

    /// <summary>CMP (or ADD …) of 4 bytes with a constant byte.</summary>
    CompareWithByte,
}

internal readonly record struct DataOperand(DataAccess Access, ulong Target);

/// <summary>
/// RIP-relative operands of a function that point into Go's data. No disassembler: each byte is tried as the start of
/// an instruction, and what does not point into the data is dropped, which leaves no false ones in practice.
/// </summary>
internal static class Amd64DataOperands
{
    private const int MaximumFunctionSize = 1 << 16;
    private const byte RexMask = 0xf0;
    private const byte Rex = 0x40;
    private const byte RexWide = 0x08;
    private const byte RipRelativeMask = 0xc7;
    private const byte RipRelative = 0x05;

    public static List<DataOperand> Of(SymbolTable symbols, in FunctionSymbol function)
    {
        List<DataOperand> operands = [];
        byte[] code = new byte[(int)Math.Min(function.End - function.Entry, MaximumFunctionSize)];
        if (!symbols.Image.TryRead(function.Entry, code)) return operands;
        for (int at = 0; at + 6 <= code.Length; at++)
        {
            bool hasRex = (code[at] & RexMask) == Rex;
            int opcodeAt = hasRex ? at + 1 : at;
            bool wide = hasRex && (code[at] & RexWide) != 0;
            int operandAt = opcodeAt + 1;
            byte opcode = code[opcodeAt];
            int immediate = ImmediateLength(opcode);
            if (opcode == 0x0f && operandAt < code.Length && code[operandAt] is 0xb6 or 0xb7 or 0x10 or 0x11 or 0xc1 or 0xb1)
            {
                immediate = 0;
                opcode = 0;
                operandAt++;
            }

            if (immediate < 0 || operandAt + 5 > code.Length || (code[operandAt] & RipRelativeMask) != RipRelative) continue;
            int displacement = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(operandAt + 1));
            ulong target = function.Entry + (ulong)(operandAt + 5 + immediate) + (ulong)(long)displacement;
            if (target < symbols.Module.DataStart || target >= symbols.Module.DataEnd) continue;
            operands.Add(new DataOperand(AccessOf(opcode, wide), target));
            at = operandAt + 4;
        }

        return operands;
    }

    /// <summary>Bytes of constant after the operand; −1 for an opcode that is not looked at.</summary>
    private static int ImmediateLength(byte opcode) => opcode switch
    {
        0x8b or 0x8d or 0x89 or 0x39 or 0x3b or 0x03 or 0x01 or 0x85 or 0x87 or 0x63 => 0,
        0x83 or 0xc6 or 0x80 => 1,
        0xc7 or 0x81 => 4,
        _ => -1,
    };

    private static DataAccess AccessOf(byte opcode, bool wide) => (opcode, wide) switch
    {
        (0x8b, true) => DataAccess.LoadWord,
        (0x8d, true) => DataAccess.Address,
        (0x39, true) => DataAccess.CompareWord,
        (0x83, false) => DataAccess.CompareWithByte,
        _ => DataAccess.Other,
    };
}
