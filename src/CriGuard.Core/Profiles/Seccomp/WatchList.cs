using System.Collections.Immutable;
using CriGuard.Core.Profiles.Seccomp.Composition;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>Calls by which a profile is weighed: each is denied by the default of every runtime, and each is a way out of a container.</summary>
public static class WatchList
{
    private const ulong NewUser = 0x10000000;

    public static ImmutableArray<(string Call, ImmutableArray<ulong> Arguments)> Calls { get; } =
    [
        ("init_module", []), ("finit_module", []), ("delete_module", []), ("kexec_load", []), ("kexec_file_load", []), ("bpf", []), ("perf_event_open", []),
        ("userfaultfd", []), ("io_uring_setup", []), ("keyctl", []), ("add_key", []), ("request_key", []), ("open_by_handle_at", []), ("mount", []),
        ("fsopen", []), ("move_mount", []), ("pivot_root", []), ("unshare", [NewUser]), ("clone", [NewUser]), ("setns", []), ("reboot", []), ("iopl", []),
        ("swapon", []), ("acct", []), ("quotactl", []), ("lookup_dcookie", []), ("settimeofday", []), ("socket", [38, 5, 0]), ("socket", [40, 1, 0]),
    ];

    /// <summary>Those that the profile lets through, by name.</summary>
    public static ImmutableArray<string> Permitted(Filter filter) =>
        [.. Calls.Where(c => filter.Decide(c.Call, c.Arguments.AsSpan()).Permits).Select(static c => c.Call).Distinct(StringComparer.Ordinal)];

    /// <summary>True where it denies none of them: a profile in name only.</summary>
    public static bool IsNothing(Filter filter) => Calls.All(c => filter.Decide(c.Call, c.Arguments.AsSpan()).Permits);
}
