using CriGuard.Core.Policy;

namespace CriGuard.Store.Tests.Policies;

/// <summary>Devices, annotations, images, handlers and resources: what is read, and each kind of error with its place.</summary>
public sealed class ListErrorTests
{
    [Theory]
    [InlineData("devices: allow", "p.yaml:5:36: `devices` is `allow`: write `deny`, or leave the key out")]
    [InlineData("devices: {}", "p.yaml:5:36: `devices` allows nothing: write `deny`, or name devices in `allow` or `cdi`")]
    [InlineData("devices: { allow: [{ permissions: rw }] }", "p.yaml:5:46: `allow` has no `path`: add it")]
    [InlineData(
        "devices: { allow: [{ path: /etc/x, permissions: rx }, { path: /dev/../x }] }",
        "p.yaml:5:54: `/etc/x` is no device: write `/dev/name`, as the kernel calls it",
        "p.yaml:5:75: `permissions` is `rx`: write some of `r`, `w` and `m`, such as `rw`",
        "p.yaml:5:89: `/dev/../x` is no device: write `/dev/name`, as the kernel calls it")]
    [InlineData(
        "devices: { cdi: [gpu], cdiAnnotations: deny }",
        "p.yaml:5:44: `gpu` is no CDI device: write `vendor.com/class=name`, `*` in it for any characters",
        "p.yaml:5:66: `cdiAnnotations` is `deny`: write `allow`, or leave the key out")]
    [InlineData("drift: report", "p.yaml:5:34: `drift` is `report`: write `deny`, or leave the key out")]
    [InlineData("annotations: strip", "p.yaml:5:40: `annotations` is `strip`: write `deny`, or leave the key out")]
    [InlineData("annotations: {}", "p.yaml:5:40: `annotations` has no `allow`: add it")]
    [InlineData("annotations: { allow: [''] }", "p.yaml:5:50: `allow` has an empty item, which matches nothing: write a key, `*` in it for any characters")]
    [InlineData("images: {}", "p.yaml:5:35: `images` demands nothing: name `registries`, or write `digest: required`")]
    [InlineData(
        "images: { registries: ['', /a, 'a//b', 'a@b'], digest: yes }",
        "p.yaml:5:50: `` is no registry: write `registry.example`, or `registry.example/team/*` for repositories of one",
        "p.yaml:5:54: `/a` is no registry: write `registry.example`, or `registry.example/team/*` for repositories of one",
        "p.yaml:5:58: `a//b` is no registry: write `registry.example`, or `registry.example/team/*` for repositories of one",
        "p.yaml:5:66: `a@b` is no registry: write `registry.example`, or `registry.example/team/*` for repositories of one",
        "p.yaml:5:82: `digest` is `yes`: write `required`, or leave the key out")]
    [InlineData("runtimeHandlers: {}", "p.yaml:5:44: `runtimeHandlers` has no `allow`: add it")]
    [InlineData("runtimeHandlers: { allow: [] }", "p.yaml:5:53: `allow` is an empty list, which matches nothing: leave the key out or fill it")]
    [InlineData("resources: {}", "p.yaml:5:38: `resources` demands nothing: write one of `cgroupParent`, `minOomScoreAdj`, `unified`")]
    [InlineData(
        "resources: { cgroupParent: kubepods.slice, minOomScoreAdj: -1001, unified: allow }",
        "p.yaml:5:54: `kubepods.slice` is no cgroup: write it as cgroupfs does, `/kubepods`; the name of the slice follows from it",
        "p.yaml:5:86: `minOomScoreAdj` is `-1001`: write a number from -1000 to 1000; kubelets send -997 and more",
        "p.yaml:5:102: `unified` is `allow`: write `deny`, or leave the key out")]
    public void A_list_is_checked(string control, params string[] errors) =>
        Assert.Equal(errors, PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}rules:\n- {{ name: a, mode: audit, {control} }}\n"));

    [Fact]
    public void Every_key_is_read()
    {
        var rule = Assert.Single(PolicyDirectory.PolicyOf("""
            rules:
              - name: a
                mode: enforce
                devices: { allow: [{ path: /dev/fuse, permissions: r }, { path: /dev/dri/* }], cdi: [vendor.com/gpu=*], cdiAnnotations: allow }
                annotations: { allow: [run.oci.*] }
                images: { registries: [registry.example/team/*], digest: required }
                runtimeHandlers: { allow: [runc, ''] }
                resources: { cgroupParent: /kubepods, minOomScoreAdj: -997, unified: [memory.high] }
                drift: deny

            """).Rules);

        Assert.Equal(["/dev/fuse:r", "/dev/dri/*:rw"], rule.Devices!.Allow.Select(static d => d.ToString()));
        Assert.Equal((true, true), (rule.Devices.AllowsCdi("vendor.com/gpu=1"), rule.Devices.CdiAnnotations));
        Assert.Equal("run.oci.*", Assert.Single(rule.Annotations!.Allow).Pattern);
        Assert.Equal(("registry.example/team/*", true), (Assert.Single(rule.Images!.Registries).Text, rule.Images.RequiresDigest));
        Assert.Equal<IEnumerable<string>>(["runc", ""], rule.RuntimeHandlers!.Allow);
        Assert.Equal(("/kubepods", -997), (rule.Resources!.CgroupParent, rule.Resources.MinOomScoreAdj));
        Assert.Equal<IEnumerable<Glob>>([new Glob("memory.high")], rule.Resources.Unified!.Value);
        Assert.Equal([Control.Devices, Control.Annotations, Control.Images, Control.RuntimeHandlers, Control.Resources, Control.Drift], rule.Controls());
    }

    [Fact]
    public void Deny_is_a_list_without_items()
    {
        var rule = Assert.Single(PolicyDirectory.PolicyOf("rules: [{ name: a, mode: enforce, devices: deny, annotations: deny, resources: { unified: deny } }]\n").Rules);

        Assert.Empty(rule.Devices!.Allow);
        Assert.Empty(rule.Annotations!.Allow);
        Assert.True(rule.Resources!.Unified is { IsEmpty: true });
    }
}
