using CriGuard.Core.Profiles.AppArmor;
using CriGuard.Store.Profiles;
using CriGuard.Store.Tests.Policies;

namespace CriGuard.Store.Tests.Profiles;

/// <summary>The AppArmor profiles that ship.</summary>
public sealed class AppArmorSourceTests
{
    /// <summary>Families of profiles/kernel-modules.yaml by their numbers (linux/socket.h), as AppArmor names them (its abi/3.0); Linux has lost the rest.</summary>
    private static readonly Dictionary<int, string> Families = new()
    {
        [3] = "ax25", [4] = "ipx", [5] = "appletalk", [6] = "netrom", [8] = "atmpvc", [9] = "x25", [11] = "rose", [15] = "key", [20] = "atmsvc", [21] = "rds",
        [23] = "irda", [24] = "pppox", [26] = "llc", [29] = "can", [30] = "tipc", [31] = "bluetooth", [32] = "iucv", [33] = "rxrpc", [34] = "isdn",
        [35] = "phonet", [36] = "ieee802154", [37] = "caif", [38] = "alg", [39] = "nfc", [40] = "vsock", [41] = "kcm", [42] = "qipcrtr", [43] = "smc",
    };

    [Fact]
    public void What_ships_is_named_as_its_files_and_lets_no_child_leave() => Assert.All(AppArmorSource.Shipped, static source =>
    {
        Assert.Contains($"\nprofile {source.Name} flags=(attach_disconnected, mediate_deleted) {{\n", source.Text, StringComparison.Ordinal);
        Assert.Empty(AppArmorLint.Check(source.Text));
    });

    [Fact]
    public void T_Q9_each_family_that_loads_a_module_is_denied_to_privileged_containers_and_allowed_to_none()
    {
        var (ordinary, privileged) = (Lines("criguard-default"), Lines("criguard-privileged"));
        var loading = ShippedProfiles.KernelModules.Sockets.Select(static e => e.Socket!).Where(static s => s.Protocol is null).Select(static s => s.Family).Where(Families.ContainsKey).ToList();

        Assert.Equal(Families.Count, loading.Count);
        Assert.All(loading, family =>
        {
            Assert.Contains($"audit deny network {Families[family]},", privileged);
            Assert.DoesNotContain($"network {Families[family]},", ordinary);
        });
        Assert.DoesNotContain("network,", ordinary);
    }

    [Fact]
    public void Those_of_a_directory_are_read_without_what_editors_leave()
    {
        using var directory = new PolicyDirectory();
        foreach (var name in (string[])["b", "a", ".a.swp", "a~"])
            File.WriteAllText(Path.Combine(directory.Root, name), name);

        Assert.Equal([new("a", "a"), new("b", "b")], AppArmorSource.In(directory.Root).AsEnumerable());
    }

    private static List<string> Lines(string profile) => [.. AppArmorSource.Shipped.Single(s => s.Name == profile).Text.Split('\n').Select(static l => l.Trim())];
}
