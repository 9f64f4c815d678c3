using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>The words of the OCI form.</summary>
internal static class SeccompWords
{
    public static ImmutableArray<(string Word, SeccompActionKind Kind)> Actions { get; } =
    [
        ("SCMP_ACT_ALLOW", SeccompActionKind.Allow), ("SCMP_ACT_LOG", SeccompActionKind.Log), ("SCMP_ACT_TRACE", SeccompActionKind.Trace),
        ("SCMP_ACT_NOTIFY", SeccompActionKind.Notify), ("SCMP_ACT_ERRNO", SeccompActionKind.Errno), ("SCMP_ACT_TRAP", SeccompActionKind.Trap),
        ("SCMP_ACT_KILL_THREAD", SeccompActionKind.KillThread), ("SCMP_ACT_KILL", SeccompActionKind.KillThread),
        ("SCMP_ACT_KILL_PROCESS", SeccompActionKind.KillProcess),
    ];

    public static ImmutableArray<(string Word, Comparison Comparison)> Comparisons { get; } =
    [
        ("SCMP_CMP_NE", Comparison.NotEqual), ("SCMP_CMP_LT", Comparison.Less), ("SCMP_CMP_LE", Comparison.LessOrEqual), ("SCMP_CMP_EQ", Comparison.Equal),
        ("SCMP_CMP_GE", Comparison.GreaterOrEqual), ("SCMP_CMP_GT", Comparison.Greater), ("SCMP_CMP_MASKED_EQ", Comparison.MaskedEqual),
    ];

    /// <summary>`SECCOMP_FILTER_FLAG_…` that runtimes know; a composed profile keeps none but the one that only logs.</summary>
    public static ImmutableArray<string> Flags { get; } =
        ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"];

    public static string Of(SeccompActionKind kind) => Actions.First(a => a.Kind == kind).Word;

    public static string Of(Comparison comparison) => Comparisons[(int)comparison].Word;
}
