using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Kernel parameters of a sandbox (T-G2): containerd passes on any name, and a value can hold what another program takes for more.</summary>
internal static class SysctlsControl
{
    private const string Field = "config.linux.sysctls";
    private const string Remedy = "take it out of `securityContext.sysctls`";

    public static void Judge(Judgement judgement, SandboxFacts facts)
    {
        var demands = judgement.Demands(static r => r.Sysctls);
        if (demands.Count == 0)
            return;
        var subject = Words.Pod(facts.Pod);
        foreach (var (sent, value) in facts.Sysctls)
        {
            var (name, field) = (Dotted(sent), IsPlain(sent) ? $"{Field}[{sent}]" : Field);
            if (!IsPlain(sent) || value.AsSpan().ContainsAny('+', '=') || value.Any(char.IsControl))
                judgement.Refuse(
                    demands[0].Rule, Control.Sysctls, field,
                    $"{subject} sets sysctl {Words.Quote(sent)} to {Words.Quote(value)}, which is not the form of one", Remedy);
            else if (NodesNamespace(name, facts.Namespaces) is { } kind)
                judgement.Refuse(
                    demands[0].Rule, Control.Sysctls, field,
                    $"{subject} sets sysctl {Words.Quote(sent)} and shares the node's {kind} namespace: it would be the node's own", Remedy);
            foreach (var (rule, setting) in demands)
            {
                if (!setting.Allows(name))
                    judgement.Refuse(rule, Control.Sysctls, field, $"{subject} sets sysctl {Words.Quote(sent)}", Remedy);
            }
        }
    }

    /// <summary>sysctl(8): where the first separator is a slash, slashes separate and dots belong to names.</summary>
    private static string Dotted(string name) => name.AsSpan().IndexOfAny('.', '/') is >= 0 and var first && name[first] == '/'
        ? string.Create(name.Length, name, static (span, text) =>
        {
            for (var i = 0; i < text.Length; i++)
                span[i] = text[i] switch { '/' => '.', '.' => '/', var other => other };
        })
        : name;

    private static bool IsPlain(string name) =>
        name.Length > 0 && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.' or '/' or '-')
        && name.Split('.', '/').All(static part => part.Length > 0);

    private static string? NodesNamespace(string name, NamespaceModes modes)
    {
        if (name.StartsWith("net.", StringComparison.Ordinal))
            return modes.Network == NamespaceMode.Node ? "network" : null;
        string[] ofIpc = ["kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."];
        return modes.Ipc == NamespaceMode.Node && ofIpc.Any(p => name.StartsWith(p, StringComparison.Ordinal)) ? "ipc" : null;
    }
}
