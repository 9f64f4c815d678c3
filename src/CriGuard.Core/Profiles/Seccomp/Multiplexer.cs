using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>
/// A call of 32-bit x86 that stands for many others, by the number in its first argument. libseccomp makes of every rule about one of those a
/// second one about this, without the conditions on the first argument; the others are compared with what socketcall(2) has there (libseccomp,
/// src/syscalls.c, abi_rule_add). So a profile that allows some sockets allows all of them here, unless this call is denied by a rule of its own (T-S8).
/// </summary>
/// <param name="Name">Of the call itself.</param>
/// <param name="Members">The calls that it stands for, with the value of the first argument.</param>
public sealed record Multiplexer(string Name, ImmutableDictionary<string, uint> Members)
{
    public static ImmutableArray<Multiplexer> All { get; } =
    [
        new("socketcall", Numbered(
            1, "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send", "recv", "sendto", "recvfrom", "shutdown",
            "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg")),
        new("ipc", Numbered(1, "semop", "semget", "semctl", "semtimedop").AddRange(Numbered(11, "msgsnd", "msgrcv", "msgget", "msgctl"))
            .AddRange(Numbered(21, "shmat", "shmdt", "shmget", "shmctl"))),
    ];

    private static ImmutableDictionary<string, uint> Numbered(uint first, params string[] names) =>
        names.Select((name, index) => KeyValuePair.Create(name, first + (uint)index)).ToImmutableDictionary(StringComparer.Ordinal);
}
