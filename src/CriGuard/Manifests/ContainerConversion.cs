using System.Globalization;
using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>CreateContainer as the kubelet makes it (kubernetes, pkg/kubelet/kuberuntime/kuberuntime_container.go and security_context.go).</summary>
internal static class ContainerConversion
{
    private const string TerminationLog = "/dev/termination-log";

    public static KubeletContainer Convert(PodTemplate pod, PodContainer container, PodSandboxConfig sandbox, KubeletSettings settings, Assumptions assumed)
    {
        if (container.Name.Length == 0)
            container.Field.Fail($"`{container.Field.Path}` has no `name`: add it");
        if (container.Image.Length == 0)
            container.Field.Fail($"`{container.Field.Path}` has no `image`: add it");
        var context = SecurityContext(pod, container, settings, assumed);
        var mounts = new MountConversion(pod, container, sandbox, settings, assumed).Convert();
        var config = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = container.Name },
            // The kubelet sends the id of the image as the first of the two.
            Image = new ImageSpec { Image = settings.ImageIds.GetValueOrDefault(container.Image, container.Image), UserSpecifiedImage = container.Image },
            LogPath = $"{container.Name}/0.log",
            Linux = new LinuxContainerConfig { Resources = ResourceConversion.Convert(pod, container, assumed), SecurityContext = context },
        };
        config.Labels.Add(PodNames.Identity(sandbox.Metadata));
        config.Labels["io.kubernetes.container.name"] = container.Name;
        config.Annotations.Add(Annotations(pod, container));
        config.Mounts.Add(mounts.Select(static mount => mount.Mount));
        config.Devices.Add(DeviceConversion.Convert(pod, container, sandbox.Metadata.Uid, assumed));
        foreach (var mount in config.Mounts.Where(_ => context.NamespaceOptions.UsernsOptions.Mode == NamespaceMode.Pod))
        {
            mount.UidMappings.Add(context.NamespaceOptions.UsernsOptions.Uids);
            mount.GidMappings.Add(context.NamespaceOptions.UsernsOptions.Gids);
        }

        var request = new CreateContainerRequest { PodSandboxId = KubeletPod.SandboxId, Config = config, SandboxConfig = sandbox };
        return new KubeletContainer(container, request, [.. mounts.Select(static mount => mount.Source)]);
    }

    /// <summary>Where the container finds the file for its last words; the API server has the default.</summary>
    public static string TerminationPath(PodContainer container) => container.Field["terminationMessagePath"].Text ?? TerminationLog;

    private static LinuxContainerSecurityContext SecurityContext(PodTemplate pod, PodContainer container, KubeletSettings settings, Assumptions assumed)
    {
        var own = container.SecurityContext;
        var context = new LinuxContainerSecurityContext
        {
            Privileged = container.IsPrivileged,
            ReadonlyRootfs = own["readOnlyRootFilesystem"].Flag == true,
            NoNewPrivs = own["allowPrivilegeEscalation"].Flag == false,
            Capabilities = Capabilities(own["capabilities"]),
            NamespaceOptions = NamespaceConversion.Convert(pod, container, assumed),
            SelinuxOptions = UserConversion.SELinux(Own(container, pod, "seLinuxOptions")),
            RunAsGroup = UserConversion.Value(Own(container, pod, "runAsGroup")),
            SupplementalGroupsPolicy = UserConversion.GroupsPolicy(pod),
            Seccomp = ProfileConversion.Seccomp(pod, container, settings, assumed),
        };
        UserConversion.Write(context, pod, container, settings, assumed);
        context.SupplementalGroups.Add(UserConversion.Groups(pod));
        ProfileConversion.WriteAppArmor(context, pod, container);
        ProcPaths.Write(context, own["procMount"]);
        return context;
    }

    private static Field Own(PodContainer container, PodTemplate pod, string key) =>
        container.SecurityContext[key].Exists ? container.SecurityContext[key] : pod.SecurityContext[key];

    private static Capability? Capabilities(Field asked) => asked.Exists
        ? new Capability { AddCapabilities = { asked["add"].Texts }, DropCapabilities = { asked["drop"].Texts } }
        : null;

    private static Dictionary<string, string> Annotations(PodTemplate pod, PodContainer container) => new(StringComparer.Ordinal)
    {
        // Of the whole container, so that one that was changed is made anew.
        ["io.kubernetes.container.hash"] = "0",
        ["io.kubernetes.container.restartCount"] = "0",
        ["io.kubernetes.container.terminationMessagePath"] = TerminationPath(container),
        ["io.kubernetes.container.terminationMessagePolicy"] = container.Field["terminationMessagePolicy"].Text ?? "File",
        ["io.kubernetes.pod.terminationGracePeriod"] = (pod.Spec["terminationGracePeriodSeconds"].Number ?? 30).ToString(CultureInfo.InvariantCulture),
    };
}
