using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>Whom a workload runs as: user and groups, the user namespace that they are of, the SELinux label.</summary>
internal static class IdentityReader
{
    public static UserRequest User(LinuxContainerSecurityContext context) => new(
        context.RunAsUser?.Value, context.RunAsUsername, context.RunAsGroup?.Value, [.. context.SupplementalGroups],
        context.SupplementalGroupsPolicy != SupplementalGroupsPolicy.Strict);

    public static SeLinuxRequest SeLinux(SELinuxOption? sent) =>
        sent is null ? SeLinuxRequest.None : new SeLinuxRequest(sent.User, sent.Role, sent.Type, sent.Level);

    /// <summary>An absent one counts as the node's: "POD must be assumed" gives a namespace without mappings, which no runtime makes (T-U9).</summary>
    public static UserNamespaceRequest UserNamespace(NamespaceOption? option)
    {
        if (option?.UsernsOptions is not { } sent)
            return UserNamespaceRequest.None;
        var (users, groups) = (Mappings(sent.Uids), Mappings(sent.Gids));
        return new UserNamespaceRequest(sent.Mode != Runtime.NamespaceMode.Pod || (users.IsEmpty && groups.IsEmpty), users, groups);
    }

    /// <summary>A kubelet sends one of the two, and runtimes take the name; null where they agree.</summary>
    public static Anomaly? OfUser(UserRequest user, string field) => user is { Id: { } id, Name.Length: > 0 } && user.Name != id.ToString(CultureInfo.InvariantCulture)
        ? new Anomaly($"{field}.run_as_username", $"user `{user.Name}` is asked for beside user `{id.ToString(CultureInfo.InvariantCulture)}`: the name counts")
        : null;

    /// <summary>No Linux runtime reads these fields: whoever sends them takes the node for another (T-W).</summary>
    public static Anomaly OfWindows(string field) => new($"{field}.windows", "Windows settings are sent, which nothing on this node reads");

    private static ImmutableArray<IdMapping> Mappings(IEnumerable<IDMapping> sent) =>
        [.. sent.Select(static m => new IdMapping(m.HostId, m.ContainerId, m.Length))];
}
