using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Enforcement;

/// <summary>Compares a running process with the runtime spec that it was started with.</summary>
public static class ProcessDrift
{
    private const int FilterMode = 2;

    /// <summary>What the process has less of, or more of, than its spec gives it; empty where all is as it must be, and where the kernel cannot know.</summary>
    public static ImmutableArray<Deviation> Between(EffectiveSpec spec, ProcessFacts process)
    {
        if (Isolator.Is(process))
            return [];
        var found = ImmutableArray.CreateBuilder<Deviation>();
        if (spec.SeccompDefaultAction is not null && process.SeccompMode != FilterMode)
            found.Add(new Deviation(Aspect.Seccomp, $"seccomp mode {process.SeccompMode}, and its spec has a filter"));
        found.AddRange(Labels(spec, process));
        foreach (var set in Beyond(spec.Sets, process.Capabilities).Where(static b => !b.Beyond.IsEmpty).GroupBy(static b => b.Beyond))
            found.Add(new Deviation(Aspect.Capabilities, $"{Words.List([.. set.Key.Names().Select(static n => "CAP_" + n)])} ({string.Join(", ", set.Select(static s => s.Set))}), beyond its spec"));
        if (spec.NoNewPrivileges && !process.NoNewPrivileges)
            found.Add(new Deviation(Aspect.NoNewPrivileges, "no_new_privs off, and its spec sets it"));
        if (!IsMapped(spec.UserNamespace, process))
            found.Add(new Deviation(Aspect.UserNamespace, "other ids of the node than its spec maps"));
        if (spec.OwnNamespaces.Intersect(process.NodeNamespaces) is { IsEmpty: false } shared)
            found.Add(new Deviation(Aspect.Namespaces, $"the node's {Words.List(shared)} namespace, and its spec gives it another"));
        return found.ToImmutable();
    }

    /// <summary>
    /// What another process inside the container has that neither its first nor any child of it can come to: somebody entered it. Filters, no_new_privs and
    /// bounding sets are inherited and never loosened (seccomp(2), capabilities(7)).
    /// </summary>
    /// <param name="spec">Of the container.</param>
    /// <param name="first">Its first process.</param>
    /// <param name="other">As the kernel says after the runtime is done with it: at first it is the runtime's own.</param>
    public static ImmutableArray<Deviation> Beside(EffectiveSpec spec, ProcessFacts first, ProcessFacts other)
    {
        if (Isolator.Is(first))
            return [];
        // In a user namespace that it made itself a process has all capabilities, and none of them outside (user_namespaces(7)).
        var inner = !other.NodeNamespaces.Contains("user") && other.Namespaces.GetValueOrDefault("user") != first.Namespaces.GetValueOrDefault("user");
        var found = Between(spec, inner ? other with { Capabilities = new(0, 0, 0, 0, 0), Users = first.Users, Groups = first.Groups } : other);
        var keepsUser = spec.NoNewPrivileges && spec.UserId != 0 && !spec.Sets.Ambient.Contains("CAP_SETUID");
        return keepsUser && !inner && other.UserId != first.UserId ? found.Add(new Deviation(Aspect.User, $"user {other.UserId}, which its spec gives no way to become")) : found;
    }

    private static IEnumerable<Deviation> Labels(EffectiveSpec spec, ProcessFacts process)
    {
        // A program may go on to a profile below its own: `web//child` (apparmor.d(5)).
        var (profile, label) = (spec.AppArmorProfile, process.AppArmor.Split(" (")[0]);
        if (profile.Length > 0 && profile != "unconfined" && label != profile && !label.StartsWith(profile + "//", StringComparison.Ordinal))
            yield return new Deviation(Aspect.AppArmor, $"{(label.Length == 0 ? "no AppArmor profile" : $"the AppArmor profile {Words.Quote(label)}")}, and its spec names {Words.Quote(profile)}");
        else if (profile.Length > 0 && process.AppArmor.EndsWith("(complain)", StringComparison.Ordinal))
            yield return new Deviation(Aspect.AppArmor, $"the AppArmor profile {Words.Quote(label)} in complain mode, which forbids nothing");
        if (spec.SeLinuxLabel.Length > 0 && process.Label != spec.SeLinuxLabel)
            yield return new Deviation(Aspect.SeLinux, $"the SELinux label {Words.Quote(process.Label)} instead of {Words.Quote(spec.SeLinuxLabel)}");
    }

    // The program that root runs, or that has a setuid bit, gets what the bounding set leaves (capabilities(7), "Transformation of capabilities during execve()").
    private static IEnumerable<(string Set, CapabilitySet Beyond)> Beyond(CapabilitySets spec, ProcessCapabilities process)
    {
        var bounding = Of(spec.Bounding);
        yield return ("bounding", Held(process.Bounding).Except(bounding));
        yield return ("effective", Held(process.Effective).Except(bounding | Of(spec.Effective)));
        yield return ("permitted", Held(process.Permitted).Except(bounding | Of(spec.Permitted)));
        yield return ("inheritable", Held(process.Inheritable).Except(Of(spec.Inheritable)));
        yield return ("ambient", Held(process.Ambient).Except(Of(spec.Ambient)));
    }

    // What a newer kernel has more has no name here, in the spec neither.
    private static CapabilitySet Held(ulong set) => new CapabilitySet(set) & CapabilitySet.All;

    private static CapabilitySet Of(ImmutableSortedSet<string> names) => CapabilitySet.Of([.. names]);

    private static bool IsMapped(UserNamespaceRequest spec, ProcessFacts process) => spec.OfTheNode
        || (spec.Users.ToHashSet().SetEquals(process.Users) && spec.Groups.ToHashSet().SetEquals(process.Groups));
}
