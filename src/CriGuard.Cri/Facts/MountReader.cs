using System.Collections.Immutable;
using System.Text.Json;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>Facts of mounts; where their paths lead is not theirs to know.</summary>
internal static class MountReader
{
    public static ImmutableArray<MountFacts> Read(IEnumerable<Mount> mounts) => [.. mounts.Select(static mount => new MountFacts
    {
        ContainerPath = mount.ContainerPath,
        HostPath = mount.HostPath,
        ReadOnly = mount.Readonly,
        RecursiveReadOnly = mount.RecursiveReadOnly,
        SelinuxRelabel = mount.SelinuxRelabel,
        Propagation = (Core.Workloads.MountPropagation)mount.Propagation,
        MapsHostRoot = mount.UidMappings.Concat(mount.GidMappings).Any(static m => m is { HostId: 0, Length: > 0 }),
        IsImage = mount.Image is not null,
        Options = [.. mount.MountOptions],
    })];

    /// <summary>The bind mounts of a runtime's spec, those among them that the runtime makes of its own files.</summary>
    public static ImmutableArray<MountFacts> ReadSpec(JsonElement mounts)
    {
        var read = ImmutableArray.CreateBuilder<MountFacts>();
        foreach (var mount in mounts.Items())
        {
            ImmutableArray<string> options = [.. mount.At("options").Items().Select(static o => o.Text())];
            if (!IsBind(mount))
                continue;
            read.Add(new MountFacts
            {
                ContainerPath = mount.At("destination").Text(),
                HostPath = mount.At("source").Text(),
                ReadOnly = options.Any(static o => o is "ro" or "rro"),
                RecursiveReadOnly = options.Contains("rro"),
                Propagation = Propagation(options),
                MapsHostRoot = Maps(mount, "uidMappings") || Maps(mount, "gidMappings"),
            });
        }

        return read.ToImmutable();
    }

    /// <summary>All others: what the kernel makes anew, and file systems of devices.</summary>
    public static ImmutableArray<KernelMount> ReadKernel(JsonElement mounts) =>
    [
        .. mounts.Items().Where(static m => m.IsObject() && !IsBind(m)).Select(static m =>
        {
            ImmutableArray<string> options = [.. m.At("options").Items().Select(static o => o.Text())];
            return new KernelMount(m.At("type").Text(), m.At("destination").Text(), options.Any(static o => o is "ro" or "rro")) { Options = options };
        }),
    ];

    private static bool IsBind(JsonElement mount) =>
        mount.At("type").Text() == "bind" || mount.At("options").Items().Any(static o => o.Text() is "bind" or "rbind");

    private static Core.Workloads.MountPropagation Propagation(ImmutableArray<string> options) =>
        options.Any(static o => o is "rshared" or "shared") ? Core.Workloads.MountPropagation.Bidirectional
        : options.Any(static o => o is "rslave" or "slave") ? Core.Workloads.MountPropagation.HostToContainer
        : Core.Workloads.MountPropagation.Private;

    private static bool Maps(JsonElement mount, string key) => mount.At(key).Items().Any(static m =>
        m.At("hostID") is { ValueKind: JsonValueKind.Number } id && id.TryGetInt64(out var number) && number == 0);
}
