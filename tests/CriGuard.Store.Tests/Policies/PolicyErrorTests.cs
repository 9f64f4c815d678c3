namespace CriGuard.Store.Tests.Policies;

/// <summary>Each kind of error, with its place and the words that a person reads.</summary>
public sealed class PolicyErrorTests
{
    [Theory]
    [InlineData("rules:\n  - name: [\n", "p.yaml:6:1: not valid YAML: while parsing a node, did not find expected node content")]
    [InlineData("rules: &a []\n", "p.yaml:4:8: `&a` is an anchor: leave it out")]
    [InlineData("rules: []\nhandlers: !!seq []\n", "p.yaml:5:11: `tag:yaml.org,2002:seq` is a tag: leave it out")]
    [InlineData("rules: []\nhandlers: *a\n", "p.yaml:5:11: `*a` is an alias: write the value out")]
    [InlineData("rules: []\n---\nrules: []\n", "p.yaml:5:1: a second document begins here: put it into a file of its own")]
    [InlineData("rules: []\nrules: []\n", "p.yaml:5:1: `rules` is already given at p.yaml:4:1: keep one of the two")]
    [InlineData("rules: []\n[a]: b\n", "p.yaml:5:1: a key is a list: write a name")]
    [InlineData("rules: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]\n", "p.yaml:4:24: nested deeper than 16 levels: no policy needs that")]
    public void What_is_no_plain_YAML_is_refused(string text, string error) =>
        Assert.Equal([error], PolicyDirectory.ErrorsOf(PolicyDirectory.Head + text));

    [Theory]
    [InlineData("", "p.yaml: no policy in this file: write a document of kind `NodePolicy`, or remove the file")]
    [InlineData("# nothing\n", "p.yaml: no policy in this file: write a document of kind `NodePolicy`, or remove the file")]
    [InlineData("- a\n", "p.yaml:1:1: `policy` is a list: write a map")]
    [InlineData(
        "apiVersion: criguard.io/v2\nkind: Policy\nmetadata: {}\nrules: []\n",
        "p.yaml:1:13: `apiVersion` is `criguard.io/v2`: write `criguard.io/v1`",
        "p.yaml:2:7: `kind` is `Policy`: write `NodePolicy`",
        "p.yaml:3:11: `metadata` has no `name`: add it")]
    [InlineData(
        "{}\n",
        "p.yaml:1:1: `policy` has no `apiVersion`: add it",
        "p.yaml:1:1: `policy` has no `kind`: add it",
        "p.yaml:1:1: `policy` has no `rules`: add it",
        "p.yaml:1:1: `policy` has no `metadata`: add it")]
    [InlineData(
        "apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata: { name: a, labels: {} }\nrules: []\nrule: []\n",
        "p.yaml:3:22: `labels` is not a key of `metadata`: write one of `name`",
        "p.yaml:5:1: `rule` is not a key of `policy`: the nearest is `rules`")]
    public void The_document_has_its_parts(string text, params string[] errors) => Assert.Equal(errors, PolicyDirectory.ErrorsOf(text));

    [Theory]
    [InlineData("unknownMethods: allow\nrules: []\n", "p.yaml:4:17: `unknownMethods` is `allow`: write one of `refuse`, `relay`")]
    [InlineData("rules: {}\n", "p.yaml:4:8: `rules` is a map: write a list")]
    [InlineData("rules:\n", "p.yaml:4:7: `rules` is empty: write a list")]
    [InlineData(
        "handlers: [runc, {}]\nrules: []\n",
        "p.yaml:4:12: `handler` is a single value: write a map",
        "p.yaml:4:18: `handler` has no `name`: add it",
        "p.yaml:4:18: `handler` has no `level`: add it")]
    public void The_documents_own_keys_are_checked(string text, params string[] errors) =>
        Assert.Equal(errors, PolicyDirectory.ErrorsOf(PolicyDirectory.Head + text));

