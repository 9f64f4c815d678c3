using System.Collections.Immutable;
using System.Text.Json;
using CriGuard.Core.Workloads;

namespace CriGuard.Cri.Facts;

/// <summary>Reads the OCI runtime spec that a container will start with (opencontainers/runtime-spec, config.md and config-linux.md).</summary>
internal static class EffectiveSpecReader
{
    private static readonly ImmutableArray<string> Stages =
        ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    /// <summary>Null where the element is no spec of a Linux container.</summary>
    /// <param name="spec">The `runtimeSpec`.</param>
    /// <param name="sandbox">Its sandbox.</param>
    /// <param name="config">The request as the runtime keeps it; undefined where it keeps none.</param>
    public static EffectiveSpec? Read(JsonElement spec, SandboxFacts sandbox, JsonElement config)
    {
        var process = spec.At("process");
        var linux = spec.At("linux");
        if (!process.IsObject() || !linux.IsObject())
            return null;

        var sets = Sets(process.At("capabilities"));
        return new EffectiveSpec
        {
            Capabilities = sets.ByName().SelectMany(static s => s.Set).ToImmutableSortedSet(StringComparer.Ordinal),
            Sets = sets,
            NoNewPrivileges = process.At("noNewPrivileges").IsTrue(),
            AppArmorProfile = process.At("apparmorProfile").Text(),
            SeccompDefaultAction = linux.At("seccomp").IsObject() ? linux.At("seccomp", "defaultAction").Text() : null,
            Filter = FilterReader.Read(linux.At("seccomp")),
            OwnNamespaces = Namespaces(linux).Where(n => IsOwn(n, sandbox)).Select(static n => n.At("type").Text()).ToImmutableSortedSet(StringComparer.Ordinal),
            NamespacePaths = Namespaces(linux).Where(static n => n.At("path").Text().Length > 0)
                .ToImmutableSortedDictionary(static n => n.At("type").Text(), static n => n.At("path").Text(), StringComparer.Ordinal),
            MaskedPaths = Texts(linux.At("maskedPaths")),
            ReadonlyPaths = Texts(linux.At("readonlyPaths")),
            ReadOnlyRoot = spec.At("root", "readonly").IsTrue(),
            UserId = process.At("user", "uid").Number(),
            GroupId = process.At("user", "gid").Number(),
            Groups = process.At("user", "additionalGids").Items().Append(process.At("user", "gid")).Select(static g => g.Number()).ToImmutableSortedSet(),
            SeLinuxLabel = process.At("selinuxLabel").Text(),
            UserNamespace = UserNamespace(linux.At("uidMappings"), linux.At("gidMappings")),
            Devices = [.. linux.At("devices").Items().Select(Device)],
            AllDevices = linux.At("resources", "devices").Items().Any(IsForAll),
            AllowedDevices = [.. linux.At("resources", "devices").Items().Where(static d => IsAllowed(d) && !IsForAll(d)).Select(AllowedDevice)],
            Hooks = [.. Stages.SelectMany(stage => spec.At("hooks", stage).Items()).Select(static h => h.At("path").Text()).Distinct(StringComparer.Ordinal)],
            CgroupsPath = linux.At("cgroupsPath").Text(),
            OomScoreAdj = Number(process.At("oomScoreAdj")),
            Unified = linux.At("resources", "unified") is { ValueKind: JsonValueKind.Object } unified ? [.. unified.EnumerateObject().Select(static f => f.Name)] : [],
            Mounts = MountReader.ReadSpec(spec.At("mounts")),
            KernelMounts = MountReader.ReadKernel(spec.At("mounts")),
            Launch = LaunchReader.Read(process, config),
        };
    }

    private static CapabilitySets Sets(JsonElement capabilities) => new(
        Texts(capabilities.At("bounding")), Texts(capabilities.At("effective")), Texts(capabilities.At("permitted")), Texts(capabilities.At("inheritable")), Texts(capabilities.At("ambient")));

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

    // `m` alone makes nodes that cannot be opened.
    private static bool IsAllowed(JsonElement entry) => entry.At("allow").IsTrue() && Use(entry).Length > 0;

    private static string Use(JsonElement entry) => string.Concat(entry.At("access").Text().Where(static c => c is 'r' or 'w').Distinct());

    // Without a number an entry is for all of them, and without a type its numbers count for nothing (config-linux.md, "Allowed Device list").
    private static bool IsForAll(JsonElement entry) =>
        IsAllowed(entry) && (Number(entry.At("major"), otherwise: -1) < 0 || entry.At("type").Text() is not ("b" or "c" or "u"));

    private static DeviceAccess AllowedDevice(JsonElement entry)
    {
        var minor = Number(entry.At("minor"), otherwise: -1);
        return new DeviceAccess(
            entry.At("type").Text() == "b" ? DeviceKind.Block : DeviceKind.Character, (int)Number(entry.At("major")), minor < 0 ? null : (int)minor, Use(entry));
    }

    private static long Number(JsonElement element, long otherwise = 0) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : otherwise;

    // Of a kind that is listed twice no runtime says which it takes.
    private static IEnumerable<JsonElement> Namespaces(JsonElement linux) => linux.At("namespaces").Items()
        .GroupBy(static n => n.At("type").Text(), StringComparer.Ordinal).Where(static same => same.Count() == 1).Select(static same => same.First());

    // A namespace with a path is joined. containerd gives every container the paths of its sandbox's process, which lives in the node's
    // namespaces where the sandbox was run so; the host name follows the network there. Of any other path only the kernel can tell.
    private static bool IsOwn(JsonElement entry, SandboxFacts sandbox) =>
        entry.At("path").Text() is not { Length: > 0 } path || (sandbox.HasNamespace(path) && entry.At("type").Text() switch
        {
            "network" or "uts" => sandbox.Namespaces.Network != NamespaceMode.Node,
            "pid" => sandbox.Namespaces.Pid != NamespaceMode.Node,
            "ipc" => sandbox.Namespaces.Ipc != NamespaceMode.Node,
            _ => true,
        });
}
