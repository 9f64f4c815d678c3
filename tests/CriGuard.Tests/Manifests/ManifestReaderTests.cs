using CriGuard.Core.Policy;
using CriGuard.Manifests;

namespace CriGuard.Tests.Manifests;

/// <summary>Kinds, several documents, and what is wrong with a file.</summary>
public sealed class ManifestReaderTests
{
    private const string Template = "{ metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: i }] } }";

    [Theory]
    [InlineData("Deployment", "spec: { template: % }", "web-xxxxxxxxxx-xxxxx", "spec.template.spec")]
    [InlineData("ReplicaSet", "spec: { template: % }", "web-xxxxx", "spec.template.spec")]
    [InlineData("ReplicationController", "spec: { template: % }", "web-xxxxx", "spec.template.spec")]
    [InlineData("StatefulSet", "spec: { template: % }", "web-0", "spec.template.spec")]
    [InlineData("DaemonSet", "spec: { template: % }", "web-xxxxx", "spec.template.spec")]
    [InlineData("Job", "spec: { template: % }", "web-xxxxx", "spec.template.spec")]
    [InlineData("CronJob", "spec: { jobTemplate: { spec: { template: % } } }", "web-xxxxxxxx-xxxxx", "spec.jobTemplate.spec.template.spec")]
    [InlineData("PodTemplate", "template: %", "web-xxxxx", "template.spec")]
    public void Each_kind_has_its_template_where_it_belongs(string kind, string body, string name, string path)
    {
        var pod = Manifest.One($"kind: {kind}\nmetadata: {{ name: web, namespace: team-a }}\n{body.Replace("%", Template, StringComparison.Ordinal)}\n");

        Assert.Equal((name, "team-a", path), (pod.Sandbox.Config.Metadata.Name, pod.Sandbox.Config.Metadata.Namespace, pod.Template.Spec.Path));
        Assert.Equal("web", pod.Sandbox.Config.Labels["app"]);
    }

    [Fact]
    public void Documents_and_lists_are_looked_into_and_other_kinds_are_named()
    {
        var errors = new HashSet<PolicyError>();
        var reading = Manifest.Read(
            $"kind: List\nitems:\n- {{ kind: Pod, metadata: {{ name: a }}, spec: {{ containers: [{{ name: c, image: i }}] }} }}\n- {{ kind: Service }}\n---\n---\n"
            + "kind: PodList\nitems:\n- { metadata: { name: b }, spec: { containers: [{ name: c, image: i }] } }\n---\n"
            + "kind: RuntimeClass\nmetadata: { name: strong }\nhandler: runsc\n", errors);

        Assert.Empty(errors);
        Assert.Equal([("a", "items[0].spec"), ("b", "items[0].spec")], reading.Pods.Select(static p => (p.Name, p.Spec.Path)));
        Assert.Equal([("Service", 4)], reading.Skipped.Select(static s => (s.Kind, s.At.Line)));
        Assert.Equal("runsc", reading.RuntimeClasses["strong"]);
    }

    [Fact]
    public void A_merge_key_brings_what_it_brings_to_the_api_server()
    {
        var pod = Manifest.One(
            "kind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n  - &base { name: x, image: i, securityContext: { privileged: true } }\n  - { <<: *base, name: z }\n");

        Assert.Equal([("x", true), ("z", true)], pod.Containers.Select(static c => (c.Source.Name, c.Request.Config.Linux.SecurityContext.Privileged)));
    }

