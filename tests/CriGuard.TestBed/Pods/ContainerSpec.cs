using CriGuard.TestBed.Runtime;

namespace CriGuard.TestBed.Pods;

/// <summary>What a user asks of one container; `null` or empty where the user says nothing.</summary>
public sealed record ContainerSpec
{
    /// <summary>A kubelet's digest of what the pod says of it (`io.kubernetes.container.hash`): it makes a container anew whose digest is another.</summary>
    public const string Hash = "5d4b1f3a";

    public string Name { get; init; } = "main";

    public string Image { get; init; } = Node.Image;

    public IReadOnlyList<string> Command { get; init; } = ["/bin/busybox", "sleep", "100000"];

    public IReadOnlyList<string> AddCapabilities { get; init; } = [];

    public IReadOnlyList<string> DropCapabilities { get; init; } = [];

    public bool Privileged { get; init; }

    /// <summary>A kubelet with `seccompDefault` sends RuntimeDefault for a pod that says nothing, one without it Unconfined.</summary>
    public SecurityProfile.Types.ProfileType Seccomp { get; init; } = SecurityProfile.Types.ProfileType.RuntimeDefault;

    /// <summary>What <see cref="AppArmor"/> is for `Unconfined`; no profile has this name.</summary>
    public const string Unconfined = "unconfined";

    /// <summary>Name of an AppArmor profile of the node, `Localhost`, or <see cref="Unconfined"/>; `null` where the pod says nothing.</summary>
    public string? AppArmor { get; init; }

    /// <summary>Path of the file of a Localhost profile, as the kubelet makes it; then <see cref="Seccomp"/> does not count.</summary>
    public string SeccompFile { get; init; } = "";

    /// <summary>`allowPrivilegeEscalation: false` of a pod becomes `no_new_privs`.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>The kubelet always sends a number: the pod's own, or the image's.</summary>
    public long User { get; init; }

    /// <summary>The kubelet sends no masks for a pod with `procMount: Unmasked`.</summary>
    public bool Unmasked { get; init; }
    /// <summary>As a device plugin has the kubelet ask for them: paths of the node.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Paths of the node by paths in the container, as `hostPath` volumes give them.</summary>
    public IReadOnlyDictionary<string, string> HostPaths { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
