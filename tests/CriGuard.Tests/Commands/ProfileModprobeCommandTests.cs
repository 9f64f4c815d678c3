using CriGuard.Commands;

namespace CriGuard.Tests.Commands;

public sealed class ProfileModprobeCommandTests
{
    [Fact]
    public async Task T_Q9_each_module_is_refused_once_under_its_own_name_and_with_the_reason()
    {
        var lines = (await CommandRun.Of(ProfileModprobeCommand.Create())).Lines;
        var rules = lines.Where(static line => line.StartsWith("install ", StringComparison.Ordinal)).ToList();

        Assert.Equal(rules.Distinct(), rules);
        Assert.Contains("install algif_hash /bin/false", rules);
        Assert.Contains("install sctp /bin/false", rules);
        Assert.Contains("install hfsplus /bin/false", rules);
        Assert.Contains("# KCM (net-pf-41): hardly used; local exploits", lines);
        Assert.DoesNotContain(lines, static line => line.StartsWith("blacklist", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("llc")]
    [InlineData("nfnetlink")]
    [InlineData("inet_diag")]
    [InlineData("encrypted_keys")]
    [InlineData("dns_resolver")]
    public async Task What_bridges_firewalls_disks_and_volumes_of_the_node_depend_on_is_left_alone(string module) =>
        Assert.DoesNotContain($"install {module} /bin/false", (await CommandRun.Of(ProfileModprobeCommand.Create())).Lines);

    [Fact]
    public async Task What_a_node_needs_itself_can_be_kept()
    {
        var lines = (await CommandRun.Of(ProfileModprobeCommand.Create(), "--keep", "vhost-vsock", "--keep", "udf")).Lines;

        Assert.Contains("install vsock /bin/false", lines);
        Assert.DoesNotContain("install vhost_vsock /bin/false", lines);
        Assert.DoesNotContain("install udf /bin/false", lines);
    }
}
