using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;

namespace CriGuard.Store.Policies;

/// <summary>`hostPaths`, `volumes` and `mounts` of a rule.</summary>
internal static class MountSections
{
    public static HostPathsSetting? ReadHostPaths(Section rule)
    {
        if (rule.Find("hostPaths") is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return rule.Choice("hostPaths", ("deny", true)) == true ? HostPathsSetting.DenyAll : null;
        if (Section.Open(node, "hostPaths", rule.Errors, "allow") is not { } section)
            return null;
        if (section.Require("allow") is ListNode { Items.IsEmpty: true } list)
            section.Fail(list.At, "`allow` is an empty list: write `hostPaths: deny`");
        return new HostPathsSetting([.. section.List("allow").Select(item => ReadEntry(item, rule.Errors)).OfType<HostPathEntry>()]);
    }

    public static VolumesSetting? ReadVolumes(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "volumes", errors, "allow") is not { } section)
            return null;
        section.Require("allow");
        var types = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var type in section.Texts("allow"))
        {
            if (VolumesSetting.Objection(type.Text) is { } objection)
                section.Fail(type.At, $"`{type.Text}` {objection}");
            else
                types.Add(type.Text);
        }

        return new VolumesSetting(types.ToImmutable());
    }

    public static MountsSetting? ReadMounts(Node node, List<PolicyError> errors)
    {
        if (Section.Open(
            node, "mounts", errors, "propagation", "containerPaths", "recursiveReadOnly", "relabel", "options", "idMappings") is not { } section)
            return null;
        if (section.IsEmpty)
            section.Fail(section.At, "`mounts` demands nothing: give it a key, such as `propagation: private`");
        return new MountsSetting
        {
            Propagation = section.Choice(
                "propagation", ("private", MountPropagation.Private), ("hostToContainer", MountPropagation.HostToContainer)),
            ProtectsContainerPaths = section.Choice("containerPaths", ("protected", true)) == true,
            RecursiveReadOnly = section.Choice("recursiveReadOnly", ("report", RecursiveReadOnly.Report), ("require", RecursiveReadOnly.Require)),
            RelabelsPodsOnly = section.Choice("relabel", ("podsOnly", true)) == true,
            TighteningOptionsOnly = section.Choice("options", ("tighteningOnly", true)) == true,
            DeniesHostRoot = section.Choice("idMappings", ("notHostRoot", true)) == true,
        };
    }

    private static HostPathEntry? ReadEntry(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "hostPaths", errors, "path", "readOnly") is not { } section || section.RequireText("path") is not { } path)
            return null;
        if (HostPathEntry.Objection(path.Text) is { } objection)
            section.Fail(path.At, $"`{path.Text}` {objection}");
        return new HostPathEntry(path.Text, section.Choice("readOnly", ("true", true), ("false", false)) == true);
    }
}
