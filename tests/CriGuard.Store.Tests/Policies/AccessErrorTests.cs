namespace CriGuard.Store.Tests.Policies;

/// <summary>What is wrong with `access`, `updates` and `checkpoints`, with its place and the words that a person reads.</summary>
public sealed class AccessErrorTests
{
    [Theory]
    [InlineData("access: { exec: deny, execSync: record, attach: denyPrivileged, portForward: deny }")]
    [InlineData("access: {}", "p.yaml:5:35: `access` says nothing: name `exec`, `execSync`, `attach` or `portForward`")]
    [InlineData("access: deny", "p.yaml:5:35: `access` is a single value: write a map")]
    [InlineData("access: { exec: allow }", "p.yaml:5:43: `exec` is `allow`: write one of `deny`, `denyPrivileged`, `record`")]
    [InlineData("access: { exe: deny }", "p.yaml:5:37: `exe` is not a key of `access`: write one of `exec`, `execSync`, `attach`, `portForward`")]
    [InlineData(
        "access: { portForward: deny }, match: { images: [a] }",
        "p.yaml:5:11: rule `a` has `portForward` and matches containers or images, but such a call may be about a whole pod: match `namespaces` or `podLabels`")]
    public void Access_is_checked(string control, params string[] errors) => Assert.Equal(errors, Errors(control));

    [Theory]
    [InlineData("updates: deny")]
    [InlineData("updates: { unified: [memory.*], annotations: [] }")]
    [InlineData("updates: allow", "p.yaml:5:36: `updates` is `allow`: write `deny`, or leave the key out")]
    [InlineData("updates: { unified: [] }", "p.yaml:5:36: `updates` has no `annotations`: add it")]
    [InlineData("updates: { unified: [''], annotations: [] }", "p.yaml:5:48: `unified` has an empty item: write a name, `*` in it for any characters")]
    [InlineData(
        "updates: deny, match: { containers: [a] }",
        "p.yaml:5:11: rule `a` has `updates` and matches containers or images, but such a call may be about a whole pod: match `namespaces` or `podLabels`")]
    public void Updates_are_checked(string control, params string[] errors) => Assert.Equal(errors, Errors(control));

    [Theory]
    [InlineData("checkpoints: deny")]
    [InlineData("checkpoints: {}")]
    [InlineData("checkpoints: { paths: [/var/lib/kubelet/checkpoints], callers: ['*/kubelet'] }")]
    [InlineData("checkpoints: never", "p.yaml:5:40: `checkpoints` is `never`: write `deny`, or leave the key out")]
    [InlineData(
        "checkpoints: { paths: [/a/, /a/../b, a, /] }",
        "p.yaml:5:50: `/a/` is not a directory for checkpoints: write an absolute path without `.`, `..` or a slash at the end",
        "p.yaml:5:55: `/a/../b` is not a directory for checkpoints: write an absolute path without `.`, `..` or a slash at the end",
        "p.yaml:5:64: `a` is not a directory for checkpoints: write an absolute path without `.`, `..` or a slash at the end",
        "p.yaml:5:67: `/` is not a directory for checkpoints: write an absolute path without `.`, `..` or a slash at the end")]
    [InlineData(
        "checkpoints: { callers: [] }",
        "p.yaml:5:40: `callers` of `checkpoints` is empty: write `checkpoints: deny`, or leave the key out for the kubelet alone")]
    [InlineData(
        "checkpoints: deny, match: { imageDigests: ['sha256:0000000000000000000000000000000000000000000000000000000000000000'] }",
        "p.yaml:5:11: rule `a` has `checkpoints` and matches containers or images, but such a call may be about a whole pod: match `namespaces` or `podLabels`")]
    public void Checkpoints_are_checked(string control, params string[] errors) => Assert.Equal(errors, Errors(control));

    [Theory]
    [InlineData("lateContainers: deny")]
    [InlineData("lateContainers: { action: report, afterSeconds: 60 }")]
    [InlineData("lateContainers: never", "p.yaml:5:43: `lateContainers` is `never`: write one of `deny`, `report`")]
    [InlineData("lateContainers: { afterSeconds: 60 }", "p.yaml:5:43: `lateContainers` has no `action`: add it")]
    [InlineData("lateContainers: { action: deny, afterSeconds: 0 }", "p.yaml:5:73: `0` is not a number of seconds from 1 to 86400")]
    public void Late_containers_are_checked(string control, params string[] errors) => Assert.Equal(errors, Errors(control));

    [Fact]
    public void T_C8_what_is_not_accounted_for_is_denied_or_reported() => Assert.Equal(
        ["p.yaml:4:14: `unaccounted` is `allow`: write one of `deny`, `report`"],
        PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}unaccounted: allow\nrules: []\n"));

    private static string[] Errors(string control) =>
        PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}rules:\n- {{ name: a, mode: audit, {control} }}\n");
}
