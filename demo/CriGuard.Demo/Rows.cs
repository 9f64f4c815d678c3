using CriGuard.TestBed;
using CriGuard.TestBed.Pods;

namespace CriGuard.Demo;

/// <summary>The pods of the demo with their expectations: the one place that says what must come out.</summary>
internal static class Rows
{
    private static readonly Must Runs = new("runs", e => e is { Refusal: null, Process: not null });
    private static readonly Must Filtered = new("is under a seccomp filter", e => e.Process is { Seccomp: 2, SeccompFilters: >= 1 });
    private static readonly Must GainsNothing = new("can not gain privileges", e => e.Process is { NoNewPrivileges: true });
    private static readonly Must NoModules = new("can not load modules", e => e.Process?.MayHave(Capability.SysModule) == false);
    private static readonly Must NoRawNetwork = new("has no raw sockets", e => e.Process?.MayHave(Capability.NetRaw) == false);
    private static readonly Must NotThere = new("left nothing at the runtime", e => e is { Process: null, Remains: 0 });

    public static IReadOnlyList<Row> All =>
    [
        new("nothing special", PodSpec.Ordinary, Runs, Filtered, GainsNothing, NoModules, NoRawNetwork),
        new("capability SYS_MODULE", PodSpec.Module, Refused("SYS_MODULE"), NotThere),
        new("privileged", PodSpec.Privileged, Refused("privileged"), NotThere),
        new("seccomp Unconfined", PodSpec.Unconfined, Runs, Filtered, GainsNothing, NoModules),
        new("label criguard.io/sandbox: gvisor", PodSpec.Sandboxed, Runs,
            new("is run by runsc", e => e.Handler == "runsc"),
            new("has gVisor's kernel", e => e.KernelLog.Contains("Starting gVisor", StringComparison.Ordinal)),
            new("is run by a confined sentry", e => e.Process is { Seccomp: 2, NoNewPrivileges: true })),
        new("label criguard.io/sandbox: gvisor, and a device of the node", PodSpec.Sandboxed with { Containers = [new() { Devices = ["/dev/null"] }] },
            Refused("cannot serve"), NotThere),
        new("handler that does not exist", PodSpec.Unknown, Refused(PodSpec.Unknown.Handler), NotThere),
    ];

    private static Must Refused(string word) =>
        new($"is refused by CriGuard in words that name `{word}`",
            e => e.Decision == Evidence.Refused && e.Refusal?.Contains(word, StringComparison.Ordinal) == true);
}
