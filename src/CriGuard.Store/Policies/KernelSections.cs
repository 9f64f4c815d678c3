using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Store.Policies;

/// <summary>`noNewPrivileges`, `seLinux`, `procMount` and `sysctls` of a rule: what a container meets of the kernel.</summary>
internal static class KernelSections
{
    public static Rule ReadNoNewPrivileges(Section section, Rule rule)
    {
        var refuses = section.Choice("noNewPrivileges", ("require", false), ("deny-without", true));
        return rule with { RequiresNoNewPrivileges = refuses is not null, RefusesWithoutNoNewPrivileges = refuses == true };
    }

    public static ProcMountSetting? ReadProcMount(Section rule) =>
        rule.Choice("procMount", ("default", false), ("fix", true)) is { } fix ? new ProcMountSetting(fix) : null;

    public static SeLinuxSetting? ReadSeLinux(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "seLinux", errors, "allow") is not { } section)
            return null;
        section.Require("allow");
        return new SeLinuxSetting(ReadNames(section, static name => name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.'), "is not an SELinux type: write one such as `container_t`"));
    }

    public static SysctlsSetting? ReadSysctls(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "sysctls", errors, "allow") is not { } section)
            return null;
        section.Require("allow");
        var names = ReadNames(
            section, static name => name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.' or '-' or '*' or '/') && name[0] != '/',
            "is not the name of a sysctl: write it with dots, `*` in it for any characters");
        return new SysctlsSetting([.. names.Select(static n => new Glob(n))]);
    }

    /// <summary>An empty list allows none.</summary>
    private static ImmutableArray<string> ReadNames(Section section, Func<string, bool> isName, string otherwise)
    {
        var names = section.List("allow").Select(item => section.TextOf(item, "allow")).OfType<TextNode>().ToList();
        foreach (var name in names.Where(n => n.Text.Length == 0 || !isName(n.Text)))
            section.Fail(name.At, $"`{name.Text}` {otherwise}");
        return [.. names.Select(static n => n.Text)];
    }
}
