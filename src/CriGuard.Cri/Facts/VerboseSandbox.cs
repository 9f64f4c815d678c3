using System.Text.Json;
using CriGuard.Core.Workloads;

namespace CriGuard.Cri.Facts;

/// <summary>What only the verbose status of a sandbox tells.</summary>
/// <param name="Privileged">Null where the runtime does not tell.</param>
/// <param name="Seccomp">Null where none was sent, or the runtime does not tell.</param>
internal sealed record VerboseSandbox(bool? Privileged, SecurityProfile? Seccomp)
{
    /// <summary>Null where the runtime does not tell.</summary>
    public string? CgroupParent { get; private init; }

    /// <summary>Of the sandbox's own process; 0 where the runtime does not tell.</summary>
    public int ProcessId { get; private init; }

    /// <summary>Annotation of the runtime spec by which CRI-O remembers it.</summary>
    private const string CrioPrivileged = "io.kubernetes.cri-o.PrivilegedRuntime";

    private static VerboseSandbox Untold { get; } = new(null, null);

    /// <param name="info">The verbose part of the status.</param>
    /// <param name="written">Keys of the pod's annotations and labels: what a tenant wrote under CRI-O's own key is no word of CRI-O's.</param>
    public static VerboseSandbox Read(IDictionary<string, string> info, IEnumerable<string> written) => VerboseJson.Read(info, "info", Untold, root =>
    {
        var told = root.At("config", "metadata").IsObject() ? FromConfig(root.At("config", "linux")) : written.Contains(CrioPrivileged) ? Untold : FromSpec(root);
        return told with { ProcessId = Number(root.At("pid")) };
    });

    // containerd: the request's own configuration, as Go writes it: fields that are false or empty are left out.
    private static VerboseSandbox FromConfig(JsonElement linux)
    {
        var context = linux.At("security_context");
        var sent = new Runtime.SecurityProfile();
        if (context.At("seccomp").IsObject())
        {
            sent.ProfileType = (Runtime.SecurityProfile.Types.ProfileType)Number(context.At("seccomp", "profile_type"));
            sent.LocalhostRef = context.At("seccomp", "localhost_ref").Text();
        }

        var seccomp = ProfileReader.Seccomp(context.At("seccomp").IsObject() ? sent : null, context.At("seccomp_profile_path").Text(), "", []);
        return new VerboseSandbox(context.At("privileged").IsTrue(), seccomp) { CgroupParent = linux.At("cgroup_parent").Text() };
    }

    // CRI-O: an annotation of the sandbox's runtime spec. CRI-O writes the pod's own annotations and labels over those that it wrote itself.
    private static VerboseSandbox FromSpec(JsonElement root) =>
        root.At("runtimeSpec", "annotations", CrioPrivileged).Text() switch
        {
            "true" => new VerboseSandbox(true, null),
            "false" => new VerboseSandbox(false, null),
            _ => Untold,
        };

    private static int Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetInt32(out var number) => number,
        JsonValueKind.Undefined => 0,
        _ => -1,
    };
}
