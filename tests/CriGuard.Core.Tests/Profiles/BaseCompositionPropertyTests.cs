using System.Collections.Immutable;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Composition;
using FsCheck;

namespace CriGuard.Core.Tests.Profiles;

/// <summary>What must hold of bases, composed with each other and with a workload's own profile, for all containers, kernels, calls and arguments.</summary>
public sealed class BaseCompositionPropertyTests
{
    private const int Runs = 300;

    private static readonly Version Library = new(5, 17);

    private static readonly Gen<Case> Cases =
        from a in ArbitraryBases.Bases
        from b in ArbitraryBases.Bases
        from own in ArbitraryProfiles.Profiles
        from context in ArbitraryBases.Contexts
        from attempts in Gen.ListOf(30, ArbitraryProfiles.Attempts)
        select new Case(a, b, own, context, attempts.ToImmutableArray());

    [Fact]
    public void A_base_says_of_each_call_what_its_first_group_that_holds_says() => Holds(static c =>
    {
        var filter = c.A.Base.Resolve(c.Context);
        foreach (var (call, arguments) in c.Attempts)
            Assert.Equal(c.A.Decide(c.Context, call, arguments), filter.Decide(call, arguments));
    });

    [Fact]
    public void T_S4_what_is_composed_of_bases_and_a_profile_never_allows_what_one_of_them_denies() => Holds(static c =>
    {
        var composed = FlatProfile.Of(Own(c).And(First(c)).And(Second(c)), CallArchitecture.X64).Profile;
        foreach (var maker in Enum.GetValues<FilterMaker>())
        foreach (var (call, arguments) in c.Attempts)
        {
            if (!Decide(composed, maker, call, arguments).Permits)
                continue;
            Assert.True(c.A.Decide(c.Context, call, arguments).Permits, $"{call}({string.Join(", ", arguments)}) is denied by {c.A}");
            Assert.True(c.B.Decide(c.Context, call, arguments).Permits, $"{call}({string.Join(", ", arguments)}) is denied by {c.B}");
            Assert.True(Decide(c.Own, FilterMaker.Crun, call, arguments).Permits, $"{call}({string.Join(", ", arguments)}) is denied by the profile");
        }
    });

    [Fact]
    public void The_order_and_the_grouping_of_bases_and_a_profile_never_matter() => Holds(static c =>
    {
        var (one, other) = (Own(c).And(First(c)).And(Second(c)), Second(c).And(First(c).And(Own(c))));
        Assert.Equal((one.Otherwise, one.Architectures is null), (other.Otherwise, other.Architectures is null));
        Assert.True(one.Architectures is null || one.Architectures.SetEquals(other.Architectures!));
        foreach (var (call, arguments) in c.Attempts)
            AssertSame(one, other, call, arguments);
    });

    [Fact]
    public void A_base_that_is_put_under_twice_changes_nothing() => Holds(static c =>
    {
        var (once, twice) = (Own(c).And(First(c)).And(Second(c)), Own(c).And(First(c)).And(Second(c)).And(First(c)).And(Second(c)));
        foreach (var (call, arguments) in c.Attempts)
            AssertSame(once, twice, call, arguments);
    });

    /// <summary>A call with more clauses than are worked with is denied as a whole, and how many there are hangs on the order.</summary>
    private static void AssertSame(Filter one, Filter other, string call, ulong[] arguments)
    {
        var (first, second) = (one.Decide(call, arguments), other.Decide(call, arguments));
        if (IsDeniedAsAWhole(one, call) || IsDeniedAsAWhole(other, call))
            Assert.True(!first.Permits || !second.Permits);
        else
            Assert.Equal(first, second);
    }

    private static bool IsDeniedAsAWhole(Filter filter, string call) =>
        filter.Calls.GetValueOrDefault(call) is { IsDefault: false } clauses && clauses is [var only] && only.Action == SeccompAction.NotPermitted;

    private static Filter Own(Case c) => FilterOfProfile.Of(c.Own, c.Context);

    private static Filter First(Case c) => c.A.Base.Resolve(c.Context);

    private static Filter Second(Case c) => c.B.Base.Resolve(c.Context);

    private static SeccompAction Decide(SeccompProfile profile, FilterMaker maker, string call, ulong[] arguments) =>
        new CallEvaluator(profile, CallArchitecture.X64, maker, Library).Evaluate(CallArchitecture.X64, call, arguments);

    private static void Holds(Action<Case> property) =>
        Prop.ForAll(Arb.From(Cases), property).Check(new Configuration { MaxNbOfTest = Runs, QuietOnSuccess = true, Runner = Config.QuickThrowOnFailure.Runner });

    private sealed record Case(MeantBase A, MeantBase B, SeccompProfile Own, ProfileContext Context, ImmutableArray<(string Call, ulong[] Arguments)> Attempts);
}
