using System.Text.Json;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Manifests;
using CriGuard.Store.Policies;

namespace CriGuard.Tests.Repository;

/// <summary>The files for a node are well formed, and name the same handlers.</summary>
public sealed class NodeSetupTests
{
    private static readonly string[] Tables =
        ["plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.", "plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.", "crio.runtime.runtimes."];

    public static TheoryData<string> DropIns { get; } = [.. Files()];

    private static string Setup => Checkout.Path("node-setup");

    [Theory]
    [MemberData(nameof(DropIns))]
    public void A_drop_in_is_TOML_and_each_of_its_handlers_has_a_runtime_class(string file)
    {
        var handlers = Handlers(File.ReadAllLines(Path.Combine(Setup, file)));
        Assert.NotEmpty(handlers);
        Assert.Subset(RuntimeClasses().Values.ToHashSet(), handlers);
    }

    [Fact]
    public void Every_runtime_class_is_set_up_for_each_runtime_and_listed_by_the_shipped_policies()
    {
        var classes = RuntimeClasses();
        Assert.Equal(["gvisor", "kata-clh", "kata-fc", "kata-qemu"], classes.Keys.Order(StringComparer.Ordinal));
        foreach (var runtime in (string[])["containerd/1.x", "containerd/2.x", "crio"])
        {
            var set = Directory.GetFiles(Path.Combine(Setup, runtime)).SelectMany(static f => Handlers(File.ReadAllLines(f)));
            Assert.Equal(classes.Values.Order(StringComparer.Ordinal), set.Order(StringComparer.Ordinal));
        }

        foreach (var policy in (string[])["baseline.yaml", "multi-tenant.yaml"])
        {
            var table = PolicyReader.Read(Checkout.Path("profiles", "policies", policy)).Policy!.Handlers;
            Assert.All(classes, c => Assert.Equal(c.Key.StartsWith("kata", StringComparison.Ordinal) ? IsolationLevel.Kata : IsolationLevel.Gvisor, table.Find(c.Value)?.Level));
        }
    }

    [Fact]
    public void No_drop_in_lets_annotations_of_pods_configure_a_sandbox_but_for_hints_on_volumes() =>
        Assert.All(
            Files().SelectMany(static file => File.ReadAllLines(Path.Combine(Setup, file))).Where(static line => line.Contains("annotations =", StringComparison.Ordinal)),
            static line => Assert.Contains(line.Split(" = ")[1], (string[])["[]", "[\"dev.gvisor.spec.mount.*\"]"]));

    private static IEnumerable<string> Files() =>
        Directory.GetFiles(Setup, "*", SearchOption.AllDirectories).Where(static f => f.EndsWith(".toml", StringComparison.Ordinal) || f.EndsWith(".conf", StringComparison.Ordinal))
            .Select(static f => Path.GetRelativePath(Setup, f));

    private static Dictionary<string, string> RuntimeClasses()
    {
        var (found, errors) = (new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<PolicyError>());
        foreach (var file in Directory.GetFiles(Path.Combine(Setup, "runtimeclasses")))
        {
            var reader = new ManifestReader(errors);
            reader.Add(file, File.ReadAllText(file));
            var (name, handler) = Assert.Single(reader.Result().RuntimeClasses);
            Assert.Equal(Path.GetFileNameWithoutExtension(file), name);
            Assert.Contains($"criguard.io/handler-{handler}: \"true\"", File.ReadAllText(file), StringComparison.Ordinal);
            found[name] = handler;
        }

        Assert.Empty(errors);
        return found;
    }

    /// <summary>The part of TOML that the files keep to: tables, and keys with strings, whole numbers, booleans and lists of strings, each on a line.</summary>
    private static HashSet<string> Handlers(string[] lines)
    {
        var handlers = new HashSet<string>(StringComparer.Ordinal);
        var (tables, keys) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var line in lines.Select(static l => l.Trim()).Where(static l => l.Length > 0 && l[0] != '#'))
        {
            if (line is ['[', .. var table, ']'])
            {
                Assert.True(tables.Add(table), $"a second table {line}");
                keys.Clear();
                var known = Assert.Single(Tables, start => table.StartsWith(start, StringComparison.Ordinal));
                handlers.Add(table[known.Length..].Split('.')[0]);
            }
            else
            {
                var pair = line.Split(" = ", 2);
                Assert.True(pair.Length == 2 && pair[0].All(static c => char.IsAsciiLetter(c) || c == '_') && keys.Add(pair[0]), $"no pair, or one twice: {line}");
                using var value = JsonDocument.Parse(pair[1]);
            }
        }

        return handlers;
    }
}
