using CriGuard.Core.Profiles.Seccomp;

namespace CriGuard.Core.Tests.Profiles;

/// <summary>What libseccomp and its makers do with a profile, as their sources say; the end-to-end tests hold it against a real kernel.</summary>
public sealed class CallEvaluatorTests
{
    private static readonly SeccompAction Denied = SeccompAction.NotPermitted;

    [Fact]
    public void T_S9_two_conditions_on_one_argument_are_either()
    {
        var profile = Profile(Allow("socket", Not(38), Not(40)));

        Assert.Equal(SeccompAction.Allow, Evaluate(profile, "socket", 38));
        Assert.Equal(SeccompAction.Allow, Evaluate(profile, "socket", 40));
    }

    [Fact]
    public void Conditions_on_different_arguments_must_all_hold()
    {
        var profile = Profile(Allow("socket", new(0, Comparison.Equal, 2), new(1, Comparison.Equal, 1)));

        Assert.Equal(SeccompAction.Allow, Evaluate(profile, "socket", 2, 1));
        Assert.Equal(Denied, Evaluate(profile, "socket", 2, 2));
        Assert.Equal(Denied, Evaluate(profile, "socket", 1, 1));
    }

    [Fact]
    public void T_S8_a_condition_on_socket_opens_socketcall_for_all_sockets()
    {
        var profile = Profile(Allow("socket", new ArgumentCondition(0, Comparison.Equal, 1)));

        Assert.Equal(Denied, Evaluate(profile, CallArchitecture.X86, "socket", 38));
        Assert.Equal(SeccompAction.Allow, Evaluate(profile, CallArchitecture.X86, "socketcall", 1));
        Assert.Equal(Denied, Evaluate(profile, CallArchitecture.X86, "socketcall", 2));
    }

    [Fact]
    public void T_S8_a_rule_of_its_own_closes_socketcall_only_where_it_is_not_the_default_action()
    {
        var open = Allow("socket", new ArgumentCondition(0, Comparison.Equal, 1));

        Assert.Equal(SeccompAction.Allow, Evaluate(Profile(open, new(["socketcall"], Denied, [])), CallArchitecture.X86, "socketcall", 1));
        Assert.Equal(SeccompAction.NoSuchCall, Evaluate(Profile(open, new(["socketcall"], SeccompAction.NoSuchCall, [])), CallArchitecture.X86, "socketcall", 1));
    }

    [Fact]
    public void A_32_bit_call_is_compared_with_the_lower_half()
    {
        var profile = Profile(Allow("ioctl", new ArgumentCondition(1, Comparison.Equal, (1UL << 32) + 5)));

        Assert.Equal(Denied, Evaluate(profile, "ioctl", 0, 5));
        Assert.Equal(SeccompAction.Allow, Evaluate(profile, CallArchitecture.X86, "ioctl", 0, 5));
    }

    [Fact]
    public void The_first_rule_without_conditions_decides()
    {
        var profile = Profile(
            Allow("read", Not(5)), new(["read"], SeccompAction.NoSuchCall, []), Allow("read"));

        Assert.Equal(SeccompAction.NoSuchCall, Evaluate(profile, "read", 1));
    }

    [Fact]
    public void Calls_newer_than_the_profile_are_unknown_under_runc_alone()
    {
        var profile = Profile(Allow("openat2"));

        Assert.Equal(SeccompAction.NoSuchCall, Evaluate(profile, "landlock_create_ruleset"));
        Assert.Equal(Denied, Evaluate(profile, "read"));
        Assert.Equal(Denied, new CallEvaluator(profile, CallArchitecture.X64, FilterMaker.Crun, new Version(5, 17)).Evaluate(CallArchitecture.X64, "landlock_create_ruleset"));
    }

    [Fact]
    public void Rules_about_calls_that_the_library_does_not_know_are_not_there()
    {
        Assert.Equal(SeccompAction.NoSuchCall, Evaluate(Profile(Allow("write"), Allow("mseal")), "mseal"));
        Assert.Equal(SeccompAction.Allow, new CallEvaluator(Profile(Allow("mseal")), CallArchitecture.X64, FilterMaker.Runc, new Version(6, 10)).Evaluate(CallArchitecture.X64, "mseal"));
    }

    [Fact]
    public void Calls_of_an_architecture_that_the_profile_does_not_have_end_the_thread() =>
        Assert.Equal(SeccompAction.KillThread, Evaluate(Profile(Allow("read")) with { Architectures = [] }, CallArchitecture.X32, "read"));

    [Theory]
    [InlineData("init_module", 175, 128, 105)]
    [InlineData("socket", 41, 359, 198)]
    [InlineData("clone3", 435, 435, 435)]
    public void Numbers_are_the_kernels(string name, uint x64, uint x86, uint arm64)
    {
        var call = SystemCalls.Find(name)!;
        Assert.Equal([x64, x86, arm64], [call.Number(CallArchitecture.X64)!.Value, call.Number(CallArchitecture.X86)!.Value, call.Number(CallArchitecture.Arm64)!.Value]);
    }

    private static SeccompProfile Profile(params SeccompRule[] rules) => new(Denied, ["SCMP_ARCH_X86"], [.. rules]);

    private static SeccompRule Allow(string name, params ArgumentCondition[] conditions) => new([name], SeccompAction.Allow, [.. conditions]);

    private static ArgumentCondition Not(ulong value) => new(0, Comparison.NotEqual, value);

    private static SeccompAction Evaluate(SeccompProfile profile, string call, params ulong[] arguments) => Evaluate(profile, CallArchitecture.X64, call, arguments);

    private static SeccompAction Evaluate(SeccompProfile profile, CallArchitecture architecture, string call, params ulong[] arguments) =>
        new CallEvaluator(profile, CallArchitecture.X64, FilterMaker.Runc, new Version(5, 17)).Evaluate(architecture, call, arguments);
}
