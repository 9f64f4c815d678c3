using CriGuard.Core.Policy.Isolation;

namespace CriGuard.Store.Tests.Policies;

/// <summary>What can be wrong with `handlers`, and what is read of them.</summary>
public sealed class HandlerErrorTests
{
    [Theory]
    [InlineData("{ name: runsc }", "p.yaml:4:12: `handler` has no `level`: add it")]
    [InlineData("{ level: gvisor }", "p.yaml:4:12: `handler` has no `name`: add it")]
    [InlineData("{ name: '', level: runc }", "p.yaml:4:20: a handler has no name: the runtime's default has one too, write that")]
    [InlineData("{ name: runsc, level: strong }", "p.yaml:4:34: `level` is `strong`: write one of `runc`, `userns`, `gvisor`, `kata`")]
    [InlineData("{ name: runsc, level: gvisor, snapshotter: devmapper }", "p.yaml:4:55: `snapshotter` is `devmapper`: write `own`, or leave the key out")]
    [InlineData("{ name: runsc, level: gvisor, supports: { seccomp: yes } }", "p.yaml:4:63: `seccomp` is `yes`: write one of `true`, `false`")]
    [InlineData(
        "{ name: runsc, level: gvisor, supports: { hostnetwork: true } }",
        "p.yaml:4:54: `hostnetwork` is not a key of `supports`: the nearest is `hostNetwork`")]
    [InlineData("{ name: runc, level: runc }, { name: runc, level: kata }", "p.yaml:4:49: handler `runc` is already at p.yaml:4:20: keep one of the two places")]
    public void An_entry_is_checked(string handlers, params string[] errors) =>
        Assert.Equal(errors, PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}handlers: [{handlers}]\nrules: [{{ name: a, mode: audit, privileged: deny }}]\n"));

    [Fact]
    public void An_entry_says_where_it_differs_from_its_level()
    {
        using var directory = new PolicyDirectory();
        var handler = Assert.Single(directory.Write(
            "p.yaml",
            PolicyDirectory.Head + "handlers: [{ name: fc, level: kata, snapshotter: own, supports: { devices: true, sysctls: false }, annotations: [\"io.katacontainers.x.*\"] }]\n"
            + "rules: []\n").Policy().Handlers.Entries);
        Assert.Equal(("fc", IsolationLevel.Kata, true), (handler.Name, handler.Level, handler.OwnSnapshotter));
        Assert.True(handler.Can(Ability.Devices) && !handler.Can(Ability.Sysctls) && handler.Can(Ability.BlockVolumes) && !handler.Can(Ability.HostNetwork));
        Assert.Equal("io.katacontainers.x.*", Assert.Single(handler.Annotations).Pattern);
    }
}
