using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>
/// The annotations by which whoever writes a pod's metadata changes what a runtime does (T-N1 to T-N9, T-S6, T-S7, T-S12), in the sources of the
/// runtimes that honour them. The old AppArmor and seccomp annotations (T-N10) are not among them: runtimes look at the fields alone.
/// </summary>
internal static class BehaviourAnnotations
{
    private const string OldCrio = "io.kubernetes.cri-o.";

    /// <summary>A label with which CRI-O leaves the node's FIPS mode (T-N7).</summary>
    private const string FipsLabel = "FIPS_DISABLE";

    private const string OldSeccomp = "seccomp-profile.kubernetes.cri-o.io";

    /// <summary>Sandboxed runtimes (T-N5, T-N6).</summary>
    private static readonly ImmutableArray<Glob> Sandboxes = [new("dev.gvisor.*"), new("io.katacontainers.*")];

    private static readonly ImmutableArray<Glob> Known =
    [
        // containerd: another handler, another snapshotter.
        new("io.kubernetes.cri.untrusted-workload"), new("io.containerd.cri.runtime-handler"),

        // containerd's shim: into which process a container goes, be it another pod's.
        new("io.containerd.runc.v2.group"), new("io.kubernetes.cri.sandbox-id"),

        // containerd and CRI-O: classes of block I/O and of cache and memory bandwidth (T-N9).
        new("io.kubernetes.cri.blockio-class"), new("io.kubernetes.cri.rdt-class"),
        new("blockio.resources.beta.kubernetes.io/*"), new("rdt.resources.beta.kubernetes.io/*"),

        // runc and crun: systemd properties, CRIU's configuration, hooks, other handlers of crun's own (T-N4).
        new("run.oci.*"), new("krun.*"), new("org.systemd.property.*"), new("org.criu.*"), new("bundle"), new("io.kubernetes.cri.container-type"),
        new("module.wasm.image/*"), new("io.containers.trace-syscall"),

        // CRI-O, in both of its spellings (T-N7, T-S6, T-S7).
        new(OldCrio + "*"), new("*.crio.io"), new("*.crio.io/*"), new("*.crio.io.*"), new(OldSeccomp), new(OldSeccomp + "/*"),

        .. Sandboxes,

        // Devices, hooks and whatever else plugins make of them (T-D2, T-D3).
        new("cdi.k8s.io/*"), new("*.nri.io"), new("*.nri.io/*"), new("*.nri.containerd.io"), new("*.nri.containerd.io/*"),
    ];

    /// <summary>gVisor's hints on the pod's own volumes, which its documentation tells pod authors to write: they choose how a volume is cached, and give no other one.</summary>
    private static readonly Glob Hints = new("dev.gvisor.spec.mount.*");

    private static readonly ImmutableArray<Glob> Devices = [new("devices.crio.io"), new("devices.crio.io/*"), new("devices.nri.*"), new("cdi-devices.nri.*")];

    /// <summary>The keys that change something, each once and in order.</summary>
    public static List<string> Among(IEnumerable<string> keys) =>
        [.. keys.Where(static key => !Hints.Matches(key) && Known.Any(glob => glob.Matches(key))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The same of labels: CRI-O hands every label of a pod on as an annotation.</summary>
    public static List<string> AmongLabels(IEnumerable<string> keys)
    {
        var sent = keys.ToList();
        return [.. Among(sent).Concat(sent.Where(static key => key == FipsLabel)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The keys that configure a sandboxed runtime.</summary>
    public static List<string> OfSandboxes(IEnumerable<string> keys) => Among(keys.Where(static key => Sandboxes.Any(glob => glob.Matches(key))));

    /// <summary>The keys that give a container devices, of the pod or of the container; CDI's own are read by what they name.</summary>
    public static List<string> GivingDevices(IEnumerable<string> keys) =>
        [.. keys.Where(static key => Devices.Any(glob => glob.Matches(Folded(key)))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>An allowed spelling of CRI-O's allows the other: `io.kubernetes.cri-o.ShmSize` and `shm-size.crio.io` are one.</summary>
    public static bool Matches(Glob glob, string key) => glob.Matches(key) || new Glob(Folded(glob.Pattern)).Matches(Folded(key));

    /// <summary>CRI-O's keys as `shmsize.crio.io/container`; others as they are.</summary>
    private static string Folded(string key)
    {
        if (key == OldSeccomp || key.StartsWith(OldSeccomp + "/", StringComparison.Ordinal))
            return "seccompprofile.crio.io" + key[OldSeccomp.Length..];
        if (key.StartsWith(OldCrio, StringComparison.Ordinal))
        {
            var rest = key[OldCrio.Length..];
            var end = rest.AsSpan().IndexOfAny('.', '/');
            return end < 0 ? Name(rest) : $"{Name(rest[..end])}/{rest[(end + 1)..]}";
        }

        const string suffix = ".crio.io";
        var at = key.IndexOf(suffix, StringComparison.Ordinal);
        var after = at + suffix.Length;
        if (at <= 0 || (after < key.Length && key[after] is not ('/' or '.')))
            return key;
        return after == key.Length ? Name(key[..at]) : $"{Name(key[..at])}/{key[(after + 1)..]}";

        static string Name(string feature) => feature.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant() + suffix;
    }
}
