using System.Text.Json;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>Facts of a created container before it starts, from the runtime's verbose status of it.</summary>
public static class StartReader
{
    // Both containerd and CRI-O put all they have to say under this one key.
    private const string Key = "info";

    /// <param name="response">The container's status; without the verbose part the spec is null.</param>
    /// <param name="sandbox">Its sandbox, as the runtime has it.</param>
    public static StartFacts Read(ContainerStatusResponse response, SandboxFacts sandbox) => new()
    {
        Sandbox = sandbox,
        ContainerId = response.Status?.Id ?? "",
        ContainerName = response.Status?.Metadata?.Name ?? "",
        Image = Image(response),
        Annotations = SandboxReader.Sorted(response.Status?.Annotations ?? []),
        Privileged = VerboseJson.Read(response.Info, Key, (bool?)null, static root => Privileged(root)),
        HasSystemdCgroups = VerboseJson.Read(response.Info, Key, (bool?)null, static root => HasSystemdCgroups(root)),
        Spec = VerboseJson.Read(response.Info, Key, null, root => EffectiveSpecReader.Read(root.At("runtimeSpec"), sandbox, root.At("config"))),
        Asked = SentConfig.Read(response) is { } config ? ContainerReader.Read(config, "config", sandbox, []) : null,
    };

    /// <summary>Id of the container's sandbox; empty where the status does not tell (then `ListContainers` does).</summary>
    public static string SandboxId(ContainerStatusResponse response) =>
        VerboseJson.Read(response.Info, Key, "", static root => root.At("sandboxID").Text());

    /// <summary>The container's first process in the runtime's pid namespace; 0 where it has not started or the status does not tell.</summary>
    public static int Pid(ContainerStatusResponse response) =>
        VerboseJson.Read(response.Info, Key, 0, static root =>
            root.At("pid") is { ValueKind: JsonValueKind.Number } pid && pid.TryGetInt32(out var number) ? number : 0);

    // containerd keeps the request (`config`, where false is left out), CRI-O the flag itself.
    private static bool? Privileged(JsonElement root) => root.At("config").IsObject()
        ? root.At("config", "linux", "security_context", "privileged").IsTrue()
        : root.At("privileged").ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    // containerd tells the options of the shim: those of runc's say it, and leave it out where it is false.
    private static bool? HasSystemdCgroups(JsonElement root) => root.At("runtimeType").Text() == "io.containerd.runc.v2" && root.At("runtimeOptions").IsObject()
        ? root.At("runtimeOptions", "systemd_cgroup").IsTrue()
        : null;

    // As CreateContainer named it, so that rules by image match again; else as the runtime names it now.
    private static ImageFacts Image(ContainerStatusResponse response)
    {
        var status = response.Status?.Image ?? new ImageSpec();
        var created = VerboseJson.Read(response.Info, Key, new ImageFacts("", ""), static root =>
            new ImageFacts(root.At("config", "image", "image").Text(), root.At("config", "image", "user_specified_image").Text()));
        return new ImageFacts(
            created.Reference.Length > 0 ? created.Reference : status.Image,
            created.UserSpecified.Length > 0 ? created.UserSpecified : status.UserSpecifiedImage);
    }
}
