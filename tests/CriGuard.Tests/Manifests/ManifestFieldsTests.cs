using CriGuard.Golden;
using CriGuard.Manifests;
using CriGuard.Tests.Repository;

namespace CriGuard.Tests.Manifests;

/// <summary>The table from fields of requests to fields of manifests.</summary>
public sealed class ManifestFieldsTests
{
    private const string Text = """
        kind: Deployment
        metadata: { name: web }
        spec:
          template:
            metadata: { annotations: { container.apparmor.security.beta.kubernetes.io/two: unconfined } }
            spec:
              securityContext: { seccompProfile: { type: Unconfined }, sysctls: [{ name: a.b, value: '1' }, { name: kernel.msgmax, value: '1' }] }
              volumes: [{ name: sock, hostPath: { path: /run/x.sock } }, { name: tmp, emptyDir: {} }]
              containers:
              - name: one
                image: i
                ports: [{ containerPort: 80 }]
                securityContext: { seccompProfile: { type: Unconfined } }
              - name: two
                image: i
                ports: [{ containerPort: 81, hostPort: 81 }]
                volumeMounts: [{ name: tmp, mountPath: /tmp }, { name: sock, mountPath: /x, mountPropagation: Bidirectional }]
                securityContext: { privileged: true }
        """;

    [Fact]
    public void Every_field_that_a_decision_names_has_a_row()
    {
        var missing = from folder in GoldenRun.Find(Checkout.Path("tests", "golden"))
                      let golden = GoldenCaseReader.Read(folder)
                      where golden.Method is "RunPodSandbox" or "CreateContainer"
                      let verdict = golden.Decide()
                      from field in verdict.Findings.Select(static f => f.Field).Concat(verdict.Changes.Select(static c => c.Field))
                      where field.Length > 0 && !ManifestFields.Knows(field, golden.Method == "RunPodSandbox")
                      select $"{golden.Method} {field} ({Path.GetFileName(folder)})";

        Assert.Empty(missing.Distinct());
    }

    [Theory]
    [InlineData("runtime_handler", "spec.template.spec.runtimeClassName")]
    [InlineData("config.linux.security_context.privileged", "spec.template.spec.containers[1].securityContext.privileged")]
    [InlineData("config.linux.security_context.namespace_options.network", "spec.template.spec.hostNetwork")]
    [InlineData("config.linux.sysctls", "spec.template.spec.securityContext.sysctls")]
    [InlineData("config.linux.sysctls[kernel.msgmax]", "spec.template.spec.securityContext.sysctls[1]")]
    [InlineData("config.port_mappings", "spec.template.spec.containers[1].ports[0].hostPort")]
    [InlineData("config.port_mappings[1].host_port", "spec.template.spec.containers[1].ports[0].hostPort")]
    [InlineData("config.linux.security_context.seccomp", null)]
    [InlineData("config.not_known_yet", null)]
    public void A_field_of_a_sandbox_is_one_of_the_pod(string criField, string? path)
    {
        var pod = Manifest.One(Text);

        Assert.Equal(path, ManifestFields.Find(criField, pod.Template, container: null)?.Path);
    }

    [Theory]
    [InlineData("config.linux.security_context.capabilities.add_capabilities", "containers[1].securityContext.capabilities.add")]
    [InlineData("config.linux.security_context.no_new_privs", "containers[1].securityContext.allowPrivilegeEscalation")]
    [InlineData("config.linux.security_context.seccomp", "securityContext.seccompProfile")]
    [InlineData("config.mounts[1].host_path", "volumes[0].hostPath.path")]
    [InlineData("config.mounts[0].host_path", "volumes[1]")]
    [InlineData("config.mounts[1].propagation", "containers[1].volumeMounts[1].mountPropagation")]
    [InlineData("config.mounts[1]", "containers[1].volumeMounts[1]")]
    [InlineData("config.mounts[1].something_new", "containers[1].volumeMounts[1]")]
    [InlineData("config.mounts", "containers[1].volumeMounts")]
    [InlineData("config.image", "containers[1].image")]
    public void A_field_of_a_container_is_its_own_or_the_pods(string criField, string path)
    {
        var pod = Manifest.One(Text);

        Assert.Equal("spec.template.spec." + path, ManifestFields.Find(criField, pod.Template, pod.Containers[1])?.Path);
    }

    [Fact]
    public void What_the_container_says_itself_is_where_to_change_it()
    {
        var pod = Manifest.One(Text);

        Assert.Equal(
            "spec.template.spec.containers[0].securityContext.seccompProfile",
            ManifestFields.Find("config.linux.security_context.seccomp", pod.Template, pod.Containers[0])?.Path);
        Assert.Equal(
            "spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/two]",
            ManifestFields.Find("config.linux.security_context.apparmor", pod.Template, pod.Containers[1])?.Path);
    }

    [Theory]
    [InlineData("config.mounts[3].host_path")]
    [InlineData("config.mounts[9].host_path")]
    [InlineData("sandbox_config.labels")]
    public void What_the_kubelet_adds_is_no_field_of_the_manifest(string criField)
    {
        var pod = Manifest.One(Text);

        Assert.Null(ManifestFields.Find(criField, pod.Template, pod.Containers[1]));
        Assert.True(ManifestFields.Knows(criField, ofSandbox: false));
    }

    [Theory]
    [InlineData("config.linux.security_context.not_known_yet")]
    [InlineData("config.not_known_yet")]
    [InlineData("")]
    public void A_field_without_a_row_is_not_taken_for_another(string criField) => Assert.False(ManifestFields.Knows(criField, ofSandbox: false));
}
