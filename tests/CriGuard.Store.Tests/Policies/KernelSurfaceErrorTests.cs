using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Store.Tests.Policies;

/// <summary>Users, groups, labels, masks, sysctls, ports, and the bundles of the Pod Security Standards as documents write them.</summary>
public sealed class KernelSurfaceErrorTests
{
    [Theory]
    [InlineData("runAsUser: root", "p.yaml:5:38: `runAsUser` is `root`: write `nonRoot`, or leave the key out")]
    [InlineData("runAsUser: {}", "p.yaml:5:38: `runAsUser` demands nothing: write `nonRoot`, or give it `ranges`")]
    [InlineData("runAsUser: { ranges: [] }", "p.yaml:5:48: `ranges` is an empty list, which allows nothing: leave the key out or fill it")]
    [InlineData(
        "runAsUser: { ranges: [{ from: 9, to: 1 }, { from: -1, to: 2147483648 }, { from: 1 }, 7] }",
        "p.yaml:5:64: `to` is less than `from`: write the smaller number of `ranges` first",
        "p.yaml:5:77: `-1` is not a number from 0 to 2147483647",
        "p.yaml:5:99: `ranges` has no `to`: add it",
        "p.yaml:5:112: `ranges` is a single value: write a map")]
    [InlineData("groups: {}", "p.yaml:5:35: `groups` demands nothing: give it `ranges` or `deny`")]
    [InlineData("groups: { deny: [disk] }", "p.yaml:5:44: `disk` is not a number from 0 to 2147483647")]
    [InlineData("seLinux: {}", "p.yaml:5:36: `seLinux` has no `allow`: add it")]
    [InlineData("seLinux: { allow: ['a:b'] }", "p.yaml:5:46: `a:b` is not an SELinux type: write one such as `container_t`")]
    [InlineData("readOnlyRootFilesystem: true", "p.yaml:5:51: `readOnlyRootFilesystem` is `true`: write `require`, or leave the key out")]
    [InlineData("procMount: Default", "p.yaml:5:38: `procMount` is `Default`: write one of `default`, `fix`")]
    [InlineData(
        "sysctls: { allow: ['net.*', 'a=b', ''] }",
        "p.yaml:5:55: `a=b` is not the name of a sysctl: write it with dots, `*` in it for any characters",
        "p.yaml:5:62: `` is not the name of a sysctl: write it with dots, `*` in it for any characters")]
    [InlineData("hostPorts: allow", "p.yaml:5:38: `hostPorts` is `allow`: write `deny`, or leave the key out")]
    [InlineData("hostPorts: { allow: [{ from: 1, to: 65536 }] }", "p.yaml:5:63: `65536` is not a number from 0 to 65535")]
    [InlineData("userNamespaces: deny", "p.yaml:5:43: `userNamespaces` is `deny`: write `require`, or leave the key out")]
    [InlineData("hostProcess: allow", "p.yaml:5:40: `hostProcess` is `allow`: write `deny`, or leave the key out")]
    [InlineData("podSecurity: privileged", "p.yaml:5:40: `podSecurity` is `privileged`: write one of `baseline`, `restricted`")]
    [InlineData(
        "capabilities: { allow: [], action: refuse, defaults: keep, dropAll: require }",
        "p.yaml:5:41: `capabilities` keeps the runtime's default and demands that all is dropped: leave out `defaults` or `dropAll`")]
    public void A_control_is_checked(string control, params string[] errors) =>
        Assert.Equal(errors, PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}rules:\n- {{ name: a, mode: audit, {control} }}\n"));

    [Theory]
    [InlineData("podSecurity", "[x]", "p.yaml:7:12: `podSecurity` stands for many controls: name the one that is loosened")]
    [InlineData("hostPorts", "[http]", "p.yaml:6:9: `http` in exception `e` is not a number: write one, or two with `-` between them")]
    [InlineData("procMount", "[x]", "p.yaml:6:9: exception `e` has `allow`, but `procMount` can only be lifted as a whole: leave `allow` out")]
    public void An_exception_is_held_against_the_controls_of_the_bundle(string control, string allow, string error) => Assert.Equal(
        [error],
        PolicyDirectory.ErrorsOf(
            $"{PolicyDirectory.Head}rules: [{{ name: a, mode: audit, podSecurity: restricted }}]\nexceptions:\n- name: e\n  control: {control}\n"
            + $"  match: {{ namespaces: [shop] }}\n  allow: {allow}\n  reason: r\n  owner: o\n  expires: 2027-01-01\n"));

    [Fact]
    public void A_bundle_is_put_beside_the_rules_own_controls_under_the_same_name()
    {
        var policy = PolicyDirectory.PolicyOf("rules: [{ name: a, mode: enforce, podSecurity: restricted, userNamespaces: require }]\n");
        Assert.All(policy.Rules, static r => Assert.Equal("a", r.Name));
        Assert.Contains(policy.Rules, static r => r.RequiresUserNamespace);
        var bundle = Assert.Single(policy.Rules, static r => r.RunAsUser is not null);
        Assert.Equal(
            [
                Control.Seccomp, Control.AppArmor, Control.Capabilities, Control.Privileged, Control.HostNamespaces, Control.NoNewPrivileges,
                Control.HostPaths, Control.Volumes, Control.RunAsUser, Control.SeLinux, Control.ProcMount, Control.Sysctls, Control.HostPorts,
                Control.HostProcess,
            ],
            bundle.Controls());
        Assert.True(bundle.RefusesWithoutNoNewPrivileges);
        Assert.Same(HostPathsSetting.DenyAll, bundle.HostPaths);
    }
}
