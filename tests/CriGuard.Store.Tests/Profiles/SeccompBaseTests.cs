using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Composition;
using CriGuard.Store.Profiles;

namespace CriGuard.Store.Tests.Profiles;

/// <summary>The bases that ship, by what they say of calls, and what is said of a wrong one.</summary>
public sealed class SeccompBaseTests
{
    private static readonly string[] AsModules =
    [
        "init_module", "finit_module", "delete_module", "create_module", "query_module", "get_kernel_syms", "kexec_load", "kexec_file_load", "io_uring_setup",
        "io_uring_enter", "io_uring_register", "userfaultfd", "keyctl", "add_key", "request_key", "open_by_handle_at", "iopl", "ioperm", "reboot",
    ];

    [Theory]
    [InlineData("default")]
    [InlineData("strict")]
    [InlineData("no-modules")]
    public void T_Q10_no_capability_opens_a_call_that_is_as_powerful_as_a_module(string name) =>
        Assert.All(AsModules, call => Assert.False(Resolve(name, CapabilitySet.All).Decide(call).Permits, call));

    [Theory]
    [InlineData("default", 0)]
    [InlineData("strict", 0)]
    [InlineData("no-modules", 0)]
    [InlineData("no-modules", ulong.MaxValue)]
    public void T_Q9_no_socket_that_loads_a_module_can_be_made(string name, ulong capabilities)
    {
        var filter = Resolve(name, CapabilitySet.All & new CapabilitySet(capabilities));
        foreach (var socket in ShippedProfiles.KernelModules.Sockets.Select(static e => e.Socket!))
        foreach (var type in Enumerable.Range(1, 6).Where(t => t == (socket.Type ?? t)))
        foreach (var protocol in new[] { 0, 1, 6, 17, 132 }.Select(p => socket.Protocol ?? p).Distinct())
        foreach (var upper in (ReadOnlySpan<ulong>)[0, 1UL << 32, ulong.MaxValue << 32])
        {
            // A raw socket takes any protocol and loads nothing.
            if (type == 3 && socket.Family is 2 or 10)
                continue;
            Assert.False(filter.Decide("socket", (uint)socket.Family | upper, (uint)type, (uint)protocol).Permits, $"{socket} {type} {protocol}");
            Assert.False(filter.Decide("socketpair", (uint)socket.Family | upper, (uint)type, (uint)protocol).Permits, $"{socket} {type} {protocol}");
        }
    }

    [Theory]
    [InlineData("mount")]
    [InlineData("fsopen")]
    [InlineData("open_tree")]
    [InlineData("bpf")]
    [InlineData("perf_event_open")]
    [InlineData("unshare 0x10000000")]
    [InlineData("clone 0x10000011")]
    [InlineData("clone3")]
    [InlineData("ioctl 0 0x5423")]
    [InlineData("ioctl 0 0x100005423")]
    public void T_Q9_the_floor_denies_whatever_capabilities_there_are(string attempt) =>
        Assert.False(Decide(Resolve("no-modules", CapabilitySet.All), attempt).Permits);

    [Theory]
    [InlineData("read")]
    [InlineData("socket 1 1 0")]
    [InlineData("socket 2 0x80801 6")]
    [InlineData("socket 10 0x80002 0")]
    [InlineData("socket 16 3 0")]
    [InlineData("clone 0x3d0f00")]
    [InlineData("ioctl 1 0x5401")]
    [InlineData("ioctl 1 0xffffffff80045430")]
    [InlineData("execve")]
    [InlineData("personality 0xffffffff")]
    public void What_services_do_is_allowed_by_all(string attempt)
    {
        foreach (var name in ShippedProfiles.Seccomp.Bases.Keys)
            Assert.Equal(SeccompAction.Allow, Decide(Resolve(name, CapabilitySet.Empty), attempt));
    }

    [Theory]
    [InlineData("mount", "SYS_ADMIN")]
    [InlineData("bpf", "BPF")]
    [InlineData("perf_event_open", "PERFMON")]
    [InlineData("chroot", "SYS_CHROOT")]
    [InlineData("clock_settime", "SYS_TIME")]
    public void A_capability_opens_its_calls_in_default_and_nowhere_in_strict(string call, string capability)
    {
        Assert.False(Resolve("default", CapabilitySet.All.Except(CapabilitySet.Of(capability))).Decide(call).Permits);
        Assert.True(Resolve("default", CapabilitySet.Of(capability)).Decide(call).Permits);
        Assert.False(Resolve("strict", CapabilitySet.Of(capability)).Decide(call).Permits);
    }

    [Fact]
    public void Clone3_is_no_call_that_there_is_so_that_libraries_do_without() =>
        Assert.Equal(SeccompAction.NoSuchCall, Resolve("default", CapabilitySet.RuntimeDefault).Decide("clone3"));

