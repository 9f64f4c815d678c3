using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>The user and the groups that a container asks to run as.</summary>
/// <param name="Id">`run_as_user`; null where it was not sent.</param>
/// <param name="Name">`run_as_username`: looked up in the image, if it is no number; empty where it was not sent.</param>
/// <param name="Group">`run_as_group`; null where it was not sent: then the image decides.</param>
/// <param name="Supplemental">`supplemental_groups`.</param>
/// <param name="AddsGroupsOfImage">`supplemental_groups_policy` is Merge: the groups that the image's `/etc/group` names are added (T-U7).</param>
public sealed record UserRequest(long? Id, string Name, long? Group, ImmutableArray<long> Supplemental, bool AddsGroupsOfImage)
{
    public static UserRequest None { get; } = new(null, "", null, [], AddsGroupsOfImage: true);
}

/// <summary>The USER of an image, as the image service tells it: a number, a name, or neither, which is root.</summary>
public sealed record ImageUser(long? Id, string Name)
{
    /// <summary>What an image without a USER runs as.</summary>
    public static ImageUser Root { get; } = new(0, "");
}
