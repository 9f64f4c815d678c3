using System.Collections.Immutable;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Bases;
using FsCheck;

namespace CriGuard.Core.Tests.Profiles;

/// <summary>A base and what it means: of the groups that name a call the first whose conditions hold decides, told here without regions and clauses.</summary>
/// <param name="Base">As it would be read from a file.</param>
/// <param name="Conditions">Of each group, by the arguments; empty for all.</param>
internal sealed record MeantBase(SeccompBase Base, ImmutableArray<ImmutableArray<Func<ulong[], bool>>> Conditions)
{
    public SeccompAction Decide(ProfileContext context, string call, ulong[] arguments)
    {
        foreach (var (index, group) in Base.Groups.Index())
        {
            if (group.Scope.Holds(context) && group.Calls.Contains(call) && (Conditions[index].IsEmpty || Conditions[index].Any(holds => holds(arguments))))
                return group.Action;
        }

        return Base.Otherwise;
    }

    public override string ToString() => $"{Base.Otherwise}; " + string.Join(
        "; ", Base.Groups.Select(static g => $"{string.Join(' ', g.Calls)} [{string.Join(" | ", g.Where.Select(static w => w.Text))}] with {g.Scope.With} without {g.Scope.Without} since {g.Scope.MinKernel}: {g.Action}"));
}

/// <summary>Bases at random, of the calls and numbers that arbitrary profiles have.</summary>
internal static class ArbitraryBases
{
    private static readonly ulong[] Values = [0, 1, 2, 5, 38, 0x80801, uint.MaxValue, 1UL << 32, (1UL << 32) + 5, ulong.MaxValue];

    private static readonly CapabilitySet[] Sets = [CapabilitySet.Empty, CapabilitySet.Of("SYS_ADMIN"), CapabilitySet.Of("BPF"), CapabilitySet.Of("SYS_ADMIN", "BPF"), CapabilitySet.All];

    private static readonly Version[] Kernels = [new(4, 8), new(5, 10), new(6, 1)];

    private static readonly Gen<SeccompAction> Actions =
        Gen.Elements(SeccompAction.Allow, SeccompAction.Allow, SeccompAction.Log, SeccompAction.NotPermitted, SeccompAction.NoSuchCall);

    private static readonly Gen<(string Text, Func<ulong[], bool> Holds)> Terms =
        from index in Gen.Choose(0, 2)
        from value in Gen.Elements(Values)
        from other in Gen.Elements(Values)
        from mask in Gen.Elements<ulong>(1, 3, 0x80800, (1UL << 33) + 1)
        from form in Gen.Choose(0, 5)
        select (form switch
        {
            0 => ($"arg{index} == {value}", a => a[index] == value),
            1 => ($"arg{index} in {value} 0x{other:x}", a => a[index] == value || a[index] == other),
            2 => ($"arg{index} not in {value} {other}", a => a[index] != value && a[index] != other),
            3 => ($"arg{index} & 0x{mask:x} == {value & mask}", a => (a[index] & mask) == (value & mask)),
            4 => ($"arg{index} <= {value}", a => a[index] <= value),
            _ => ($"arg{index} > {value}", (Func<ulong[], bool>)(a => a[index] > value)),
        });

    private static readonly Gen<(ArgumentLine Line, Func<ulong[], bool> Holds)> Lines =
        from terms in Gen.Choose(1, 2).SelectMany(static n => Gen.ListOf(n, Terms))
        select (Parsed(string.Join(" and ", terms.Select(static t => t.Text))), (Func<ulong[], bool>)(a => terms.All(t => t.Holds(a))));

    private static readonly Gen<(SeccompGroup Group, ImmutableArray<Func<ulong[], bool>> Conditions)> Groups =
        from calls in Gen.Choose(1, 3).SelectMany(static n => Gen.ListOf(n, Gen.Elements<string>(ArbitraryProfiles.Calls)))
        from action in Actions
        from lines in Gen.Choose(0, 2).SelectMany(static n => Gen.ListOf(n, Lines))
        from with in Gen.Elements(CapabilitySet.Empty, CapabilitySet.Empty, CapabilitySet.Of("SYS_ADMIN"), CapabilitySet.Of("BPF"))
        from without in Gen.Elements(CapabilitySet.Empty, CapabilitySet.Empty, CapabilitySet.Of("BPF"))
        from since in Gen.Elements(null, new Version(5, 0))
        select (
            new SeccompGroup("g", "w", [.. calls.Distinct()], action, [.. lines.Select(static l => l.Line)]) { Scope = new RuleScope { With = with, Without = without, MinKernel = since } },
            lines.Select(static l => l.Holds).ToImmutableArray());

    public static readonly Gen<MeantBase> Bases =
        from otherwise in Actions
        from narrow in Arb.Generate<bool>()
        from groups in Gen.Choose(0, 5).SelectMany(static n => Gen.ListOf(n, Groups))
        select new MeantBase(new SeccompBase("b", "about", otherwise, narrow, [.. groups.Select(static g => g.Group)]), [.. groups.Select(static g => g.Conditions)]);

    public static readonly Gen<ProfileContext> Contexts =
        from held in Gen.Elements(Sets)
        from kernel in Gen.Elements(Kernels)
        select new ProfileContext(held, CallArchitecture.X64, kernel);

    private static ArgumentLine Parsed(string text) => ArgumentLine.TryParse(text, out var line) ? line : throw new InvalidOperationException(text);
}
