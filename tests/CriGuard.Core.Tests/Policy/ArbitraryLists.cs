using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Images;
using CriGuard.Core.Workloads;
using FsCheck;

namespace CriGuard.Core.Tests.Policy;

/// <summary>The controls that have lists, and what they look at: drawn apart, and filled up by <see cref="Arbitrary"/>.</summary>
internal static class ArbitraryLists
{
    public static ImmutableDictionary<string, DeviceNode> Devices { get; } = new Dictionary<string, DeviceNode>
    {
        ["/dev/fuse"] = new(DeviceKind.Character, 10, 229, "/dev/fuse"),
        ["c 10:229"] = new(DeviceKind.Character, 10, 229, "/dev/fuse"),
        ["/dev/link"] = new(DeviceKind.Block, 8, 0, "/dev/sda"),
        ["/dev/snd"] = new(DeviceKind.Directory),
    }.ToImmutableDictionary();

    public static Gen<ImmutableSortedDictionary<string, string>> Annotations { get; } =
        from keys in Gen.SubListOf("run.oci.handler", "shm-size.crio.io", "io.kubernetes.cri-o.Devices", "cdi.k8s.io/x", "example.com/x", "io.kubernetes.cri.untrusted-workload")
        from few in Gen.Elements(true, true, false)
        select keys.Take(few ? 0 : 6).ToImmutableSortedDictionary(static k => k, static _ => "true", StringComparer.Ordinal);

    public static Gen<ContainerFacts> Container(ContainerFacts facts) =>
        from annotations in Annotations
        from devices in Gen.SubListOf("/dev/fuse", "/dev/link", "/dev/snd", "/dev/none")
        from permissions in Gen.Elements("rw", "r", "rwm", "")
        from cdi in Gen.SubListOf("vendor.com/gpu=0", "vendor.com/net=0", "")
        from volume in Gen.Elements("", "", "evil.example/models:1", "/x")
        from score in Gen.Elements(0L, 1000L, -997L, -1000L)
        from unified in Gen.SubListOf("memory.high", "io.max", "../x")
        select facts with
        {
            Annotations = annotations,
            Devices = [.. devices.Select(path => new DeviceRequest(path, path, permissions))],
            CdiDevices = [.. cdi],
            ImageVolumes = volume.Length == 0 ? [] : [new ImageVolume("/models", "", new ImageFacts(volume, ""))],
            OomScoreAdj = score,
            Unified = [.. unified],
        };

    public static Gen<EffectiveSpec> Spec(EffectiveSpec spec) =>
        from devices in Gen.SubListOf(new SpecDevice("/dev/fuse", DeviceKind.Character, 10, 229), new SpecDevice("/dev/sda", DeviceKind.Block, 8, 0), new SpecDevice("/dev/null", DeviceKind.Character, 1, 3))
        from all in Gen.Elements(false, false, true)
        from path in Gen.Elements("/kubepods/pod1/c", "kubepods-pod1.slice:cri:c", "system.slice:cri:c", "")
        from score in Gen.Elements(0L, -1000L)
        from hooks in Gen.SubListOf("/bin/hook")
        select spec with { Devices = [.. devices], AllDevices = all, CgroupsPath = path, OomScoreAdj = score, Hooks = [.. hooks] };

    public static Gen<Rule> Rule(Rule rule) =>
        from devices in Gen.Elements(null, null, DeviceSetting.None, DeviceSetting.None.Allowing(["/dev/fuse", "vendor.com/gpu=*"]), DeviceSetting.None with { CdiAnnotations = true })
        from annotations in Gen.Elements(null, null, AnnotationSetting.None, AnnotationSetting.None.Allowing(["run.oci.*"]))
        from images in Gen.Elements(null, null, new ImageSetting([new ImageSource("registry.example")], RequiresDigest: false), new ImageSetting([], RequiresDigest: true))
        from handlers in Gen.Elements(null, null, new RuntimeHandlersSetting(["", "runc", "runsc"]), new RuntimeHandlersSetting(["kata", "untrusted"]))
        from resources in Gen.Elements(null, null, new ResourceSetting("/kubepods", -997, null), new ResourceSetting(null, null, [new Glob("memory.*")]))
        select rule with { Devices = devices, Annotations = annotations, Images = images, RuntimeHandlers = handlers, Resources = resources };
}
