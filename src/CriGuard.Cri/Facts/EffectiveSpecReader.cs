using System.Collections.Immutable;
using System.Text.Json;
using CriGuard.Core.Workloads;

namespace CriGuard.Cri.Facts;

/// <summary>Reads the OCI runtime spec that a container will start with (opencontainers/runtime-spec, config.md and config-linux.md).</summary>
internal static class EffectiveSpecReader
{
    private static readonly ImmutableArray<string> CapabilitySets = ["bounding", "effective", "inheritable", "permitted", "ambient"];

    private static readonly ImmutableArray<string> Stages =
        ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    /// <summary>Null where the element is no spec of a Linux container.</summary>
    public static EffectiveSpec? Read(JsonElement spec, string containerId, SandboxFacts sandbox)
    {
        var process = spec.At("process");
        var linux = spec.At("linux");
        if (!process.IsObject() || !linux.IsObject())
            return null;

        return new EffectiveSpec
        {
            Capabilities = CapabilitySets.SelectMany(set => process.At("capabilities", set).Items())
                .Select(static c => c.Text()).ToImmutableSortedSet(StringComparer.Ordinal),
            NoNewPrivileges = process.At("noNewPrivileges").IsTrue(),
            AppArmorProfile = process.At("apparmorProfile").Text(),
            SeccompDefaultAction = linux.At("seccomp").IsObject() ? linux.At("seccomp", "defaultAction").Text() : null,
            OwnNamespaces = linux.At("namespaces").Items().Where(n => !IsOfTheNode(n, sandbox.Namespaces))
                .Select(static n => n.At("type").Text()).ToImmutableSortedSet(StringComparer.Ordinal),
            MaskedPaths = Texts(linux.At("maskedPaths")),
            ReadonlyPaths = Texts(linux.At("readonlyPaths")),
            ReadOnlyRoot = spec.At("root", "readonly").IsTrue(),
            UserId = process.At("user", "uid").Number(),
            Groups = process.At("user", "additionalGids").Items().Append(process.At("user", "gid")).Select(static g => g.Number()).ToImmutableSortedSet(),
            SeLinuxLabel = process.At("selinuxLabel").Text(),
            UserNamespace = UserNamespace(linux.At("uidMappings"), linux.At("gidMappings")),
            Devices = [.. linux.At("devices").Items().Select(Device)],
            AllDevices = linux.At("resources", "devices").Items().Any(IsForAll),
            Hooks = [.. Stages.SelectMany(stage => spec.At("hooks", stage).Items()).Select(static h => h.At("path").Text()).Distinct(StringComparer.Ordinal)],
            CgroupsPath = linux.At("cgroupsPath").Text(),
            OomScoreAdj = Number(process.At("oomScoreAdj")),
            Unified = linux.At("resources", "unified") is { ValueKind: JsonValueKind.Object } unified ? [.. unified.EnumerateObject().Select(static f => f.Name)] : [],
            Mounts = MountReader.ReadSpec(spec.At("mounts"), containerId, sandbox),
        };
    }

    private static ImmutableSortedSet<string> Texts(JsonElement list) =>
        list.Items().Select(static i => i.Text()).ToImmutableSortedSet(StringComparer.Ordinal);

    private static UserNamespaceRequest UserNamespace(JsonElement users, JsonElement groups)
    {
        var (mappedUsers, mappedGroups) = (Mappings(users), Mappings(groups));
        return new UserNamespaceRequest(mappedUsers.IsEmpty && mappedGroups.IsEmpty, mappedUsers, mappedGroups);
    }

    private static ImmutableArray<IdMapping> Mappings(JsonElement list) =>
        [.. list.Items().Select(static m => new IdMapping(m.At("hostID").Number(), m.At("containerID").Number(), m.At("size").Number()))];

    private static SpecDevice Device(JsonElement device) => new(
        device.At("path").Text(), device.At("type").Text() == "b" ? DeviceKind.Block : DeviceKind.Character, (int)Number(device.At("major")), (int)Number(device.At("minor")));

    // Without a number an entry is for all of them; `m` alone makes nodes that cannot be opened.
    private static bool IsForAll(JsonElement entry) =>
        entry.At("allow").IsTrue() && Number(entry.At("major"), otherwise: -1) < 0 && entry.At("access").Text() != "m";

    private static long Number(JsonElement element, long otherwise = 0) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : otherwise;

    // A namespace with a path is joined. containerd gives every container the paths of its sandbox's process, which lives in the node's
    // namespaces where the sandbox was run so; the host name follows the network there.
    private static bool IsOfTheNode(JsonElement entry, NamespaceModes sandbox)
    {
        var path = entry.At("path").Text();
        if (path.Length == 0)
            return false;

        return path.StartsWith("/proc/1/", StringComparison.Ordinal) || entry.At("type").Text() switch
        {
            "network" or "uts" => sandbox.Network == NamespaceMode.Node,
            "pid" => sandbox.Pid == NamespaceMode.Node,
            "ipc" => sandbox.Ipc == NamespaceMode.Node,
            _ => false,
        };
    }
}
