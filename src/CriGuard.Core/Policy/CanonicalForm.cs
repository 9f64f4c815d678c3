using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>The meaning of a policy as one text: equal for policies that decide equally because they say the same, whatever their layout.</summary>
internal static class CanonicalForm
{
    private const int DigestBytes = 6;

    public static string Digest(CompiledPolicy policy) =>
        Convert.ToHexStringLower(SHA256.HashData(Written(json => Write(json, policy))).AsSpan(0, DigestBytes));

    /// <summary>Equal for matches that say the same.</summary>
    public static string Text(Match match) => Encoding.UTF8.GetString(Written(json => Write(json, match)));

    private static ReadOnlySpan<byte> Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, CompiledPolicy policy)
    {
        json.WriteString("unknownMethods", policy.UnknownMethods.ToString());
        json.WriteString("unaccounted", policy.Unaccounted.ToString());
        json.WriteStartArray("handlers");
        foreach (var handler in policy.Handlers.Entries)
            Write(json, handler);
        json.WriteEndArray();
        if (policy.StepUp is { } stepUp)
            WriteList(json, "stepUp", [stepUp.To.Word(), $"{stepUp.For}", .. stepUp.After.Select(static c => c.Name()).Distinct().Order(StringComparer.Ordinal)]);
        json.WriteStartArray("rules");
        foreach (var rule in policy.Rules)
            Write(json, rule);
        json.WriteEndArray();
        json.WriteStartArray("exceptions");
        foreach (var exception in policy.Exceptions)
            Write(json, exception);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, HandlerEntry handler)
    {
        json.WriteStartObject();
        json.WriteString("name", handler.Name);
        json.WriteString("level", handler.Level.Word());
        WriteList(json, "can", Enum.GetValues<Ability>().Where(handler.Can).Select(static a => a.Word()));
        json.WriteBoolean("ownSnapshotter", handler.OwnSnapshotter);
        WriteList(json, "annotations", Sorted(handler.Annotations));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Rule rule)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        json.WriteString("mode", rule.Mode.ToString());
        json.WriteBoolean("floor", rule.IsFloor);
        if (rule.Expires is { } expires)
            json.WriteString("expires", expires);
        Write(json, rule.Match);
        WriteProfile(json, "seccomp", rule.Seccomp);
        if (rule.SeccompBase is { } composed)
        {
            WriteList(json, "seccompBases", composed.Bases);
            json.WriteBoolean("refusesOwnSeccomp", composed.RefusesOwn);
        }

        WriteProfile(json, "appArmor", rule.AppArmor);
        WriteProfile(json, "appArmorOfPrivileged", rule.AppArmorOfPrivileged);
        json.WriteBoolean("refusesWithoutAppArmor", rule.RefusesWithoutAppArmor);
        if (rule.Capabilities is { } capabilities)
        {
            WriteList(json, "capabilities", capabilities.Allow.Names());
            json.WriteString("action", capabilities.Action.ToString());
            json.WriteBoolean("keepsDefaults", capabilities.KeepsDefaults);
            json.WriteBoolean("dropAll", capabilities.RequiresDropAll);
        }

        json.WriteBoolean("privileged", rule.DeniesPrivileged);
        if (rule.HostNamespaces is { } namespaces)
            WriteList(json, "hostNamespaces", HostNamespacesControl.Denied(namespaces));
        json.WriteBoolean("noNewPrivileges", rule.RequiresNoNewPrivileges);
        json.WriteBoolean("refusesWithoutNoNewPrivileges", rule.RefusesWithoutNoNewPrivileges);
        if (rule.Sandbox is { } sandbox)
            json.WriteString("sandbox", $"{sandbox.Level} {sandbox.RefusesWeaker}");
        if (rule.HostPaths is { } hostPaths)
        {
            WriteList(json, "hostPaths", hostPaths.Allow.Select(static e => e.ToString()).Distinct().Order(StringComparer.Ordinal));
            WriteList(json, "written", hostPaths.Written);
        }

        if (rule.Volumes is { } volumes)
            WriteList(json, "volumes", volumes.Allow.Order(StringComparer.Ordinal));
        if (rule.Mounts is { } mounts)
            Write(json, mounts);
        WriteSaid(json, "runAsUser", rule.RunAsUser?.Said());
        WriteSaid(json, "groups", rule.Groups?.Said());
        WriteSaid(json, "seLinux", rule.SeLinux?.Said());
        json.WriteBoolean("readOnlyRootFilesystem", rule.RequiresReadOnlyRoot);
        WriteSaid(json, "procMount", rule.ProcMount is { } masks ? [masks.Fix ? "fix" : "default"] : null);
        WriteSaid(json, "sysctls", rule.Sysctls?.Said());
        WriteSaid(json, "hostPorts", rule.HostPorts?.Said());
        json.WriteBoolean("userNamespaces", rule.RequiresUserNamespace);
        json.WriteBoolean("hostProcess", rule.DeniesHostProcess);
        WriteLists(json, rule);
        if (rule.Resources is { } resources)
            Write(json, resources);
        if (rule.LateContainers is { } late)
            json.WriteString("lateContainers", $"{late.Action} {late.After}");
        json.WriteBoolean("drift", rule.DeniesDrift);
        WriteAccess(json, rule);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MountsSetting mounts)
    {
        json.WriteStartObject("mounts");
        json.WriteString("propagation", mounts.Propagation?.ToString());
        json.WriteBoolean("containerPaths", mounts.ProtectsContainerPaths);
        json.WriteString("recursiveReadOnly", mounts.RecursiveReadOnly?.ToString());
        json.WriteBoolean("relabel", mounts.RelabelsPodsOnly);
        json.WriteBoolean("options", mounts.TighteningOptionsOnly);
        json.WriteBoolean("idMappings", mounts.DeniesHostRoot);
        json.WriteEndObject();
    }

    private static void WriteLists(Utf8JsonWriter json, Rule rule)
    {
        if (rule.Devices is { } devices)
        {
            WriteList(json, "devices", devices.Allow.Select(static d => d.ToString()).Distinct().Order(StringComparer.Ordinal));
            WriteList(json, "cdi", Sorted(devices.Cdi));
            json.WriteBoolean("cdiAnnotations", devices.CdiAnnotations);
        }

        if (rule.Annotations is { } annotations)
            WriteList(json, "annotations", Sorted(annotations.Allow));
        if (rule.Images is { } images)
        {
            WriteList(json, "registries", images.Registries.Select(static r => r.Text).Distinct().Order(StringComparer.Ordinal));
            json.WriteBoolean("digest", images.RequiresDigest);
        }

        if (rule.RuntimeHandlers is { } handlers)
            WriteList(json, "runtimeHandlers", handlers.Allow.Distinct().Order(StringComparer.Ordinal));
    }

    private static void Write(Utf8JsonWriter json, ResourceSetting resources)
    {
        json.WriteStartObject("resources");
        json.WriteString("cgroupParent", resources.CgroupParent);
        if (resources.MinOomScoreAdj is { } least)
            json.WriteNumber("minOomScoreAdj", least);
        if (resources.Unified is { } unified)
            WriteList(json, "unified", Sorted(unified));
        json.WriteEndObject();
    }

    private static void WriteAccess(Utf8JsonWriter json, Rule rule)
    {
        if (rule.Access is { } access)
            WriteList(json, "access", [$"{access.Exec}", $"{access.ExecSync}", $"{access.Attach}", $"{access.PortForward}"]);
        if (rule.Updates is { } updates)
        {
            json.WriteBoolean("updatesDenied", updates.Denied);
            WriteList(json, "unified", Sorted(updates.Unified));
            WriteList(json, "annotations", Sorted(updates.Annotations));
        }

        if (rule.Checkpoints is { } checkpoints)
        {
            WriteList(json, "checkpoints", checkpoints.Paths.Distinct().Order(StringComparer.Ordinal));
            WriteList(json, "checkpointCallers", Sorted(checkpoints.Callers));
        }
    }

    private static void Write(Utf8JsonWriter json, ExceptionEntry exception)
    {
        json.WriteStartObject();
        json.WriteString("name", exception.Name);
        json.WriteString("control", exception.Control.Name());
        Write(json, exception.Match);
        WriteList(json, "allow", exception.Allow.Order(StringComparer.Ordinal));
        json.WriteBoolean("floor", exception.Floor);
        json.WriteString("reason", exception.Reason);
        json.WriteString("owner", exception.Owner);
        json.WriteString("expires", exception.Expires);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Match match)
    {
        WriteList(json, "namespaces", Sorted(match.Namespaces));
        json.WriteStartObject("podLabels");
        foreach (var (key, value) in match.PodLabels)
            json.WriteString(key, value);
        json.WriteEndObject();
        WriteList(json, "images", Sorted(match.Images));
        WriteList(json, "podNames", Sorted(match.PodNames));
        WriteList(json, "workloads", match.Workloads.Distinct().Order(StringComparer.Ordinal));
        Write(json, "podSelector", match.PodSelector);
        Write(json, "annotationSelector", match.AnnotationSelector);
        WriteList(json, "imageDigests", match.ImageDigests.Order(StringComparer.Ordinal));
        WriteList(json, "containers", Sorted(match.Containers));
        WriteList(json, "runtimeHandlers", Sorted(match.RuntimeHandlers));
        WriteList(json, "configSources", match.ConfigSources.Order(StringComparer.Ordinal));
        WriteList(json, "callers", Sorted(match.Callers));
    }

    private static void Write(Utf8JsonWriter json, string key, Selector selector)
    {
        json.WriteStartArray(key);
        foreach (var (name, comparison, values) in selector.Requirements.OrderBy(static r => r.Key, StringComparer.Ordinal).ThenBy(static r => r.Operator))
        {
            json.WriteStartObject();
            json.WriteString("key", name);
            json.WriteString("operator", comparison.ToString());
            WriteList(json, "values", values.Order(StringComparer.Ordinal));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IEnumerable<string> Sorted(IEnumerable<Glob> globs) =>
        globs.Select(static g => g.Pattern).Distinct().Order(StringComparer.Ordinal);

    private static void WriteProfile(Utf8JsonWriter json, string key, SecurityProfile? profile)
    {
        if (profile is not null)
            json.WriteString(key, profile.ToString());
    }

    private static void WriteSaid(Utf8JsonWriter json, string key, IEnumerable<string>? said)
    {
        if (said is not null)
            WriteList(json, key, said);
    }

    private static void WriteList(Utf8JsonWriter json, string key, IEnumerable<string> items)
    {
        json.WriteStartArray(key);
        foreach (var item in items)
            json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
