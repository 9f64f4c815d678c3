using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;
using CriGuard.Store.Policies;
using FsCheck;

namespace CriGuard.Store.Tests.Policies;

public sealed class PolicyReaderTests
{
    private const string Whole = """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: node-default
        unknownMethods: relay
        handlers:
          - { name: runc, level: runc }
          - { name: runsc, level: gvisor }
        rules:
          - name: tenants
            mode: enforce
            match:
              namespaces: ["team-*", "dev"]
              podLabels: { criguard.io/sandbox: gvisor, tier: "*" }
            seccomp: { default: Localhost, profile: /etc/criguard/web.json }
            appArmor: { default: RuntimeDefault }
            capabilities: { allow: [NET_BIND_SERVICE, CHOWN], action: fix }
            privileged: deny
            hostNamespaces: { network: deny, ipc: deny }
            noNewPrivileges: require
            sandbox: gvisor
          - name: images
            mode: audit
            match:
              images: ["registry.example/*"]
            hostNamespaces: deny
            capabilities: { allow: [ALL], action: refuse }
        """;

    [Fact]
    public void Every_key_of_a_document_is_read()
    {
        using var directory = new PolicyDirectory();
        var policy = directory.Write("p.yaml", Whole).Policy();
        Assert.Equal(UnknownMethods.Relay, policy.UnknownMethods);
        Assert.Equal([("runc", IsolationLevel.Runc), ("runsc", IsolationLevel.Gvisor)], policy.Handlers.Entries.Select(static h => (h.Name, h.Level)));
        var (images, tenants) = (policy.Rules[0], policy.Rules[1]);
        Assert.Equal(("tenants", RuleMode.Enforce), (tenants.Name, tenants.Mode));
        Assert.Equal(["team-*", "dev"], tenants.Match.Namespaces.Select(static g => g.Pattern));
        Assert.Equal([new("criguard.io/sandbox", "gvisor"), new("tier", "*")], tenants.Match.PodLabels);
        Assert.Equal(SecurityProfile.Localhost("/etc/criguard/web.json"), tenants.Seccomp);
        Assert.Equal(SecurityProfile.RuntimeDefault, tenants.AppArmor);
        Assert.Equal(CapabilityAction.Fix, tenants.Capabilities!.Action);
        Assert.Equal(["CHOWN", "NET_BIND_SERVICE"], tenants.Capabilities.Allow.Names().AsEnumerable());
        Assert.True(tenants.DeniesPrivileged && tenants.RequiresNoNewPrivileges);
        Assert.Equal(new HostNamespacesSetting(Network: true, Pid: false, Ipc: true), tenants.HostNamespaces);
        Assert.Equal((IsolationLevel.Gvisor, false), (tenants.Sandbox!.Level, tenants.Sandbox.RefusesWeaker));
        Assert.Equal(("images", RuleMode.Audit, HostNamespacesSetting.All), (images.Name, images.Mode, images.HostNamespaces));
        Assert.Equal("registry.example/*", Assert.Single(images.Match.Images).Pattern);
        Assert.Equal(40, images.Capabilities!.Allow.Count);
        Assert.False(images.DeniesPrivileged || images.RequiresNoNewPrivileges);
    }

    [Fact]
    public void AppArmor_has_a_profile_for_privileged_containers_and_a_word_for_when_it_is_missing()
    {
        using var directory = new PolicyDirectory();
        var rule = directory.Write("p.yaml", PolicyDirectory.Head + """
            rules:
            - name: a
              mode: enforce
              appArmor: { default: Localhost, profile: criguard-default, privileged: criguard-privileged, missing: refuse }
            """).Policy().Rules[0];

        Assert.Equal(SecurityProfile.Localhost("criguard-default"), rule.AppArmor);
        Assert.Equal(SecurityProfile.Localhost("criguard-privileged"), rule.AppArmorOfPrivileged);
        Assert.True(rule.RefusesWithoutAppArmor);
    }

    [Fact]
    public void A_comment_or_a_split_into_files_does_not_change_the_revision()
    {
        const string One = "rules:\n- { name: a, mode: audit, privileged: deny }\n- { name: b, mode: audit, noNewPrivileges: require }\n";
        using var split = new PolicyDirectory();
        split.Write("1.yaml", PolicyDirectory.Head + "rules: [{ name: b, mode: audit, noNewPrivileges: require }] # why\n");
        split.Write("2.yaml", PolicyDirectory.Head + "rules:\n- name: a\n  mode: 'audit'\n  privileged: \"deny\"\n");
        split.Write("notes.txt", "not a policy");
        Assert.Equal(PolicyDirectory.PolicyOf(One).Revision, split.Policy().Revision);
    }

