using System.Collections.Immutable;
using CriGuard.Daemon;
using CriGuard.Store.Profiles;

namespace CriGuard.Doctor;

/// <summary>What else on the node has a hand in containers, and what would stop one that got out.</summary>
internal static class HostChecks
{
    /// <summary>A daemon that spoke later than now: the clock was turned back.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    public static IEnumerable<Check> Of(NodeState node)
    {
        yield return AppArmor(node);
        yield return Files("nri", node.Host.NriPlugins, "NRI plugins change containers after the gate", "know each of them; `drift` reports or refuses what they weaken");
        yield return Files("hooks", node.Host.HookFiles, "OCI hooks run as root with every container that matches", "know each of them; `drift` reports them");
        yield return Files("cdi", node.Host.CdiFiles, "CDI specs add devices, mounts and hooks by name", "know each of them; the policy's `devices` names who may ask for which");
        yield return Modules(node.Host);
        yield return Clock(node);
    }

    private static Check AppArmor(NodeState node)
    {
        const string name = "apparmor";
        if (node.Options.AppArmor == AppArmorProfiles.Off)
            return Check.Good(name, "is not used: `appArmor: off`");
        if (node.Host.AppArmor is not { } enforced)
            return Check.Warning(name, "the kernel runs without AppArmor", "boot it with `apparmor=1 security=apparmor`; rules with `appArmor` hold nothing until then");
        var missing = AppArmorSource.Shipped.Select(static s => s.Name).Where(profile => !enforced.Contains(profile)).ToList();
        return missing.Count > 0
            ? Check.Fault(name, $"not loaded, or not in enforce mode: {string.Join(", ", missing)}", "restart the daemon, which loads them; its log says why if it cannot")
            : Check.Good(name, "the profiles are in enforce mode");
    }

    private static Check Files(string name, ImmutableArray<string> files, string meaning, string remedy) => files.IsEmpty
        ? Check.Good(name, "there are none")
        : Check.Warning(name, $"{meaning}: {string.Join(", ", files.Take(5))}{(files.Length > 5 ? $" and {files.Length - 5} more" : "")}", remedy);

    private static Check Modules(HostState host)
    {
        const string name = "modules";
        if (host.ModulesDisabled)
            return Check.Good(name, "the kernel loads none any more");
        return host.LoadableModules.IsEmpty
            ? Check.Good(name, "modprobe refuses those that no container needs")
            : Check.Warning(name, $"modprobe would load {host.LoadableModules.Length} modules that no container needs, {host.LoadableModules[0]} among them", "`criguard profile modprobe > /etc/modprobe.d/criguard.conf`");
    }

    private static Check Clock(NodeState node)
    {
        const string name = "clock";
        if (node.Status is { } status && status.Time > node.Now + Ahead)
            return Check.Fault(name, $"the daemon spoke at {status.Time.UtcDateTime:u}, the clock says {node.Now.UtcDateTime:u}", "set the clock: expiry of exceptions, bypasses and times in the record hang on it");
        return node.Host.ClockIsSynchronised switch
        {
            true => Check.Good(name, "is kept by a time service"),
            false => Check.Warning(name, "is not kept by a time service", "start chrony or systemd-timesyncd"),
            null => Check.Unknown(name, "the kernel does not tell whether it is kept", "see `timedatectl`"),
        };
    }
}
