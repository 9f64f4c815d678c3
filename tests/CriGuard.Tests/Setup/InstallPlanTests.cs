using System.Text;
using CriGuard.Daemon;
using CriGuard.Setup;
using CriGuard.Store.Configuration;

namespace CriGuard.Tests.Setup;

public sealed class InstallPlanTests : IDisposable
{
    private static readonly UnixEndpoint Ours = new("/run/criguard/criguard.sock");

    private readonly TempDirectory _root = new();

    private NodePaths Node => new(_root.Path);

    [Fact]
    public void What_is_installed_needs_nothing_more_and_leads_where_it_should()
    {
        foreach (string directory in (string[])["/usr/local/bin", "/var/lib", "/etc/systemd/system/multi-user.target.wants"])
            Directory.CreateDirectory(Node[directory]);
        var record = new NodeRecord(Node);
        foreach (var (owner, change) in Plan(new("/run/r.sock"), Ours).Changes)
            record.Make(owner, change);
        record.Close();

        Assert.Empty(Plan(new("/run/r.sock"), Ours).Changes);
        Assert.Equal("unix:///run/criguard/criguard.sock", YamlEdit.Get(Node.Read("/etc/crictl.yaml")!, "runtime-endpoint"));
        Assert.Equal("unix:///run/r.sock", YamlEdit.Get(Node.Read(NodePaths.Configuration)!, "runtimeEndpoint"));
        Assert.Equal("/etc/systemd/system/criguard.socket", new FileInfo(Node["/etc/systemd/system/sockets.target.wants/criguard.socket"]).LinkTarget);
        Assert.True(File.GetUnixFileMode(Node[NodePaths.Program]).HasFlag(UnixFileMode.OtherExecute));
        Assert.Equal("program", Node.Read(NodePaths.Program));
    }

    [Fact]
    public void A_socket_elsewhere_is_said_to_systemd_and_to_the_daemon()
    {
        var changes = Texts(Plan(new("/run/crio/crio.sock"), new("/run/criguard/run/crio/crio.sock")));

        Assert.Equal("[Socket]\nListenStream=\nListenStream=/run/criguard/run/crio/crio.sock\n", changes["/etc/systemd/system/criguard.socket.d/path.conf"]);
        Assert.Equal("unix:///run/criguard/run/crio/crio.sock", YamlEdit.Get(changes[NodePaths.Configuration], "listen"));
    }

    [Fact]
    public void What_an_administrator_has_written_is_not_touched()
    {
        Directory.CreateDirectory(Node[NodePaths.Policy]);
        File.WriteAllText(Node[NodePaths.Configuration], "# mine\n");
        File.WriteAllText(Node[NodePaths.Policy + "/mine.yaml"], "# mine\n");

        Assert.DoesNotContain(Texts(Plan(new("/run/r.sock"), Ours)).Keys, static path => path.StartsWith("/etc/criguard", StringComparison.Ordinal));
    }

    [Fact]
    public void A_package_brings_the_program_and_the_units_itself()
    {
        var plan = new InstallPlan(Node, new Survey(null, 0, new("/run/r.sock"), "r 1", null, Ours), new InstallOptions(), program: null);

        Assert.DoesNotContain(plan.Changes, static step => step.Change is NewFile { Path: NodePaths.Program or "/etc/systemd/system/criguard.service" });
        Assert.Contains(plan.Changes, static step => step.Change is NewLink { Target: "/lib/systemd/system/criguard.service" });
    }

    [Fact]
    public void Rules_for_modprobe_are_written_where_they_are_asked_for()
    {
        var options = new InstallOptions { Modprobe = true, Keep = ["sctp"] };
        string rules = Texts(Plan(new("/run/r.sock"), Ours, options))[NodePaths.Modprobe];

        Assert.Contains("install kcm /bin/false", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("install sctp ", rules, StringComparison.Ordinal);
        Assert.Contains("+ install kcm /bin/false", Plan(new("/run/r.sock"), Ours, options).Describe(), StringComparison.Ordinal);
    }

    public void Dispose() => _root.Dispose();

    private InstallPlan Plan(UnixEndpoint runtime, UnixEndpoint listen, InstallOptions? options = null) =>
        new(Node, new Survey(null, 0, runtime, "r 1", null, listen), options ?? new InstallOptions(), "program"u8.ToArray());

    private static Dictionary<string, string> Texts(InstallPlan plan) =>
        plan.Changes.Select(static step => step.Change).OfType<NewFile>().ToDictionary(static file => file.Path, static file => Encoding.UTF8.GetString(file.Content));
}
