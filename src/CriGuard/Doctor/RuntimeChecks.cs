using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Cri.Facts;

namespace CriGuard.Doctor;

/// <summary>That the runtime answers, has what rules need, and is not told to give containers more than they ask for.</summary>
internal static class RuntimeChecks
{
    public static IEnumerable<Check> Of(NodeState node)
    {
        if (node.Runtime is not { } runtime)
        {
            yield return Check.Fault("runtime", $"nothing answers on {node.Options.Runtime}", "start the runtime, or correct `runtimeEndpoint`");
            yield break;
        }

        yield return Check.Good("runtime", $"{runtime.Name} answers");
        if (node.Policy.Policy is { } policy)
            yield return Handlers(policy, runtime.Handlers);
        if (runtime.Settings is not { } settings)
        {
            yield return Check.Unknown("runtime-settings", $"{runtime.Name} does not tell its configuration", "look by hand for base specs, hooks and annotations that it hands on");
            yield break;
        }

        yield return Annotations(settings);
        yield return BaseSpecs(settings);
        yield return PrivilegedDevices(settings);
        yield return AppArmor(settings);
    }

    private static Check Handlers(CompiledPolicy policy, ImmutableSortedSet<string>? offered)
    {
        const string name = "handlers";
        if (!MissingHandler.IsPossible(policy))
            return Check.Good(name, "no rule needs one");
        if (offered is null)
            return Check.Unknown(name, "the runtime does not tell which it has", "look into its configuration for those that rules need");
        var missing = MissingHandler.Of(policy, offered).Select(static m => m.Handler.Name).ToList();
        return missing.Count > 0
            ? Check.Fault(name, $"the runtime has no {string.Join(", ", missing)}", "add it to the runtime's configuration (`node-setup/`): pods that need it are refused")
            : Check.Good(name, $"the runtime has {string.Join(", ", offered)}");
    }

    private static Check Annotations(RuntimeSettings settings)
    {
        var wide = Those(settings, static h => h.Annotations.Any(static a => a.Contains('*', StringComparison.Ordinal)), static h => $"{h.Name} ({string.Join(", ", h.Annotations)})");
        return wide.Length > 0
            ? Check.Warning("annotations", $"globs hand annotations of pods on to {wide}", "name the keys that are needed in `pod_annotations`, or hold them by the policy's `annotations`")
            : Check.Good("annotations", "no glob hands them on to a runtime");
    }

    private static Check BaseSpecs(RuntimeSettings settings)
    {
        var based = Those(settings, static h => h.BaseSpec.Length > 0, static h => $"{h.Name} ({h.BaseSpec})");
        return based.Length > 0
            ? Check.Warning("base-spec", $"containers begin with a spec of its own under {based}", "read it: what it adds is in no request; `drift: deny` refuses what it weakens")
            : Check.Good("base-spec", "containers begin with the runtime's own spec");
    }

    private static Check PrivilegedDevices(RuntimeSettings settings)
    {
        var all = Those(settings, static h => h.GivesAllDevices, static h => h.Name);
        return all.Length > 0
            ? Check.Warning("privileged-devices", $"`privileged_without_host_devices_all_devices_allowed` is on for {all}", "take it away: a privileged container may make a node of every device")
            : Check.Good("privileged-devices", "privileged containers get no more than usual");
    }

    private static Check AppArmor(RuntimeSettings settings) => settings.AppArmorOff
        ? Check.Fault("runtime-apparmor", "`disable_apparmor` is on: no container has a profile, whatever the policy says", "take it away and restart the runtime")
        : Check.Good("runtime-apparmor", "is not turned off");

    private static string Those(RuntimeSettings settings, Func<HandlerSettings, bool> which, Func<HandlerSettings, string> text) => string.Join(", ", settings.Handlers.Where(which).Select(text));
}
