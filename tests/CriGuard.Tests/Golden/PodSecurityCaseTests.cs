using CriGuard.Tests.Repository;

namespace CriGuard.Tests.Golden;

/// <summary>Each control of the Pod Security Standards has a case that it lets through, and one that it refuses or changes.</summary>
public sealed class PodSecurityCaseTests
{
    /// <summary>kubernetes.io/docs/concepts/security/pod-security-standards; without the host of probes and hooks, which no request tells.</summary>
    public static TheoryData<string> Controls { get; } =
    [
        "baseline-host-process", "baseline-host-namespaces", "baseline-privileged", "baseline-capabilities", "baseline-host-path-volumes",
        "baseline-host-ports", "baseline-app-armor", "baseline-se-linux", "baseline-proc-mount", "baseline-seccomp", "baseline-sysctls",
        "restricted-volume-types", "restricted-privilege-escalation", "restricted-run-as-non-root", "restricted-run-as-user", "restricted-seccomp",
        "restricted-capabilities",
    ];

    [Theory]
    [MemberData(nameof(Controls))]
    public void A_control_has_a_case_that_passes_and_one_that_does_not(string control)
    {
        var cases = Directory.GetDirectories(Checkout.Path("tests", "golden"), $"pss-{control}-*");
        var level = control.Split('-')[0];

        Assert.All(cases, folder => Assert.Contains($"podSecurity: {level}", File.ReadAllText(Path.Combine(folder, "policy.yaml")), StringComparison.Ordinal));
        Assert.Contains(cases, static folder => folder.EndsWith("-allowed", StringComparison.Ordinal) && Verdict(folder) == "permit\n");
        Assert.Contains(cases, static folder => folder.EndsWith("-refused", StringComparison.Ordinal)
            ? Verdict(folder).StartsWith("refuse\n", StringComparison.Ordinal)
            : folder.EndsWith("-fixed", StringComparison.Ordinal) && Verdict(folder).Contains("\nchange ", StringComparison.Ordinal));
    }

    private static string Verdict(string folder) => File.ReadAllText(Path.Combine(folder, "verdict.txt"));
}
