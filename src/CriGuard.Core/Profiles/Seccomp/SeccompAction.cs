using System.Runtime.InteropServices;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>What becomes of a call, from what lets most through to what lets least: the order in which the kernel prefers the actions of several filters (seccomp(2)).</summary>
public enum SeccompActionKind
{
    Allow,

    /// <summary>Allowed and written to the audit log.</summary>
    Log,

    /// <summary>Left to a tracer, which may allow it; ENOSYS where there is none.</summary>
    Trace,

    /// <summary>Left to a listener, which may allow it; ENOSYS where there is none.</summary>
    Notify,
    Errno,
    Trap,
    KillThread,
    KillProcess,
}

/// <summary>What becomes of a call.</summary>
/// <param name="Kind">The action.</param>
/// <param name="Errno">For <see cref="SeccompActionKind.Errno"/> the error, for <see cref="SeccompActionKind.Trace"/> the message; else 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SeccompAction(SeccompActionKind Kind, ushort Errno = 0)
{
    public static SeccompAction Allow { get; } = new(SeccompActionKind.Allow);

    public static SeccompAction Log { get; } = new(SeccompActionKind.Log);

    public static SeccompAction KillThread { get; } = new(SeccompActionKind.KillThread);

    /// <summary>What OCI runtimes answer where a profile names no error.</summary>
    public static SeccompAction NotPermitted { get; } = new(SeccompActionKind.Errno, ErrorNumbers.NotPermitted);

    /// <summary>As on a kernel that has no such call: libraries then do without.</summary>
    public static SeccompAction NoSuchCall { get; } = new(SeccompActionKind.Errno, ErrorNumbers.NoSuchCall);

    /// <summary>True where the call happens.</summary>
    public bool Permits => Kind <= SeccompActionKind.Log;

    /// <summary>The one that lets less through. Of two errors the greater is kept: ENOSYS, on which libraries fall back, goes before EPERM.</summary>
    public static SeccompAction Stricter(SeccompAction one, SeccompAction other) =>
        one.Kind != other.Kind ? (one.Kind > other.Kind ? one : other) : one.Errno >= other.Errno ? one : other;

    public override string ToString() => Kind is SeccompActionKind.Errno ? $"errno {ErrorNumbers.Name(Errno)}" : Kind switch
    {
        SeccompActionKind.Allow => "allow",
        SeccompActionKind.Log => "log",
        SeccompActionKind.Trace => "trace",
        SeccompActionKind.Notify => "notify",
        SeccompActionKind.Trap => "trap",
        SeccompActionKind.KillThread => "kill thread",
        _ => "kill process",
    };
}
