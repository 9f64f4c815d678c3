using CriGuard.Core.Policy;
using CriGuard.Daemon;
using CriGuard.Store.Status;

namespace CriGuard.Doctor;

/// <summary>CriGuard itself: that it runs, decides by the policy that is on the disk, and can keep its record.</summary>
internal static class GateChecks
{
    private const long LeastFree = 256L * 1024 * 1024;

    public static IEnumerable<Check> Of(NodeState node)
    {
        yield return Daemon(node);
        if (node.Status is { } status)
        {
            yield return Version(node, status);
            yield return Bypass(node, status);
        }

        yield return Policy(node);
        if (node.Policy.Policy is { } policy)
        {
            yield return Enforcement(policy);
            yield return Exceptions(node, policy);
        }

        yield return LogProof(node.Log);
        yield return LogSpace(node.Log);
    }

    private static Check Daemon(NodeState node)
    {
        const string name = "daemon";
        if (node.Status is not { } status)
            return Check.Fault(name, $"no daemon runs on {node.Options.StateDirectory}", "start it: `systemctl start criguard`; while it is down no pod can be started");
        return node.Now - status.Time > StatusReport.Period * 3
            ? Check.Fault(name, $"the daemon (pid {status.Pid}) last said something at {status.Time.UtcDateTime:u}", "it is gone or stuck: look at `journalctl -u criguard` and start it anew")
            : Check.Good(name, $"pid {status.Pid} serves {status.Listen}");
    }

    private static Check Version(NodeState node, DaemonStatus status) => status.Version == node.Version
        ? Check.Good("version", status.Version)
        : Check.Warning("version", $"the daemon is {status.Version}, this program {node.Version}", "restart the daemon, which drains its calls: `systemctl restart criguard`");

    private static Check Bypass(NodeState node, DaemonStatus status) => status.BypassedUntil is { } until && until > node.Now
        ? Check.Fault("bypass", $"nothing is held until {until.UtcDateTime:u}", "`criguard bypass --end` ends it")
        : Check.Good("bypass", "none is open");

    private static Check Policy(NodeState node)
    {
        const string name = "policy";
        if (node.Policy.Policy is not { } policy)
        {
            var more = node.Policy.Errors.Length > 1 ? $" (and {node.Policy.Errors.Length - 1} more)" : "";
            return Check.Fault(name, $"{node.Policy.Errors[0]}{more}", $"`criguard policy check {node.Options.Policy}` names all errors; the daemon keeps the policy before, and does not start without one");
        }

        return node.Status is { } status && status.Revision != policy.Revision
            ? Check.Fault(name, $"the files are revision {policy.Revision}, in force is {status.Revision}", "the daemon has refused the files, or they have just changed: `criguard events` shows a `policy.refused`")
            : Check.Good(name, $"revision {policy.Revision}");
    }

    private static Check Enforcement(CompiledPolicy policy)
    {
        int enforced = policy.Rules.Count(static r => r.Mode == RuleMode.Enforce);
        return enforced == 0
            ? Check.Warning("enforcement", "no rule is enforced: nothing is refused or changed", "when the findings are as expected, take `mode: audit` away from the rules")
            : Check.Good("enforcement", $"{enforced} of {policy.Rules.Length} rules are enforced");
    }

    private static Check Exceptions(NodeState node, CompiledPolicy policy)
    {
        var expired = policy.Exceptions.Where(e => e.Expires <= node.Now).Select(static e => $"`{e.Name}` of {e.Owner}").ToList();
        return expired.Count > 0
            ? Check.Warning("exceptions", $"no longer applied: {string.Join(", ", expired)}", "remove them, or have their owners say why they are needed still")
            : Check.Good("exceptions", $"{policy.Exceptions.Length} in force");
    }

    private static Check LogProof(LogState log)
    {
        const string name = "log-proof";
        if (log.Proof is not { } proof)
            return Check.Fault(name, log.Problem, "the daemon refuses what it cannot record: see to its state directory");
        return proof.Fault is { } fault
            ? Check.Fault(name, $"{fault.Place}: {fault.Message}", "somebody has changed the record, or the disk has: keep the directory as evidence")
            : Check.Good(name, $"{proof.Events} events are in order");
    }

    private static Check LogSpace(LogState log)
    {
        const string name = "log-space";
        if (log.FreeBytes is not { } free)
            return Check.Unknown(name, "the free space for the log cannot be told", "see that the state directory is there");
        return free < LeastFree
            ? Check.Fault(name, $"{free >> 20} MiB are free for the log", "make room: calls whose event cannot be written are refused")
            : Check.Good(name, $"{free >> 20} MiB are free");
    }
}