    [Fact]
    public void Observe_logs_what_default_denies_and_denies_nothing()
    {
        var (observe, usual) = (Resolve("observe", CapabilitySet.Empty), Resolve("default", CapabilitySet.Empty));
        Assert.All(SystemCalls.All, call => Assert.Equal(usual.Decide(call.Name, 2, 2, 2).Permits ? SeccompAction.Allow : SeccompAction.Log, observe.Decide(call.Name, 2, 2, 2)));
    }

    [Fact]
    public void Strict_allows_nothing_that_default_denies()
    {
        var (strict, usual) = (Resolve("strict", CapabilitySet.Empty), Resolve("default", CapabilitySet.Empty));
        Assert.Empty(SystemCalls.All.Where(call => strict.Decide(call.Name, 1, 1, 0).Permits && !usual.Decide(call.Name, 1, 1, 0).Permits).Select(static c => c.Name));
    }

    [Fact]
    public void T_S4_bases_compose_in_any_order_and_never_to_more_than_one_of_them_allows()
    {
        ulong[][] arguments = [[0, 0, 0], [2, 1, 6], [38, 5, 0], [0x100000026, 5, 0], [0x10000000, 0, 0], [ulong.MaxValue, ulong.MaxValue, ulong.MaxValue]];
        var names = ShippedProfiles.Seccomp.Bases.Keys.ToList();
        foreach (var held in (CapabilitySet[])[CapabilitySet.Empty, CapabilitySet.RuntimeDefault, CapabilitySet.All])
        foreach (var (a, b, c) in names.SelectMany(a => names.SelectMany(b => names.Select(c => (a, b, c)))))
        {
            Filter[] parts = [Resolve(a, held), Resolve(b, held), Resolve(c, held)];
            var (one, other) = (parts[0].And(parts[1]).And(parts[2]), parts[2].And(parts[1].And(parts[0])));
            var twice = one.And(parts[0]);
            foreach (var (call, values) in SystemCalls.All.SelectMany(call => arguments.Select(values => (call.Name, values))))
            {
                var action = one.Decide(call, values);
                Assert.Equal(action, other.Decide(call, values));
                Assert.Equal(action, twice.Decide(call, values));
                Assert.True(!action.Permits || parts.All(part => part.Decide(call, values).Permits), $"{call} under {a}, {b}, {c}");
            }
        }
    }

    [Theory]
    [InlineData("default")]
    [InlineData("strict")]
    [InlineData("observe")]
    [InlineData("no-modules")]
    public void A_base_composed_with_its_own_file_is_the_same_file(string name)
    {
        var filter = Resolve(name, CapabilitySet.RuntimeDefault);
        var (profile, tooFine) = FlatProfile.Of(filter, CallArchitecture.X64);
        Assert.Empty(tooFine);
        var again = FlatProfile.Of(FilterOfProfile.Of(profile, Context(CapabilitySet.RuntimeDefault)).And(filter), CallArchitecture.X64).Profile;
        Assert.Equal(SeccompWriter.Write(profile).AsEnumerable(), SeccompWriter.Write(again).AsEnumerable());
    }

    [Theory]
    [InlineData("calls: [reed]", "b.yaml:8:32: `reed` is no call that is known here")]
    [InlineData("calls: [read], where: [arg7 == 1]", "b.yaml:8:47: `arg7 == 1` is no condition: write such as `arg0 == 1`, `arg1 & 0xf in 1 2`, terms joined by ` and `")]
    [InlineData("calls: [read], with: [SYS_ROOT]", "b.yaml:8:46: `SYS_ROOT` is not a capability: write a name of capabilities(7) without `CAP_`")]
    [InlineData("calls: [read], action: deny", "b.yaml:8:47: `deny` is no action: write `allow`, `log` or the name of an error, such as `EPERM`")]
    [InlineData("calls: [read], minKernel: new", "b.yaml:8:50: `new` is no kernel: write such as `4.8`")]
    public void What_is_wrong_is_said_with_its_place(string group, string error)
    {
        var errors = new List<PolicyError>();
        const string head = "apiVersion: criguard.io/v1\nkind: SeccompBase\nmetadata: { name: b }\nabout: b\notherwise: EPERM\nnarrow: true\ngroups:\n";
        SeccompBaseFile.Read("b.yaml", $"{head}  - {{ name: a, why: b, {group} }}\n", static _ => null, errors);
        Assert.Equal([error], errors.Select(static e => e.ToString()));
    }

    /// <param name="filter">What is asked.</param>
    /// <param name="attempt">A call and its arguments.</param>
    private static SeccompAction Decide(Filter filter, string attempt)
    {
        var words = attempt.Split(' ');
        return filter.Decide(words[0], [.. words[1..].Select(static w => w.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToUInt64(w, 16) : ulong.Parse(w))]);
    }

    private static ProfileContext Context(CapabilitySet held) => new(held, CallArchitecture.X64, new Version(6, 1));

    private static Filter Resolve(string name, CapabilitySet held) => ShippedProfiles.Seccomp[name].Resolve(Context(held));
}
