using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;
using FsCheck;
using NamespaceMode = CriGuard.Core.Workloads.NamespaceMode;

namespace CriGuard.Cri.Tests.Facts;

public sealed class StartReaderTests
{
    // Cut down from what containerd gives; 4026 is the sandbox's own process.
    private const string Spec = """
        {
          "sandboxID": "5a0dbc", "pid": 0,
          "config": { "metadata": { "name": "web" }, "image": { "image": "sha256:0f", "user_specified_image": "registry.example/web:1" } },
          "runtimeSpec": {
            "ociVersion": "1.0.2-dev",
            "process": {
              "noNewPrivileges": true, "apparmorProfile": "cri-containerd.apparmor.d",
              "capabilities": {
                "bounding": ["CAP_CHOWN"], "effective": ["CAP_CHOWN", "CAP_KILL"], "permitted": ["CAP_CHOWN"], "ambient": ["CAP_BPF"]
              }
            },
            "linux": {
              "namespaces": [
                { "type": "pid" }, { "type": "ipc", "path": "/proc/4026/ns/ipc" }, { "type": "uts", "path": "/proc/4026/ns/uts" },
                { "type": "mount" }, { "type": "network", "path": "/proc/4026/ns/net" }
              ],
              "seccomp": { "defaultAction": "SCMP_ACT_ERRNO" },
              "maskedPaths": ["/proc/kcore", "/proc/keys"]
            }
          }
        }
        """;

    [Fact]
    public void T_U5_the_spec_is_read_with_all_five_capability_sets_as_one()
    {
        var facts = StartReader.Read(Status(Spec), Sandbox(NamespaceMode.Pod));

        Assert.Equal("web", facts.ContainerName);
        Assert.Equal(new ImageFacts("sha256:0f", "registry.example/web:1"), facts.Image);
        Assert.Equal(["CAP_BPF", "CAP_CHOWN", "CAP_KILL"], facts.Spec!.Capabilities);
        Assert.True(facts.Spec.NoNewPrivileges);
        Assert.Equal("cri-containerd.apparmor.d", facts.Spec.AppArmorProfile);
        Assert.Equal("SCMP_ACT_ERRNO", facts.Spec.SeccompDefaultAction);
        Assert.Equal(["ipc", "mount", "network", "pid", "uts"], facts.Spec.OwnNamespaces);
        Assert.Equal(2, facts.Spec.MaskedPaths.Count);
    }

    [Theory]
    [InlineData("""{ "config": { "linux": { "security_context": { "privileged": true } } } }""", true)]
    [InlineData("""{ "config": { "linux": { "security_context": {} } } }""", false)]
    [InlineData("""{ "config": {} }""", false)]
    [InlineData("""{ "privileged": true }""", true)]
    [InlineData("""{ "privileged": false }""", false)]
    [InlineData("""{ "privileged": "true" }""", null)]
    [InlineData("{}", null)]
    public void Privileged_is_the_containers_own_and_not_its_sandboxs(string info, bool? privileged)
    {
        var facts = StartReader.Read(Status(info), Sandbox(NamespaceMode.Pod) with { Privileged = true });

        Assert.Equal(privileged, facts.Privileged);
    }

    [Fact]
    public void A_namespace_of_a_sandbox_that_lives_in_the_nodes_is_the_nodes()
    {
        var facts = StartReader.Read(Status(Spec), Sandbox(NamespaceMode.Node));

        Assert.Equal(["ipc", "mount", "pid"], facts.Spec!.OwnNamespaces);
    }

