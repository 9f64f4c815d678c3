using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace CriGuard.Core.Workloads;

/// <summary>The user namespace that a workload asks for (`UserNamespace`).</summary>
/// <param name="OfTheNode">True where its users are those of the node: mode NODE, or a request without mappings.</param>
/// <param name="Users">`uids`.</param>
/// <param name="Groups">`gids`.</param>
public sealed record UserNamespaceRequest(bool OfTheNode, ImmutableArray<IdMapping> Users, ImmutableArray<IdMapping> Groups)
{
    public static UserNamespaceRequest None { get; } = new(OfTheNode: true, [], []);

    public bool Equals(UserNamespaceRequest? other) =>
        other is not null && OfTheNode == other.OfTheNode && Users.SequenceEqual(other.Users) && Groups.SequenceEqual(other.Groups);

    public override int GetHashCode() => HashCode.Combine(OfTheNode, Users.Length, Groups.Length);
}

/// <summary>Ids of a user namespace and those that the node has for them (`IDMapping`; user_namespaces(7)).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct IdMapping(long Host, long Container, long Length);
