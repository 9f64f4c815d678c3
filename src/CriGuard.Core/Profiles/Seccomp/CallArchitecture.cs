using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>A calling convention whose calls are known here; a machine has its own and those of its 32-bit programs.</summary>
public enum CallArchitecture
{
    X64,
    X86,

    /// <summary>64-bit calls with 32-bit pointers: bit 30 of the number is set.</summary>
    X32,
    Arm64,
    Arm,
}

/// <summary>Names of architectures.</summary>
public static class CallArchitectures
{
    private const string Prefix = "SCMP_ARCH_";

    private static readonly ImmutableArray<string> Known =
    [
        "X86_64", "X86", "X32", "AARCH64", "ARM", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL", "MIPSEL64", "MIPSEL64N32", "PPC", "PPC64", "PPC64LE", "RISCV64",
        "S390", "S390X", "LOONGARCH64",
    ];

    /// <summary>As OCI profiles write it: `SCMP_ARCH_X86_64`.</summary>
    public static string Name(this CallArchitecture architecture) => Prefix + Known[(int)architecture];

    /// <summary>True for every name that runtimes know.</summary>
    public static bool IsKnown(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) && Known.Contains(name[Prefix.Length..]);

    /// <summary>False for an architecture whose calls are not known here.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out CallArchitecture? architecture)
    {
        var index = name.StartsWith(Prefix, StringComparison.Ordinal) ? Known.IndexOf(name[Prefix.Length..]) : -1;
        architecture = index is >= 0 and <= (int)CallArchitecture.Arm ? (CallArchitecture)index : null;
        return architecture is not null;
    }

    /// <summary>True where arguments have 64 bits to the filter.</summary>
    public static bool IsWide(this CallArchitecture architecture) => architecture is CallArchitecture.X64 or CallArchitecture.X32 or CallArchitecture.Arm64;

    /// <summary>True where some calls reach the kernel through one number with the call in its first argument (socketcall(2), ipc(2)).</summary>
    public static bool Multiplexes(this CallArchitecture architecture) => architecture == CallArchitecture.X86;
}
