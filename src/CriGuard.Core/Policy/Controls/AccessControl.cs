using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Exec, attach and port-forward: an entered workload has no more rights than it had, but whoever enters it has all of them (T-U12, T-E1 to T-E7).</summary>
internal static class AccessControl
{
    public static void Judge(Judgement judgement, AccessFacts facts)
    {
        foreach (var (rule, setting) in judgement.Demands(static r => r.Access))
        {
            if (setting.Of(facts.Method) is { } demand)
                Judge(judgement, rule, demand, facts);
        }
    }

    private static void Judge(Judgement judgement, string rule, AccessDemand demand, AccessFacts facts)
    {
        var subject = AccessWords.Subject(facts);
        if (demand == AccessDemand.Deny)
            judgement.Refuse(
                rule, Control.Access, facts.Method, $"{Means(facts.Method)} of {subject}{AccessWords.Untold(facts)}",
                "enter a workload that the rule does not match, or ask the node's owner for an exception");
        else if (demand == AccessDemand.DenyPrivileged && facts.Privileged != false)
            judgement.Refuse(
                rule, Control.Access, facts.Method,
                $"{Means(facts.Method)} of {subject}, {(facts.Privileged == true ? "which is privileged" : "of which the runtime does not tell whether it is privileged")}",
                "set `securityContext.privileged` to false, or ask the node's owner for an exception");
        else
            judgement.Report(rule, Control.Access, facts.Method, $"{Means(facts.Method)} of {subject}");
    }

    private static string Means(string method) => method switch
    {
        "Exec" or "ExecSync" => "command inside",
        "Attach" => "attachment to the first process",
        _ => "port-forward into the network",
    };
}
