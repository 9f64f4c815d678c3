using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Mounts;

/// <summary>The mounts of one container, as the request or as the runtime's spec has them.</summary>
/// <param name="Name">The container's.</param>
/// <param name="PodUid">The sandbox's.</param>
/// <param name="FieldOf">Path of one of them by its number.</param>
/// <param name="Items">All of them.</param>
/// <param name="Node">What the node knows.</param>
internal sealed record MountList(string Name, string PodUid, Func<int, string> FieldOf, ImmutableArray<MountFacts> Items, NodeFacts Node)
{
    /// <summary>For messages.</summary>
    public string Container => Words.Container(Name);

    public static MountList Of(NodeFacts node, ContainerFacts facts) =>
        new(facts.Name, facts.Sandbox.Pod.Uid, static i => $"config.mounts[{i}]", facts.Mounts, node);

    /// <summary>Without what the runtime mounts of its own, so that numbers say nothing.</summary>
    public static MountList Of(NodeFacts node, StartFacts facts, EffectiveSpec spec) =>
        new(facts.ContainerName, facts.Sandbox.Pod.Uid, static _ => "runtimeSpec.mounts", spec.Mounts, node);

    /// <summary>Those of the node's files, each with its field and its place.</summary>
    public IEnumerable<(MountFacts Mount, string Field, MountPlace Place)> OfTheNode()
    {
        for (var i = 0; i < Items.Length; i++)
        {
            if (Items[i].HostPath.Length > 0)
                yield return (Items[i], FieldOf(i) + ".host_path", MountPlace.Of(this, Items[i]));
        }
    }

    /// <summary>``container `web` mounts `/a` (really `/b`)``.</summary>
    public string Says(MountFacts mount, IEnumerable<string> paths)
    {
        var real = paths.FirstOrDefault(mount.HostPath);
        return $"{Container} mounts {Words.Quote(mount.HostPath)}{(real == mount.HostPath ? "" : $", really {Words.Quote(real)}")}";
    }
}
