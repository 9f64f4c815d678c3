using CriGuard.Core.Policy;
using CriGuard.Store.Profiles;

namespace CriGuard.Store.Tests.Profiles;

/// <summary>The list of modules that ships, and what is said of a wrong one.</summary>
public sealed class KernelModulesTests
{
    private const string Head = "apiVersion: criguard.io/v1\nkind: KernelModules\n";

    [Theory]
    [InlineData(38, 5, 0, "af_alg")]
    [InlineData(2, 1, 132, "sctp")]
    [InlineData(10, 5, 132, "sctp")]
    [InlineData(2, 6, 33, "dccp_ipv4")]
    [InlineData(16, 3, 21, "crypto_user")]
    [InlineData(40, 1, 0, "vsock")]
    public void T_Q9_a_socket_that_loads_a_module_is_in_the_list(int family, int type, int protocol, string module) =>
        Assert.Contains(ShippedProfiles.KernelModules.Sockets, e => e.Socket!.Covers(family, type, protocol) && e.Modules.Contains(module));

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 1, 6)]
    [InlineData(10, 2, 17)]
    [InlineData(16, 3, 0)]
    public void A_socket_of_ordinary_programs_is_not(int family, int type, int protocol) =>
        Assert.DoesNotContain(ShippedProfiles.KernelModules.Sockets, e => e.Socket!.Covers(family, type, protocol));

    [Fact]
    public void Each_alias_is_told_once_with_a_reason_and_no_module_that_a_node_needs()
    {
        var entries = ShippedProfiles.KernelModules.Entries;
        Assert.Equal(entries.Length, entries.Select(static e => e.Alias).Distinct().Count());
        Assert.All(entries, static e => Assert.NotEmpty(e.Why));
        Assert.Empty(ShippedProfiles.KernelModules.Names.Intersect(["overlay", "br_netfilter", "nf_tables", "wireguard", "ext4", "xfs", "tcp_bbr", "unix", "af_packet"]));
    }

    [Theory]
    [InlineData("sockets: [{ name: A, family: x, alias: net-pf-1, modules: [a], why: b }]", "m.yaml:3:30: `family` is `x`: write a number")]
    [InlineData("sockets: [{ name: A, alias: net-pf-1, modules: [a], why: b }]", "m.yaml:3:11: `module` has no `family`: add it")]
    [InlineData("keys: [{ name: A, alias: k, modules: [\"a;b\"], why: b }]", "m.yaml:3:39: `a;b` is not the name of a module: write letters, digits and underscores")]
    [InlineData("keys: [{ name: A, alias: k, modules: [a] }]", "m.yaml:3:8: `module` has no `why`: add it")]
    public void What_is_wrong_is_said_with_its_place(string text, string error)
    {
        var errors = new List<PolicyError>();
        KernelModulesFile.Read("m.yaml", $"{Head}{text}\n", errors);
        Assert.Equal([error], errors.Select(static e => e.ToString()));
    }
}
