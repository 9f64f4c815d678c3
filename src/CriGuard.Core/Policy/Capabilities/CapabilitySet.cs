using System.Collections.Immutable;
using System.Numerics;

namespace CriGuard.Core.Policy.Capabilities;

/// <summary>A set of Linux capabilities, one bit for each number.</summary>
public readonly record struct CapabilitySet(ulong Bits)
{
    public static CapabilitySet Empty { get; }

    /// <summary>Every capability that has a name here.</summary>
    public static CapabilitySet All { get; } = new((1UL << CapabilityNames.Count) - 1);

    /// <summary>Loads code into the kernel: no policy can grant it.</summary>
    public static CapabilitySet SysModule { get; } = Of("SYS_MODULE");

    /// <summary>What containerd gives where nothing is asked for (oci/spec.go); CRI-O's default is part of it (T-U3).</summary>
    public static CapabilitySet RuntimeDefault { get; } = Of(
        "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID",
        "SETUID", "SETFCAP", "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE");

    public bool IsEmpty => Bits == 0;

    public int Count => BitOperations.PopCount(Bits);

    /// <summary>Names that are not known are left out; parse them one by one where that matters.</summary>
    public static CapabilitySet Of(params ReadOnlySpan<string> names)
    {
        var set = Empty;
        foreach (var name in names)
        {
            if (CapabilityNames.TryParse(name, out var number))
                set = set.With(number);
        }

        return set;
    }

    public static CapabilitySet operator |(CapabilitySet left, CapabilitySet right) => new(left.Bits | right.Bits);

    public static CapabilitySet operator &(CapabilitySet left, CapabilitySet right) => new(left.Bits & right.Bits);

    public static CapabilitySet BitwiseOr(CapabilitySet left, CapabilitySet right) => left | right;

    public static CapabilitySet BitwiseAnd(CapabilitySet left, CapabilitySet right) => left & right;

    public CapabilitySet With(int number) => new(Bits | (1UL << number));

    public CapabilitySet Except(CapabilitySet other) => new(Bits & ~other.Bits);

    /// <summary>By number; upper case, without `CAP_`.</summary>
    public ImmutableArray<string> Names()
    {
        var names = ImmutableArray.CreateBuilder<string>(Count);
        for (var number = 0; number < CapabilityNames.Count; number++)
        {
            if ((Bits & (1UL << number)) != 0)
                names.Add(CapabilityNames.Of(number));
        }

        return names.ToImmutable();
    }
}
