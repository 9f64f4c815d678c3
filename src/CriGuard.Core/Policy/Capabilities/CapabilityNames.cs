namespace CriGuard.Core.Policy.Capabilities;

/// <summary>Linux capabilities by number (linux/capability.h), named as the CRI wants them: upper case, without `CAP_`.</summary>
public static class CapabilityNames
{
    /// <summary>The word that means every capability, in the CRI and in a policy.</summary>
    public const string All = "ALL";

    private const string Prefix = "CAP_";

    private static readonly string[] ByNumber =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
        "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
        "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
        "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
        "CHECKPOINT_RESTORE",
    ];

    public static int Count => ByNumber.Length;

    public static string Of(int number) => ByNumber[number];

    /// <summary>Any case, with or without `CAP_`: the spellings that one runtime or another understands (T-U1).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out int number)
    {
        var bare = text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? text[Prefix.Length..] : text;
        for (number = 0; number < ByNumber.Length; number++)
        {
            if (bare.Equals(ByNumber[number], StringComparison.OrdinalIgnoreCase))
                return true;
        }

        number = -1;
        return false;
    }
}