    [Theory]
    [InlineData("spec: { hostNetwork: 'true', containers: [{ name: c, image: i }] }", "m.yaml:3:22: `spec.hostNetwork` is a text: write `true` or `false`")]
    [InlineData("spec: { containers: { name: c } }", "m.yaml:3:21: `spec.containers` is a map: write a list")]
    [InlineData("spec: []", "m.yaml:1:1: the Pod has no `spec.containers`: add it", "m.yaml:3:7: `spec` is a list: write a map")]
    [InlineData("spec: { containers: [x] }", "m.yaml:3:22: `spec.containers[0]` has no `image`: add it", "m.yaml:3:22: `spec.containers[0]` has no `name`: add it", "m.yaml:3:22: `spec.containers[0]` is a text: write a map")]
    [InlineData("spec: { containers: [{ name: 1, image: i }] }", "m.yaml:3:22: `spec.containers[0]` has no `name`: add it", "m.yaml:3:30: `spec.containers[0].name` is a number: write a text")]
    [InlineData("spec: { containers: [{ name: c, image: i, securityContext: { runAsUser: root } }] }", "m.yaml:3:73: `spec.containers[0].securityContext.runAsUser` is a text: write a whole number")]
    [InlineData("spec: { containers: [{ name: c, image: i, securityContext: { runAsUser: 1.5 } }] }", "m.yaml:3:73: `spec.containers[0].securityContext.runAsUser` is a number: write a whole number")]
    [InlineData("spec: { containers: [{ name: c, image: i, securityContext: { capabilities: { add: ALL } } }] }", "m.yaml:3:83: `spec.containers[0].securityContext.capabilities.add` is a text: write a list")]
    [InlineData("spec: { containers: [{ name: c, image: i, securityContext: { seccompProfile: { type: Localhost } } }] }", "m.yaml:3:78: `spec.containers[0].securityContext.seccompProfile` is `Localhost` without `localhostProfile`: add it")]
    [InlineData("spec: { securityContext: { appArmorProfile: { type: No } }, containers: [{ name: c, image: i }] }", "m.yaml:3:53: `spec.securityContext.appArmorProfile.type` is true or false: write a text")]
    [InlineData("spec: { containers: [{ name: c, image: i, resources: { limits: { cpu: lots } } }] }", "m.yaml:3:71: `spec.containers[0].resources.limits.cpu` is a text: write an amount such as `100m` or `64Mi`")]
    [InlineData("spec: { containers: [{ name: c, image: i, volumeMounts: [{ name: v, mountPath: /m }] }] }", "m.yaml:3:66: `spec.containers[0].volumeMounts[0].name` is `v`, which no volume of the pod is named: add it to `spec.volumes`")]
    [InlineData("spec: { volumes: [{ name: v, hostPath: /a }], containers: [{ name: c, image: i }] }", "m.yaml:3:40: `spec.volumes[0].hostPath` is a text: write a map")]
    public void A_wrong_type_is_an_error_with_its_place_and_what_to_write(string spec, params string[] errors)
    {
        Assert.Equal(errors, Manifest.Errors($"kind: Pod\nmetadata: {{ name: a }}\n{spec}\n").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("metadata: {}\n", "m.yaml:1:1: the object has no `kind`: write what it is")]
    [InlineData("- a\n", "m.yaml:1:1: `manifest` is a list: write a map")]
    [InlineData("kind: Pod\nspec: { containers: [{ name: c, image: i }] }\n", "m.yaml:1:1: the Pod has no `metadata.name`: add it")]
    [InlineData("kind: Deployment\nmetadata: { name: a }\n", "m.yaml:1:1: the Deployment has no `spec.template.spec.containers`: add it")]
    [InlineData("kind: Service\n---\nkind: [\n", "m.yaml:4:1: not valid YAML: while parsing a node, did not find expected node content")]
    public void What_is_no_object_is_said(string text, string error) => Assert.Equal([error], Manifest.Errors(text));

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("-5", -5L)]
    [InlineData("0x1F", 31L)]
    [InlineData("0755", 493L)]
    [InlineData("0o10", 8L)]
    [InlineData("1_000", 1000L)]
    [InlineData("9223372036854775808", null)]
    [InlineData("08", null)]
    [InlineData("--1", null)]
    [InlineData("", null)]
    public void Whole_numbers_are_those_of_YAML(string text, long? number) =>
        Assert.Equal(number, Numbers.TryWhole(text, out var read) ? read : null);

    [Fact]
    public void Aliases_cannot_multiply_a_file_into_more_pods_than_are_explained()
    {
        var pod = "&p { kind: Pod, metadata: { name: a }, spec: { containers: [{ name: c, image: i }] } }";

        Assert.Throws<ManifestException>(() => Manifest.Errors($"kind: List\nitems: [{pod}{string.Concat(Enumerable.Repeat(", *p", 10_000))}]\n").ToList());
    }
}