    [Theory]
    [InlineData("/proc/1/ns/ipc")]
    [InlineData("/proc/self/ns/ipc")]
    [InlineData("//proc/4026/ns/ipc")]
    [InlineData("/proc/4026/ns/../../1/ns/ipc")]
    [InlineData("/run/ipcns/x")]
    public void T_H1_a_namespace_of_another_than_the_sandbox_is_the_nodes_until_someone_looks(string path)
    {
        var spec = StartReader.Read(Status(Spec.Replace("/proc/4026/ns/ipc", path, StringComparison.Ordinal)), Sandbox(NamespaceMode.Pod)).Spec!;

        Assert.DoesNotContain("ipc", spec.OwnNamespaces);
        Assert.DoesNotContain("ipc", spec.Knowing(static _ => null).OwnNamespaces);
        Assert.DoesNotContain("ipc", spec.Knowing(static _ => true).OwnNamespaces);
        Assert.Contains("ipc", spec.Knowing(static _ => false).OwnNamespaces);
    }

    [Fact]
    public void A_container_without_a_filter_is_told_from_one_with()
    {
        var spec = Spec.Replace("\"seccomp\"", "\"other\"", StringComparison.Ordinal);

        Assert.Null(StartReader.Read(Status(spec), Sandbox(NamespaceMode.Pod)).Spec!.SeccompDefaultAction);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"runtimeSpec":null}""")]
    [InlineData("""{"runtimeSpec":{"process":{}}}""")]
    [InlineData("""{"runtimeSpec":{"process":{"apparmorProfile":"\ud800"},"linux":{}}}""")]
    [InlineData("""{"runtimeSpec":{"process":{"capabilities":""")]
    public void A_spec_that_is_not_there_or_not_sound_is_null(string info)
    {
        Assert.Null(StartReader.Read(Status(info), Sandbox(NamespaceMode.Pod)).Spec);
    }

    [Fact]
    public void A_spec_with_odd_types_in_it_gives_nothing_for_them()
    {
        const string odd = """
            { "runtimeSpec": {
                "process": { "capabilities": { "bounding": "CAP_CHOWN" }, "noNewPrivileges": "true" },
                "linux": { "namespaces": {}, "maskedPaths": 7 } } }
            """;

        var spec = StartReader.Read(Status(odd), Sandbox(NamespaceMode.Pod)).Spec!;

        Assert.Empty(spec.Capabilities);
        Assert.False(spec.NoNewPrivileges);
        Assert.Empty(spec.OwnNamespaces);
        Assert.Empty(spec.MaskedPaths);
    }

    [Fact]
    public void Without_the_verbose_part_the_image_is_the_runtimes_own_name_of_it()
    {
        var response = new ContainerStatusResponse
        {
            Status = new ContainerStatus
            {
                Metadata = new ContainerMetadata { Name = "web" },
                Image = new ImageSpec { Image = "registry.example/web:1" },
            },
        };

        var facts = StartReader.Read(response, Sandbox(NamespaceMode.Pod));

        Assert.Equal(new ImageFacts("registry.example/web:1", ""), facts.Image);
        Assert.Null(facts.Spec);
        Assert.Equal("", StartReader.SandboxId(response));
    }

    [Fact]
    public void The_sandbox_of_a_container_is_in_its_verbose_status()
    {
        Assert.Equal("5a0dbc", StartReader.SandboxId(Status(Spec)));
    }

    [Fact]
    public void A_status_with_any_character_changed_is_never_an_exception() => Prop.ForAll<int, char>(static (at, value) =>
    {
        var index = (int)((uint)at % Spec.Length);
        var facts = StartReader.Read(Status(string.Concat(Spec.AsSpan(0, index), [value], Spec.AsSpan(index + 1))), Sandbox(NamespaceMode.Node));
        Assert.Equal("web", facts.ContainerName);
    }).QuickCheckThrowOnFailure();

    private static SandboxFacts Sandbox(NamespaceMode network) => new()
    {
        Pod = new PodIdentity("team-a", "web-0", "2f1c"),
        Namespaces = NamespaceModes.Default with { Network = network },
        ProcessId = 4026,
    };

    private static ContainerStatusResponse Status(string info) => new()
    {
        Status = new ContainerStatus
        {
            Metadata = new ContainerMetadata { Name = "web" },
            Image = new ImageSpec { Image = "registry.example/web@sha256:0f" },
        },
        Info = { ["info"] = info },
    };
}
