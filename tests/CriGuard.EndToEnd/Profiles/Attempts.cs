using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Store.Profiles;

namespace CriGuard.EndToEnd.Profiles;

/// <summary>One call with its arguments.</summary>
public sealed record Attempt(CallArchitecture Architecture, string Call, params ulong[] Arguments)
{
    public uint Number => SystemCalls.Find(Call)!.Number(Architecture)!.Value;

    /// <summary>As the victim reads it.</summary>
    public override string ToString() => $"{Architecture.ToString().ToLowerInvariant()} {Number} {string.Join(' ', Arguments)}";
}

/// <summary>The calls that are tried: each that there is with arguments that are wrong for all, and those whose arguments decide.</summary>
internal static class Attempts
{
    /// <summary>What the libseccomp of Debian 12 knows (2.5.4-1+deb12u1).</summary>
    public static Version Library { get; } = new(6, 7);

    /// <summary>They end, hold, double or disturb the victim, whatever their arguments are.</summary>
    private static readonly string[] Left =
    [
        "exit", "exit_group", "fork", "vfork", "pause", "rt_sigreturn", "sigreturn", "sigsuspend", "signal", "set_tid_address", "munlockall", "sync", "vhangup", "uselib",
        "sched_yield", "getpmsg", "putpmsg", "restart_syscall", "alarm", "umask", "idle", "set_thread_area", "arch_prctl", "setsid", "inotify_init", "pipe",
    ];

    public static IEnumerable<Attempt> Every(CallArchitecture architecture)
    {
        ulong wrong = architecture == CallArchitecture.X86 ? uint.MaxValue : ulong.MaxValue;
        return SystemCalls.All.Where(c => c.Number(architecture) is not null && c.Since <= Library && !Left.Contains(c.Name))
            .Select(c => new Attempt(architecture, c.Name, wrong, wrong, wrong, wrong, wrong, wrong));
    }

    public static IEnumerable<Attempt> OfArguments(CallArchitecture architecture)
    {
        ulong upper = architecture == CallArchitecture.X86 ? 0 : 1UL << 32;
        foreach (var socket in ShippedProfiles.KernelModules.Sockets.Select(static e => e.Socket!))
        {
            yield return new(architecture, "socket", (uint)socket.Family, (uint)(socket.Type ?? 5), (uint)(socket.Protocol ?? 0));
            yield return new(architecture, "socket", (uint)socket.Family | upper, (uint)(socket.Type ?? 5), (uint)(socket.Protocol ?? 0));
            yield return new(architecture, "socketpair", (uint)socket.Family, 5, 0, 0);
        }

        ulong[][] sockets = [[1, 1, 0], [1, 0x80802, 0], [2, 1, 0], [2, 1, 6], [2, 0x80001, 262], [2, 2, 136], [2, 3, 1], [10, 2, 58], [16, 3, 0], [16, 3, 15], [16, 3, 16], [17, 3, 0], [2, 4, 0], [99, 1, 0], [2, 0x100000001, 0]];
        foreach (var arguments in sockets.Where(a => upper > 0 || a.All(static v => v <= uint.MaxValue)))
            yield return new(architecture, "socket", arguments);
        yield return new(architecture, "socketpair", 1, 1, 0, 0);
        foreach (ulong flag in (ulong[])[0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000])
        {
            // CLONE_SIGHAND without CLONE_VM, and a bit that unshare(2) does not have: the kernel refuses both.
            yield return new(architecture, "clone", flag | 0x800, 0, 0, 0, 0);
            yield return new(architecture, "unshare", flag | 1);
        }

        foreach (ulong domain in (ulong[])[0xffffffff, 0x40000, 0x1000000])
            yield return new(architecture, "personality", domain);
        foreach (ulong command in (ulong[])[0x5401, 0x5412, 0x541c, 0x5423, 0x5423 | upper, 0x5412 | (upper << 3), 0x80045430])
            yield return new(architecture, "ioctl", uint.MaxValue, command, 0);
        if (architecture == CallArchitecture.X86)
        {
            for (ulong call = 0; call < 22; call++)
                yield return new(architecture, "socketcall", call, 0);
            for (ulong call = 0; call < 26; call++)
                yield return new(architecture, "ipc", call, uint.MaxValue, uint.MaxValue, uint.MaxValue, 0);
        }
    }
}
