using System.Collections.Frozen;

namespace CriGuard.Manifests;

/// <summary>What a field of a request is asked about: the pod, the container of a CreateContainer, and what stands in the path's brackets.</summary>
internal sealed record FieldSubject(PodTemplate Pod, KubeletContainer? Container, string Key)
{
    public Field Own(string key) => Container?.Source.SecurityContext[key] ?? Pod.SecurityContext[key];

    /// <summary>Where the value is from: the container if it says something, else the pod if that does, else the container, to be added there.</summary>
    public Field OwnOrPods(string key) => Own(key).Exists || !Pod.SecurityContext[key].Exists ? Own(key) : Pod.SecurityContext[key];

    public MountSource? Mount => int.TryParse(Key, out var index) && index < Container?.Mounts.Length ? Container.Mounts[index] : null;

    public Field? Indexed(Field list) => int.TryParse(Key, out var index) && index < list.Items.Length ? list.Items[index] : null;
}

/// <summary>
/// The one table from fields of CRI requests to the fields of a manifest that cause them. A field below one of a row is its row's; null: no field of
/// a manifest causes it.
/// </summary>
internal static class ManifestFields
{
    private const string Context = "config.linux.security_context";

    private static readonly FrozenDictionary<string, Func<FieldSubject, Field?>> Sandbox = new Dictionary<string, Func<FieldSubject, Field?>>
    {
        ["runtime_handler"] = static s => s.Pod.Spec["runtimeClassName"],
        ["config.metadata"] = static s => s.Pod.Object["metadata"],
        ["config.labels"] = static s => s.Pod.Metadata["labels"],
        ["config.labels[]"] = static s => s.Pod.Metadata["labels"][s.Key],
        ["config.annotations"] = static s => s.Pod.Metadata["annotations"],
        ["config.annotations[]"] = static s => s.Pod.Metadata["annotations"][s.Key],
        ["config.port_mappings"] = static s => Port(s.Pod),
        ["config.port_mappings[]"] = static s => Port(s.Pod, s.Key),
        ["config.linux.sysctls"] = static s => s.Pod.SecurityContext["sysctls"],
        ["config.linux.sysctls[]"] = static s => Sysctl(s.Pod, s.Key),
        [$"{Context}.privileged"] = static s => s.Pod.Containers.FirstOrDefault(static c => c.IsPrivileged)?.SecurityContext["privileged"],
        [$"{Context}.namespace_options.network"] = static s => s.Pod.Spec["hostNetwork"],
        [$"{Context}.namespace_options.pid"] = static s => s.Pod.Spec["hostPID"],
        [$"{Context}.namespace_options.ipc"] = static s => s.Pod.Spec["hostIPC"],
        [$"{Context}.namespace_options.userns_options"] = static s => s.Pod.Spec["hostUsers"],
        [$"{Context}.run_as_user"] = static s => s.Pod.SecurityContext["runAsUser"],
        [$"{Context}.run_as_group"] = static s => s.Pod.SecurityContext["runAsGroup"],
        [$"{Context}.supplemental_groups"] = static s => Groups(s.Pod),
        [$"{Context}.supplemental_groups_policy"] = static s => s.Pod.SecurityContext["supplementalGroupsPolicy"],
        [$"{Context}.selinux_options"] = static s => s.Pod.SecurityContext["seLinuxOptions"],
        // The kubelet writes these itself, or never.
        [$"{Context}.seccomp"] = static _ => null,
        [$"{Context}.seccomp_profile_path"] = static _ => null,
        [$"{Context}.apparmor"] = static _ => null,
        [$"{Context}.readonly_rootfs"] = static _ => null,
        ["config.log_directory"] = static _ => null,
        ["config.linux.cgroup_parent"] = static _ => null,
        ["config.windows"] = static _ => null,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<FieldSubject, Field?>> Container = new Dictionary<string, Func<FieldSubject, Field?>>
    {
        ["runtime_handler"] = static s => s.Pod.Spec["runtimeClassName"],
        ["config.metadata"] = static s => s.Container?.Source.Field["name"],
        ["config.image"] = static s => s.Container?.Source.Field["image"],
        ["config.mounts"] = static s => s.Container?.Source.Field["volumeMounts"],
        ["config.mounts[]"] = static s => s.Mount?.Mount,
        ["config.mounts[].host_path"] = static s => HostPath(s.Mount),
        ["config.mounts[].container_path"] = static s => s.Mount?.Mount?["mountPath"],
        ["config.mounts[].readonly"] = static s => s.Mount?.Mount?["readOnly"],
        ["config.mounts[].recursive_read_only"] = static s => s.Mount?.Mount?["recursiveReadOnly"],
        ["config.mounts[].propagation"] = static s => s.Mount?.Mount?["mountPropagation"],
        ["config.mounts[].image"] = static s => s.Mount?.Volume?["image"]["reference"],
        ["config.mounts[].image_sub_path"] = static s => s.Mount?.Mount?["subPath"],
        ["config.devices"] = static s => s.Container?.Source.Field["volumeDevices"],
        ["config.devices[]"] = static s => s.Container is { } container ? s.Indexed(container.Source.Field["volumeDevices"]) : null,
        ["config.CDI_devices"] = static s => s.Container?.Source.Field["resources"]["limits"],
        ["config.linux.resources"] = static s => s.Container?.Source.Field["resources"],
        [$"{Context}.privileged"] = static s => s.Own("privileged"),
        [$"{Context}.capabilities"] = static s => s.Own("capabilities"),
        [$"{Context}.capabilities.add_capabilities"] = static s => s.Own("capabilities")["add"],
        [$"{Context}.capabilities.drop_capabilities"] = static s => s.Own("capabilities")["drop"],
        [$"{Context}.namespace_options.network"] = static s => s.Pod.Spec["hostNetwork"],
        [$"{Context}.namespace_options.pid"] = static s => Pid(s),
        [$"{Context}.namespace_options.ipc"] = static s => s.Pod.Spec["hostIPC"],
        [$"{Context}.namespace_options.target_id"] = static s => s.Container?.Source.Field["targetContainerName"],
        [$"{Context}.namespace_options.userns_options"] = static s => s.Pod.Spec["hostUsers"],
        [$"{Context}.no_new_privs"] = static s => s.Own("allowPrivilegeEscalation"),
        [$"{Context}.readonly_rootfs"] = static s => s.Own("readOnlyRootFilesystem"),
        [$"{Context}.run_as_user"] = static s => s.OwnOrPods("runAsUser"),
        [$"{Context}.run_as_username"] = static s => s.OwnOrPods("runAsUser"),
        [$"{Context}.run_as_group"] = static s => s.OwnOrPods("runAsGroup"),
        [$"{Context}.supplemental_groups"] = static s => Groups(s.Pod),
        [$"{Context}.supplemental_groups_policy"] = static s => s.Pod.SecurityContext["supplementalGroupsPolicy"],
        [$"{Context}.selinux_options"] = static s => s.OwnOrPods("seLinuxOptions"),
        [$"{Context}.seccomp"] = static s => s.OwnOrPods("seccompProfile"),
        [$"{Context}.apparmor"] = static s => AppArmor(s),
        [$"{Context}.apparmor_profile"] = static s => AppArmor(s),
        [$"{Context}.masked_paths"] = static s => s.Own("procMount"),
        [$"{Context}.readonly_paths"] = static s => s.Own("procMount"),
        // The kubelet writes these itself, or never; what it sends of the sandbox again is what it was run with.
        [$"{Context}.seccomp_profile_path"] = static _ => null,
        ["config.labels"] = static _ => null,
        ["config.annotations"] = static _ => null,
        ["config.log_path"] = static _ => null,
        ["config.windows"] = static _ => null,
        ["sandbox_config.annotations"] = static s => s.Pod.Metadata["annotations"],
        ["sandbox_config"] = static _ => null,
        ["pod_sandbox_id"] = static _ => null,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="criField">Of a finding or a change.</param>
    /// <param name="pod">The pod that it is about.</param>
    /// <param name="container">The container; null for a sandbox.</param>
    /// <returns>The field to change; null where there is none.</returns>
    public static Field? Find(string criField, PodTemplate pod, KubeletContainer? container) =>
        Row(criField, container is null, out var key)?.Invoke(new FieldSubject(pod, container, key));

    /// <summary>True where the table says something of it, be it that no field of a manifest causes it.</summary>
    public static bool Knows(string criField, bool ofSandbox) => Row(criField, ofSandbox, out _) is not null;

    private static Func<FieldSubject, Field?>? Row(string criField, bool ofSandbox, out string key)
    {
        var rows = ofSandbox ? Sandbox : Container;
        var path = Unindexed(criField, out key);
        while (path.Length > 0)
        {
            if (rows.TryGetValue(path, out var row))
                return row;
            // `config.mounts[].options` is part of `config.mounts[]`, and that of `config.mounts`.
            path = path.EndsWith("[]", StringComparison.Ordinal) ? path[..^2] : path[..Math.Max(0, path.LastIndexOf('.'))];
        }

        return null;
    }

    // `config.mounts[2].host_path` is `config.mounts[].host_path`; the key of a map may have dots and brackets in it.
    private static string Unindexed(string criField, out string key)
    {
        var (open, close) = (criField.IndexOf('[', StringComparison.Ordinal), criField.LastIndexOf(']'));
        key = open >= 0 && close > open ? criField[(open + 1)..close].Trim('"') : "";
        return key.Length == 0 ? criField : criField[..(open + 1)] + criField[close..];
    }

    private static Field? HostPath(MountSource? mount) => mount?.Volume is not { } volume
        ? null
        : volume["hostPath"].Exists ? volume["hostPath"]["path"] : volume;

    private static Field Pid(FieldSubject subject) => subject.Container?.Source.Field["targetContainerName"] is { Exists: true } target
        ? target
        : subject.Pod.Spec["hostPID"].Exists || !subject.Pod.Spec["shareProcessNamespace"].Exists
            ? subject.Pod.Spec["hostPID"]
            : subject.Pod.Spec["shareProcessNamespace"];

    private static Field AppArmor(FieldSubject subject)
    {
        var annotation = subject.Pod.Metadata["annotations"][ProfileConversion.AppArmorAnnotation + subject.Container?.Source.Name];
        return !subject.Own("appArmorProfile").Exists && annotation.Exists ? annotation : subject.OwnOrPods("appArmorProfile");
    }

    private static Field Groups(PodTemplate pod) =>
        pod.SecurityContext["supplementalGroups"].Exists ? pod.SecurityContext["supplementalGroups"] : pod.SecurityContext["fsGroup"];

    private static Field? Port(PodTemplate pod, string key = "")
    {
        var ports = pod.Spec["containers"].Items.SelectMany(static container => container["ports"].Items).ToList();
        var port = int.TryParse(key, out var index) ? ports.ElementAtOrDefault(index) : ports.Find(static p => p["hostPort"].Exists) ?? ports.FirstOrDefault();
        return port?["hostPort"];
    }

    private static Field Sysctl(PodTemplate pod, string name)
    {
        var sysctls = pod.SecurityContext["sysctls"];
        return sysctls.Items.FirstOrDefault(item => item["name"].Text == name) ?? sysctls;
    }
}
