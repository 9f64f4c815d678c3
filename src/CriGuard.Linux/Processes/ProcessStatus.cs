using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace CriGuard.Linux.Processes;

/// <summary>How far the kernel confines a process: the lines of `/proc/PID/status` that say so (proc_pid_status(5)).</summary>
public sealed record ProcessStatus
{
    public required uint RealUid { get; init; }

    public required uint EffectiveUid { get; init; }

    public required CapabilityMasks Capabilities { get; init; }

    public required bool NoNewPrivileges { get; init; }

    public required SeccompMode Seccomp { get; init; }

    /// <summary>Filters attached to the main thread; null from kernels before 5.9, which do not count them.</summary>
    public int? SeccompFilters { get; init; }

    //   Name:   nginx                                 a newline in a name is escaped by the kernel
    //   Uid:    1000    1001    1000    1000          (1) real, (2) effective, then saved and file system
    //   CapInh: 0000000000000000                      (3) 64 bits in hexadecimal, as the four below
    //   CapPrm: 00000000a80425fb                      (4)
    //   CapEff: 00000000a80425fb                      (5)
    //   CapBnd: 00000000a80425fb                      (6)
    //   CapAmb: 0000000000000000                      (7)
    //   NoNewPrivs:     1                             (8) 0 or 1
    //   Seccomp:        2                             (9) 0, 1 or 2
    //   Seccomp_filters:        1                     (10) may be missing

    /// <summary>Reads the text of the file; false where a line that is needed is missing or odd.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out ProcessStatus? status)
    {
        status = null;
        if (!TryUids(Value(text, "Uid:"u8), out var real, out var effective)
            || !TryMask(Value(text, "CapInh:"u8), out var inheritable)
            || !TryMask(Value(text, "CapPrm:"u8), out var permitted)
            || !TryMask(Value(text, "CapEff:"u8), out var effectiveSet)
            || !TryMask(Value(text, "CapBnd:"u8), out var bounding)
            || !TryMask(Value(text, "CapAmb:"u8), out var ambient)
            || !TryNumber(Value(text, "NoNewPrivs:"u8), out var noNewPrivileges) || noNewPrivileges > 1
            || !TryNumber(Value(text, "Seccomp:"u8), out var seccomp) || seccomp > (uint)SeccompMode.Filter)
        {
            return false;
        }

        status = new ProcessStatus
        {
            RealUid = real,
            EffectiveUid = effective,
            Capabilities = new CapabilityMasks(inheritable, permitted, effectiveSet, bounding, ambient),
            NoNewPrivileges = noNewPrivileges == 1,
            Seccomp = (SeccompMode)seccomp,
            SeccompFilters = TryNumber(Value(text, "Seccomp_filters:"u8), out var filters) ? (int)filters : null,
        };
        return true;
    }

    // What follows the name of the line that begins with it; empty where there is no such line.
    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        foreach (var line in text.Split((byte)'\n'))
        {
            if (text[line].StartsWith(name))
                return text[line][name.Length..].Trim("\t "u8);
        }

        return [];
    }

    private static bool TryUids(ReadOnlySpan<byte> value, out uint real, out uint effective)
    {
        effective = 0;
        var tab = value.IndexOf((byte)'\t');
        if (!Utf8Parser.TryParse(value, out real, out var used) || used != tab)
            return false;

        var rest = value[(tab + 1)..];
        return Utf8Parser.TryParse(rest, out effective, out used) && used < rest.Length && rest[used] == (byte)'\t';
    }

    private static bool TryMask(ReadOnlySpan<byte> value, out ulong mask) =>
        Utf8Parser.TryParse(value, out mask, out var used, 'x') && used == value.Length;

    private static bool TryNumber(ReadOnlySpan<byte> value, out uint number) =>
        Utf8Parser.TryParse(value, out number, out var used) && used == value.Length && number <= int.MaxValue;
}
