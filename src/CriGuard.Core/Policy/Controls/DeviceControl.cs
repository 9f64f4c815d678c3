using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Devices: by what the kernel calls them and not by the path that was asked for (T-D1), CDI by name (T-D2).</summary>
internal static class DeviceControl
{
    private const string Field = "config.devices";
    private const string CdiField = "config.CDI_devices";
    private const string AnnotationField = "config.annotations";
    private const string SpecField = "runtimeSpec.linux.devices";
    private const string CgroupField = "runtimeSpec.linux.resources.devices";
    private const string CdiPrefix = "cdi.k8s.io/";
    private const string Remedy = "take the resource that brings it out of `resources.limits`";
    private const string Behind = "look for what adds it after the request: runtime configuration, NRI plugins, CDI";

    public static void Judge(Judgement judgement, NodeFacts node, ContainerFacts facts)
    {
        var demands = judgement.Demands(static r => r.Devices);
        if (demands.Count == 0)
            return;
        var subject = Words.Container(facts.Name);
        if (facts.Privileged)
            judgement.Report(demands[0].Rule, Control.Devices, Field, $"{subject} is privileged: the runtime gives it every device of the node");
        foreach (var device in facts.Devices)
            Judge(judgement, demands, subject, device, node.Devices.GetValueOrDefault(device.HostPath, new DeviceNode(DeviceKind.Missing)));
        foreach (var name in facts.CdiDevices)
            JudgeCdi(judgement, demands, CdiField, subject, name);
        JudgeCdiAnnotations(judgement, demands, facts);
        var keys = BehaviourAnnotations.GivingDevices(facts.Annotations.Keys.Concat(facts.Sandbox.Annotations.Keys).Concat(facts.Resent?.Annotations.Keys ?? []));
        if (keys.Count > 0)
            judgement.Refuse(
                demands[0].Rule, Control.Devices, AnnotationField, $"{subject} asks for devices by annotation {Words.List(keys)}", "take it out of `metadata.annotations`");
    }

    /// <summary>What is there in the end, whoever added it; by number, since the spec does not say where a device was found.</summary>
    public static void Check(Judgement judgement, NodeFacts node, StartFacts facts, EffectiveSpec spec)
    {
        var demands = judgement.Demands(static r => r.Devices);
        if (demands.Count == 0)
            return;
        var subject = Words.Container(facts.ContainerName);
        if (facts.IsPrivileged)
        {
            judgement.Report(demands[0].Rule, Control.Devices, SpecField, $"{subject} is privileged: it starts with every device of the node");
            return;
        }

        if (spec.AllDevices)
            judgement.Refuse(
                demands[0].Rule, Control.Devices, CgroupField, $"{subject} would start with access to devices of any number", Behind);
        foreach (var (rule, setting) in demands)
        {
            var beyond = spec.Devices.Where(d => !OrdinaryDevices.Contains(d.Number) && !setting.Names(NameOf(node, d.Number))).ToList();
            if (beyond.Count > 0)
                judgement.Refuse(
                    rule, Control.Devices, SpecField, $"{subject} would start with {Words.List([.. beyond.Select(d => Shown(node, d)).Distinct()])}", Behind);
            // What is made there is told once.
            var open = spec.AllowedDevices.Where(d => !OrdinaryDevices.Contains(d.Number) && !setting.Allows(NameOf(node, d.Number), d.Use)
                && !beyond.Exists(made => made.Number == d.Number)).Select(d => Shown(node, d)).Distinct().ToList();
            if (open.Count > 0)
                judgement.Refuse(rule, Control.Devices, CgroupField, $"{subject} would start with access to {Words.List(open)}", Behind);
        }
    }

    private static void Judge(Judgement judgement, List<Demand<DeviceSetting>> demands, string subject, DeviceRequest device, DeviceNode node)
    {
        var path = Words.Quote(device.HostPath);
        if (!node.IsDevice)
        {
            var what = node.Kind switch
            {
                DeviceKind.Directory => $"asks for every device below {path}",
                DeviceKind.Missing => $"asks for device {path}, which is not on this node",
                _ => $"asks for device {path}, which is none, or cannot be told to be one",
            };
            judgement.Refuse(demands[0].Rule, Control.Devices, Field, $"{subject} {what}", Remedy);
            return;
        }

        foreach (var (rule, setting) in demands)
        {
            if (setting.Allows(node.Name, device.Permissions))
                continue;
            var really = node.Name == device.HostPath ? "" : $", which is {(node.Name.Length > 0 ? Words.Quote(node.Name) : $"`{node.Number}`")}";
            judgement.Refuse(rule, Control.Devices, Field, $"{subject} asks for device {path} ({Words.Quote(device.Permissions)}){really}", Remedy);
            return;
        }
    }

    private static void JudgeCdi(Judgement judgement, List<Demand<DeviceSetting>> demands, string field, string subject, string name)
    {
        foreach (var (rule, setting) in demands)
        {
            if (setting.AllowsCdi(name))
                continue;
            judgement.Refuse(rule, Control.Devices, field, $"{subject} asks for CDI device {Words.Quote(name)}", Remedy);
            return;
        }
    }

    /// <summary>Kubelets that send a device in the field send it in an annotation too, for older runtimes: such a twin is judged once.</summary>
    private static void JudgeCdiAnnotations(Judgement judgement, List<Demand<DeviceSetting>> demands, ContainerFacts facts)
    {
        var subject = Words.Container(facts.Name);
        var names = facts.Annotations.Where(static a => a.Key.StartsWith(CdiPrefix, StringComparison.Ordinal))
            .SelectMany(static a => a.Value.Split(',', StringSplitOptions.TrimEntries)).Except(facts.CdiDevices, StringComparer.Ordinal).ToList();
        foreach (var name in names)
        {
            var closed = demands.FindIndex(static d => !d.Setting.CdiAnnotations);
            if (closed < 0)
                JudgeCdi(judgement, demands, AnnotationField, subject, name);
            else
                judgement.Refuse(
                    demands[closed].Rule, Control.Devices, AnnotationField, $"{subject} asks for CDI device {Words.Quote(name)} by annotation alone",
                    "have the device plugin name it in the CRI's field, or allow `cdiAnnotations`");
        }
    }

    private static string NameOf(NodeFacts node, string number) => node.Devices.GetValueOrDefault(number)?.Name ?? "";

    private static string Shown(NodeFacts node, SpecDevice device) => NameOf(node, device.Number) is { Length: > 0 } name ? name : $"{device.Path} ({device.Number})";

    private static string Shown(NodeFacts node, DeviceAccess access) => $"{(NameOf(node, access.Number) is { Length: > 0 } name ? name : access.Number)} ({access.Use})";
}
