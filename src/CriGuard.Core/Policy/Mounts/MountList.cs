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
    private const string Shm = "/dev/shm";

    /// <summary>The container that is about to start; null for what is asked for, where a runtime's files are as any other.</summary>
    public StartFacts? Started { get; private init; }

    /// <summary>Those that are no binds; of a request none.</summary>
    public ImmutableArray<KernelMount> FileSystems => Started?.Spec?.KernelMounts ?? [];

    /// <summary>For messages.</summary>
    public string Container => Words.Container(Name);

    public static MountList Of(NodeFacts node, ContainerFacts facts) =>
        new(facts.Name, facts.Sandbox.Pod.Uid, static i => $"config.mounts[{i}]", facts.Mounts, node);

    /// <summary>Without what the runtime mounts of its own, so that numbers say nothing.</summary>
    public static MountList Of(NodeFacts node, StartFacts facts, EffectiveSpec spec) =>
        new(facts.ContainerName, facts.Sandbox.Pod.Uid, static _ => "runtimeSpec.mounts", spec.Mounts, node) { Started = facts };

    /// <summary>Whether a runtime binds a path of its own accord. A pod in the node's ipc namespace is given the node's shared memory: `hostNamespaces` decides on that.</summary>
    public bool IsOfRuntime(MountFacts mount, string path) => Started is { Sandbox: var sandbox } started
        && (RuntimeMount.IsOne(path, mount.ContainerPath, started.ContainerId, sandbox.Id)
            || (path == Shm && mount.ContainerPath == Shm && sandbox.Namespaces.Ipc == NamespaceMode.Node));

    /// <summary>Those of the node's files that the runtime did not make itself, each with its field and its place.</summary>
    public IEnumerable<(MountFacts Mount, string Field, MountPlace Place)> OfTheNode()
    {
        for (var i = 0; i < Items.Length; i++)
        {
            if (Items[i].HostPath.Length > 0 && MountPlace.Of(this, Items[i]) is not MountPlace.OfRuntime and var place)
                yield return (Items[i], FieldOf(i) + ".host_path", place);
        }
    }

    /// <summary>``container `web` mounts `/a` (really `/b`)``.</summary>
    public string Says(MountFacts mount, IEnumerable<string> paths)
    {
        var real = paths.FirstOrDefault(mount.HostPath);
        return $"{Container} mounts {Words.Quote(mount.HostPath)}{(real == mount.HostPath ? "" : $", really {Words.Quote(real)}")}";
    }
}