    [Theory]
    [InlineData("{ mode: enforce, privileged: deny }", "p.yaml:5:3: `rule` has no `name`: add it")]
    [InlineData("{ name: a, privileged: deny }", "p.yaml:5:3: `rule` has no `mode`: add it")]
    [InlineData("{ name: a, mode: warn, privileged: deny }", "p.yaml:5:20: `mode` is `warn`: write one of `enforce`, `audit`")]
    [InlineData(
        "{ name: a, mode: audit }",
        "p.yaml:5:3: `rule` demands nothing: give it a control, such as `privileged: deny`")]
    [InlineData(
        "{ name: A b, mode: audit, privileged: deny }",
        "p.yaml:5:11: `A b` is not a name: write up to 63 lower-case letters, digits and dashes")]
    [InlineData(
        "{ name: \"a\\nb\", mode: audit, privileged: deny }",
        "p.yaml:5:11: `a?b` is not a name: write up to 63 lower-case letters, digits and dashes")]
    [InlineData("{ name: built-in, mode: audit, privileged: deny }", "p.yaml:5:11: `built-in` is the name of criguard's own checks: take another")]
    [InlineData(
        "{ name: a, mode: audit, privilegd: deny }",
        "p.yaml:5:3: `rule` demands nothing: give it a control, such as `privileged: deny`",
        "p.yaml:5:27: `privilegd` is not a key of `rule`: the nearest is `privileged`")]
    [InlineData("{ name: a, mode: audit, privileged: allow }", "p.yaml:5:39: `privileged` is `allow`: write `deny`, or leave the key out")]
    [InlineData("{ name: a, mode: audit, noNewPrivileges: true }", "p.yaml:5:44: `noNewPrivileges` is `true`: write one of `require`, `deny-without`")]
    [InlineData(
        "{ name: [a], mode: {}, privileged: }",
        "p.yaml:5:11: `name` is a list: write a single value",
        "p.yaml:5:22: `mode` is a map: write a single value",
        "p.yaml:5:38: `privileged` is empty: write a single value")]
    [InlineData("a", "p.yaml:5:3: `rule` is a single value: write a map")]
    public void A_rule_is_checked(string rule, params string[] errors) => Assert.Equal(errors, Errors(rule));

    [Theory]
    [InlineData("{}", "p.yaml:5:52: `match` is empty: leave it out to match everything")]
    [InlineData(
        "{ workloads: [\"web-*\"] }",
        "p.yaml:5:66: `workloads` has `web-*`, which is no name: write the name of a Deployment, StatefulSet, DaemonSet, Job, CronJob or pod")]
    [InlineData("{ namespace: [a] }", "p.yaml:5:54: `namespace` is not a key of `match`: the nearest is `namespaces`")]
    [InlineData("{ namespaces: a }", "p.yaml:5:66: `namespaces` is a single value: write a list")]
    [InlineData(
        "{ namespaces: [], images: [''] }",
        "p.yaml:5:66: `namespaces` is an empty list, which matches nothing: leave the key out or fill it",
        "p.yaml:5:79: `images` has an empty item, which matches nothing: write a name, `*` in it for any characters")]
    [InlineData("{ podLabels: [a] }", "p.yaml:5:65: `podLabels` is a list: write a map")]
    [InlineData("{ podLabels: {} }", "p.yaml:5:65: `podLabels` is an empty map: leave the key out or fill it")]
    [InlineData(
        "{ podLabels: { a: , b: [c] } }",
        "p.yaml:5:70: `a` is empty: write a single value",
        "p.yaml:5:75: `b` is a list: write a single value")]
    public void A_match_is_checked(string match, params string[] errors) =>
        Assert.Equal(errors, Errors($"{{ name: a, mode: audit, privileged: deny, match: {match} }}"));

