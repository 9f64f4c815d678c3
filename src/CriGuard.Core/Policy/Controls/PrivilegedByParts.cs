using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>
/// What makes a container privileged without the word (T-U11): the capabilities for it, no filter, and a way to the node. Each may be
/// allowed by itself, so that all of them are is said.
/// </summary>
internal static class PrivilegedByParts
{
    private static readonly CapabilitySet SysAdmin = CapabilitySet.Of("SYS_ADMIN");

    public static void Judge(Judgement builtIn, ContainerFacts facts)
    {
        var reading = CapabilityReading.Read(facts.Capabilities);
        var power = reading.StartsFromAll ? "all capabilities" : (reading.Asked & SysAdmin).IsEmpty ? null : "`SYS_ADMIN`";
        var ways = Ways(facts).ToList();
        if (facts.Privileged || !facts.UserNamespace.OfTheNode || power is null || facts.Seccomp is not (null or { Kind: SecurityProfileKind.Unconfined }))
            return;
        if (ways.Count > 0)
            builtIn.Report(
                Finding.BuiltIn, Control.Privileged, "config.linux.security_context.capabilities",
                $"{Words.Container(facts.Name)} asks to be privileged in all but name: {string.Join(", ", [power, "no seccomp profile", .. ways])}");
    }

    private static IEnumerable<string> Ways(ContainerFacts facts)
    {
        var (asked, has) = (facts.Namespaces, facts.Sandbox.Namespaces);
        if (asked.Pid == NamespaceMode.Node || has.Pid == NamespaceMode.Node)
            yield return "the node's pid namespace";
        if (asked.Network == NamespaceMode.Node || has.Network == NamespaceMode.Node)
            yield return "the node's network";
        if (asked.Ipc == NamespaceMode.Node || has.Ipc == NamespaceMode.Node)
            yield return "the node's ipc namespace";
    }
}
