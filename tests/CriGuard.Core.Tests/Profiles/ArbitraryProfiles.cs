using System.Collections.Immutable;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using FsCheck;

namespace CriGuard.Core.Tests.Profiles;

/// <summary>Profiles, calls and arguments at random, from few enough values that they meet.</summary>
internal static class ArbitraryProfiles
{
    /// <summary>Calls that are multiplexed on x86 and calls that are not, one newer than another.</summary>
    public static readonly ImmutableArray<string> Calls = ["read", "socket", "ioctl", "semget", "clone", "socketcall", "ipc", "openat2"];

    private static readonly ulong[] Values =
        [0, 1, 2, 3, 5, 16, 38, 39, 0xff, 0x80801, uint.MaxValue - 1, uint.MaxValue, 1UL << 32, (1UL << 32) + 5, 0xffffffff80045430, ulong.MaxValue - 1, ulong.MaxValue];

    /// <summary>Of few bits: what is not in them is a part for each.</summary>
    private static readonly ulong[] Masks = [0, 1, 3, 0x80800, 1UL << 33, (1UL << 33) + 1];

    private static readonly Gen<SeccompAction> Actions = Gen.Frequency(
        Tuple.Create(6, Gen.Constant(SeccompAction.Allow)),
        Tuple.Create(4, Gen.Elements(new SeccompAction(SeccompActionKind.Errno, 1), new SeccompAction(SeccompActionKind.Errno, 38), new SeccompAction(SeccompActionKind.Errno, 13))),
        Tuple.Create(2, Gen.Elements(SeccompAction.Log, SeccompAction.KillThread, new SeccompAction(SeccompActionKind.Notify), new SeccompAction(SeccompActionKind.Trace, 1), new SeccompAction(SeccompActionKind.Trap))));

    private static readonly Gen<ArgumentCondition> Conditions =
        from index in Gen.Choose(0, 2)
        from comparison in Gen.Elements(Enum.GetValues<Comparison>())
        from value in Gen.Elements(Values)
        from masked in Gen.Elements(Values)
        from mask in Gen.Elements(Masks)
        select comparison == Comparison.MaskedEqual ? new ArgumentCondition(index, comparison, mask, masked) : new ArgumentCondition(index, comparison, value);

    private static readonly Gen<SeccompRule> Rules =
        from names in Gen.Choose(1, 2).SelectMany(static n => Gen.ListOf(n, Gen.Elements<string>(Calls)))
        from action in Actions
        from conditions in Gen.Frequency(Tuple.Create(3, Gen.Constant(0)), Tuple.Create(5, Gen.Constant(1)), Tuple.Create(1, Gen.Constant(2))).SelectMany(static n => Gen.ListOf(n, Conditions))
        select new SeccompRule([.. names.Distinct()], action, [.. conditions]);

    public static readonly Gen<SeccompProfile> Profiles =
        from action in Actions
        from architectures in Gen.SubListOf("SCMP_ARCH_X86", "SCMP_ARCH_X32")
        from rules in Gen.Choose(0, 4).SelectMany(static n => Gen.ListOf(n, Rules))
        select new SeccompProfile(action, [.. architectures], [.. rules]);

    public static readonly Gen<(string Call, ulong[] Arguments)> Attempts =
        from call in Gen.Elements<string>([.. Calls, "socketpair", "bind", "mseal"])
        from arguments in Gen.ArrayOf(3, Gen.Elements<ulong>([.. Values, .. Values.Select(static v => v + 1), .. Values.Select(static v => v - 1), 0x10026UL, 0x100000026UL]))
        select (call, arguments);

    public static ProfileContext Context { get; } = new(CapabilitySet.RuntimeDefault, CallArchitecture.X64, new Version(6, 1));
}