    [Fact]
    public void Errors_of_all_files_are_told_at_once_with_those_between_files()
    {
        using var directory = new PolicyDirectory();
        directory.Write("a.yaml", PolicyDirectory.Head + "handlers: [{ name: runc, level: runc }]\nrules:\n- { name: same, mode: audit, privileged: no }\n");
        directory.Write(
            "b.yaml",
            PolicyDirectory.Head + "handlers: [{ name: runsc, level: gvisor }]\nrules:\n"
            + "- { name: same, mode: audit, sandbox: kata, match: { images: [a] } }\n");
        Assert.Equal(
            [
                "a.yaml:6:42: `privileged` is `no`: write `deny`, or leave the key out",
                "b.yaml:4:20: `handlers` are already listed at a.yaml:4:20: keep one table, in one file",
                "b.yaml:6:11: rule `same` is already at a.yaml:6:11: give each rule a name of its own",
                "b.yaml:6:39: no handler of `handlers` gives `kata`: list one, such as `{ name: kata, level: kata }`",
                "b.yaml:6:39: rule `same` has `sandbox` and matches containers or images, but a pod gets its handler before them: match "
                + "`namespaces` or `podLabels`",
            ],
            directory.Errors());
    }

    [Fact]
    public void Two_rules_that_give_one_workload_two_profiles_contradict_each_other()
    {
        const string Rules = "rules:\n"
            + "- { name: a, mode: enforce, match: { namespaces: [x, y] }, seccomp: { default: Localhost, profile: /a } }\n"
            + "- { name: b, mode: enforce, match: { namespaces: [y, x] }, seccomp: { default: Localhost, profile: /b } }\n"
            + "- { name: c, mode: audit, match: { namespaces: [x, y] }, seccomp: { default: Localhost, profile: /c } }\n";
        Assert.Equal(
            ["p.yaml:6:11: rule `b` matches what rule `a` matches and gives another `seccomp` profile: keep one"],
            PolicyDirectory.ErrorsOf(PolicyDirectory.Head + Rules));
    }

    [Fact]
    public void What_cannot_be_read_is_an_error_and_no_empty_policy()
    {
        using var directory = new PolicyDirectory();
        var missing = Path.Combine(directory.Root, "none.yaml");
        Assert.Equal($"{missing}: cannot read the file: there is none", Assert.Single(PolicyReader.Read(missing).Errors).ToString());
        Assert.Equal(
            $"{directory.Root}: no `*.yaml` file in this directory: put a policy there",
            Assert.Single(PolicyReader.Read(directory.Root).Errors).ToString());
        File.WriteAllBytes(Path.Combine(directory.Root, "latin1.yaml"), [(byte)'a', 0xE9, (byte)'b']);
        directory.Write("large.yaml", new string('#', PolicyReader.MaxFile + 1));
        Assert.Equal(["large.yaml: larger than 1048576 bytes: split it", "latin1.yaml: not UTF-8: save it as UTF-8"], directory.Errors().Order());
    }

    [Fact]
    public void Depth_is_bounded_before_the_stack_is() =>
        Assert.StartsWith("p.yaml:1:18: nested deeper", Assert.Single(PolicyDirectory.ErrorsOf(new string('[', 500_000))), StringComparison.Ordinal);

    [Fact]
    public void Any_text_gives_a_policy_or_errors()
    {
        string[] marks = ["- ", ": ", "\n", "  ", "{", "}", "[", "]", "'", "\"", "&a ", "*a ", "!t ", "---\n", "...\n", "|", ">", "%", "\t", "\0", "é"];
        var piece = Gen.Elements(Whole.Split(' ', '\n')).Or(Gen.Elements(marks));
        Prop.ForAll(Arb.From(piece.ArrayOf().Select(string.Concat)), static text =>
        {
            var errors = PolicyDirectory.ErrorsOf(text);
            Assert.All(errors, static e => Assert.DoesNotContain('\n', e));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_document_cut_anywhere_gives_a_policy_or_errors()
    {
        for (var length = 0; length < Whole.Length; length += 7)
            PolicyDirectory.ErrorsOf(Whole[..length]);
    }
}
