using System.Globalization;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Enforcement;

/// <summary>Capabilities in each of the five sets, no_new_privs, user and groups, masks and the root file system.</summary>
internal static class PrivilegeDrift
{
    public static IEnumerable<Deviation> Between(StartFacts facts, ContainerFacts asked, EffectiveSpec spec)
    {
        if (!facts.IsPrivileged)
        {
            foreach (var set in Beyond(asked.Capabilities, spec.Sets).GroupBy(static b => Words.List(b.Beyond), StringComparer.Ordinal))
                yield return new Deviation(Aspect.Capabilities, $"{set.Key} ({string.Join(", ", set.Select(static s => s.Set))}), beyond what is asked for");
            foreach (var (missing, how) in Masks(asked, spec))
                yield return new Deviation(Aspect.Masks, $"{Words.List(missing)} {how}, and is asked to be");
        }

        if (asked.NoNewPrivileges && !spec.NoNewPrivileges)
            yield return new Deviation(Aspect.NoNewPrivileges, "no_new_privs off, which is asked to be on");
        foreach (var user in Users(asked.User, spec))
            yield return new Deviation(Aspect.User, user);
        if (asked.ReadOnlyRoot && !spec.ReadOnlyRoot)
            yield return new Deviation(Aspect.ReadOnlyRoot, "a root file system that can be written, which is asked to be read-only");
    }

    private static IEnumerable<(string Set, List<string> Beyond)> Beyond(CapabilityRequest request, CapabilitySets sets)
    {
        var reading = CapabilityReading.Read(request);
        var limit = CapabilityLimit.Of(reading);
        // Only a request that says so fills them; runtimes of today clear both all the same (T-U4, T-U5).
        var ambient = CapabilityLimit.OfAmbient(request, reading);
        foreach (var (name, set) in sets.ByName())
        {
            var allowed = name is "inheritable" or "ambient" ? ambient : limit;
            if (set.Where(capability => !allowed.Holds(capability)).ToList() is { Count: > 0 } beyond)
                yield return (name, beyond);
        }
    }

    private static IEnumerable<(List<string> Missing, string How)> Masks(ContainerFacts asked, EffectiveSpec spec)
    {
        if (asked.MaskedPaths.Except(spec.MaskedPaths).ToList() is { Count: > 0 } open)
            yield return (open, "not masked");
        // What is masked cannot be written either.
        if (asked.ReadonlyPaths.Except(spec.ReadonlyPaths).Except(spec.MaskedPaths).ToList() is { Count: > 0 } writable)
            yield return (writable, "not read-only");
    }

    private static IEnumerable<string> Users(UserRequest asked, EffectiveSpec spec)
    {
        if (asked.Id is { } id && id != spec.UserId)
            yield return $"user {Number(spec.UserId)} instead of {Number(id)}";
        if (asked.Group is { } group && group != spec.GroupId)
            yield return $"group {Number(spec.GroupId)} instead of {Number(group)}";
        if (asked.AddsGroupsOfImage)
            yield break;
        var beyond = spec.Groups.Except(asked.Supplemental).Remove(spec.GroupId);
        if (!beyond.IsEmpty)
            yield return $"groups {Words.List([.. beyond.Select(static g => g.ToString(CultureInfo.InvariantCulture))])}, which it does not ask for";
    }

    private static string Number(long id) => Words.Quote(id.ToString(CultureInfo.InvariantCulture));
}
