using System.Buffers.Binary;

namespace GoTop.Engine.GoRuntime.Binaries;

/// <summary>
/// Whether the code before a return address is a call. Return addresses of another build of the same program point into the
/// middle of other code, so that hardly any of them follows a call: it tells builds apart that carry no stamp.
/// </summary>
internal static class CallSites
{
    private const int LongestCall = 7;

    /// <param name="returnAddress">For a file loaded at the base it prefers.</param>
    public static bool FollowsCall(BinaryImage image, ulong returnAddress)
    {
        if (returnAddress < LongestCall) return false;
        Span<byte> before = stackalloc byte[LongestCall];
        if (!image.TryRead(returnAddress - LongestCall, before)) return false;
        return image.Machine switch
        {
            BinaryMachine.Amd64 => IsAmd64Call(before),
            BinaryMachine.Arm64 => IsArm64Call(BinaryPrimitives.ReadUInt32LittleEndian(before[3..])),
            _ => false,
        };
    }

    /// <summary>CALL rel32 (E8), or CALL r/m64 (FF /2) of any length.</summary>
    private static bool IsAmd64Call(ReadOnlySpan<byte> before)
    {
        if (before[^5] == 0xe8) return true;
        for (int length = 2; length <= LongestCall; length++)
        {
            byte modRm = before[^(length - 1)];
            if (before[^length] == 0xff && (modRm >> 3 & 7) == 2 && IndirectLength(modRm, length > 2 ? before[^(length - 2)] : (byte)0) == length) return true;
        }

        return false;
    }

    private static int IndirectLength(byte modRm, byte sib)
    {
        int mode = modRm >> 6, register = modRm & 7;
        int sibBytes = mode != 3 && register == 4 ? 1 : 0;
        return 2 + sibBytes + mode switch
        {
            0 when register == 5 || (sibBytes == 1 && (sib & 7) == 5) => 4,
            1 => 1,
            2 => 4,
            _ => 0,
        };
    }

    /// <summary>BL, or BLR Xn.</summary>
    private static bool IsArm64Call(uint instruction) => (instruction & 0xfc00_0000) == 0x9400_0000 || (instruction & 0xffff_fc1f) == 0xd63f_0000;
}
