using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Store.Policies;

/// <summary>`devices` of a rule: `deny`, or what may be given.</summary>
internal static class DeviceSection
{
    public static DeviceSetting? Read(Section rule)
    {
        if (rule.Find("devices") is not { } node)
            return null;
        if (node is TextNode { IsNull: false })
            return rule.Choice("devices", ("deny", true)) == true ? DeviceSetting.None : null;
        if (Section.Open(node, "devices", rule.Errors, "allow", "cdi", "cdiAnnotations") is not { } section)
            return null;
        if (!section.Has("allow") && !section.Has("cdi"))
            section.Fail(section.At, "`devices` allows nothing: write `deny`, or name devices in `allow` or `cdi`");
        return new DeviceSetting(
            [.. section.List("allow").Select(item => ReadGrant(item, section)).OfType<DeviceGrant>()],
            ReadCdi(section),
            section.Choice("cdiAnnotations", ("allow", true)) == true);
    }

    private static DeviceGrant? ReadGrant(Node node, Section devices)
    {
        if (Section.Open(node, "allow", devices.Errors, "path", "permissions") is not { } section || section.RequireText("path") is not { } path)
            return null;
        if (!DeviceSetting.IsPath(path.Text))
            section.Fail(path.At, $"`{path.Text}` is no device: write `/dev/name`, as the kernel calls it");
        var permissions = section.Text("permissions");
        if (permissions is not null && !DeviceGrant.ArePermissions(permissions.Text))
            section.Fail(permissions.At, $"`permissions` is `{permissions.Text}`: write some of `r`, `w` and `m`, such as `rw`");
        return new DeviceGrant(new Glob(path.Text), permissions?.Text ?? DeviceGrant.Default);
    }

    private static ImmutableArray<Glob> ReadCdi(Section section)
    {
        var names = section.Texts("cdi");
        foreach (var name in names.Where(static n => !DeviceSetting.IsCdi(n.Text)))
            section.Fail(name.At, $"`{name.Text}` is no CDI device: write `vendor.com/class=name`, `*` in it for any characters");
        return [.. names.Select(static n => new Glob(n.Text))];
    }
}