    [Theory]
    [InlineData("seccomp: {}", "p.yaml:5:36: `seccomp` has no `default`: add it")]
    [InlineData("seccomp: { default: Unconfined }", "p.yaml:5:47: `default` is `Unconfined`: write one of `RuntimeDefault`, `Localhost`")]
    [InlineData(
        "seccomp: { default: RuntimeDefault, profile: /a }",
        "p.yaml:5:72: `profile` of `seccomp` belongs to `default: Localhost`: change `default`, or leave `profile` out")]
    [InlineData("seccomp: { default: Localhost }", "p.yaml:5:36: `seccomp` has no `profile`: add it")]
    [InlineData(
        "seccomp: { default: Localhost, profile: ../a.json }",
        "p.yaml:5:67: `../a.json` is not an absolute path without `..`: write the path of the profile's file on the node")]
    [InlineData(
        "seccomp: { default: Localhost, profile: /a/../b.json }",
        "p.yaml:5:67: `/a/../b.json` is not an absolute path without `..`: write the path of the profile's file on the node")]
    [InlineData(
        "appArmor: { default: Localhost, profile: unconfined }",
        "p.yaml:5:68: `unconfined` is not the name of a profile: write one that `aa-status` lists in enforce mode")]
    [InlineData(
        "appArmor: { default: RuntimeDefault, privileged: unconfined, missing: deny }",
        "p.yaml:5:76: `unconfined` is not the name of a profile: write one that `aa-status` lists in enforce mode",
        "p.yaml:5:97: `missing` is `deny`: write one of `report`, `refuse`")]
    [InlineData("capabilities: {}", "p.yaml:5:41: `capabilities` has no `allow`: add it", "p.yaml:5:41: `capabilities` has no `action`: add it")]
    [InlineData(
        "capabilities: { allow: [NET_BIN_SERVICE, CAP_CHOWN, SYS_MODULE, [a]], action: refuse }",
        "p.yaml:5:51: `NET_BIN_SERVICE` is not a capability: write a name of capabilities(7) without `CAP_`, or `ALL`",
        "p.yaml:5:68: `CAP_CHOWN` is not how the CRI names it: write `CHOWN`",
        "p.yaml:5:79: `SYS_MODULE` cannot be allowed: it loads code into the node's kernel; load the module on the node instead",
        "p.yaml:5:91: `allow` is a list: write a single value")]
    [InlineData(
        "capabilities: { allow: CHOWN, action: drop }",
        "p.yaml:5:50: `allow` is a single value: write a list",
        "p.yaml:5:65: `action` is `drop`: write one of `refuse`, `fix`")]
    [InlineData("hostNamespaces: {}", "p.yaml:5:43: `hostNamespaces` denies nothing: write `deny`, or name `network`, `pid` or `ipc`")]
    [InlineData(
        "hostNamespaces: { network: allow, uts: deny }",
        "p.yaml:5:54: `network` is `allow`: write `deny`, or leave the key out",
        "p.yaml:5:61: `uts` is not a key of `hostNamespaces`: write one of `network`, `pid`, `ipc`")]
    [InlineData("hostPaths: allow", "p.yaml:5:38: `hostPaths` is `allow`: write `deny`, or leave the key out")]
    [InlineData("hostPaths: { allow: [] }", "p.yaml:5:47: `allow` is an empty list: write `hostPaths: deny`")]
    [InlineData("hostPaths: { }", "p.yaml:5:38: `hostPaths` has no `allow`: add it")]
    [InlineData(
        "hostPaths: { allow: [{ path: /var/../etc }, { path: srv }, { readOnly: yes, path: / }] }",
        "p.yaml:5:56: `/var/../etc` is not a path: write it absolute, without `.`, `..`, doubled or trailing slashes",
        "p.yaml:5:79: `srv` is not a path: write it absolute, without `.`, `..`, doubled or trailing slashes",
        "p.yaml:5:98: `readOnly` is `yes`: write one of `true`, `false`")]
    [InlineData(
        "volumes: { allow: [configMap, hostpath] }",
        "p.yaml:5:57: `hostpath` is not a type of volume: write one of `configMap`, `csi`, `downwardAPI`, `emptyDir`, `ephemeral`, `image`, "
            + "`persistentVolumeClaim`, `projected`, `secret`, `hostPath`, `other`")]
    [InlineData("mounts: {}", "p.yaml:5:35: `mounts` demands nothing: give it a key, such as `propagation: private`")]
    [InlineData("mounts: { propagation: bidirectional }", "p.yaml:5:50: `propagation` is `bidirectional`: write one of `private`, `hostToContainer`")]
    [InlineData("hostNamespaces: allow", "p.yaml:5:43: `hostNamespaces` is `allow`: write `deny`, or leave the key out")]
    [InlineData("sandbox: gvisor", "p.yaml:5:36: no handler of `handlers` gives `gvisor`: list one, such as `{ name: runsc, level: gvisor }`")]
    [InlineData("sandbox: {}", "p.yaml:5:36: `sandbox` has no `level`: add it")]
    [InlineData("sandbox: runsc", "p.yaml:5:36: `sandbox` is `runsc`: write one of `runc`, `userns`, `gvisor`, `kata`")]
    [InlineData(
        "sandbox: { level: kata, action: deny }",
        "p.yaml:5:45: no handler of `handlers` gives `kata`: list one, such as `{ name: kata, level: kata }`",
        "p.yaml:5:59: `action` is `deny`: write one of `fix`, `refuse`")]
    public void A_control_is_checked(string control, params string[] errors) =>
        Assert.Equal(errors, Errors($"{{ name: a, mode: audit, {control} }}"));

    private static string[] Errors(string rule) => PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}rules:\n- {rule}\n");
}
