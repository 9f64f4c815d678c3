using System.Collections.Immutable;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Composition;
using FsCheck;

namespace CriGuard.Core.Tests.Profiles;

/// <summary>What must hold for all profiles, calls and arguments; what a profile does is told by the evaluator, as the kernel would do it.</summary>
public sealed class CompositionPropertyTests
{
    private const int Runs = 300;

    private static readonly Version Library = new(5, 17);

    private static readonly Gen<(SeccompProfile A, SeccompProfile B, SeccompProfile C, ImmutableArray<(string Call, ulong[] Arguments)> Attempts)> Cases =
        from a in ArbitraryProfiles.Profiles
        from b in ArbitraryProfiles.Profiles
        from c in ArbitraryProfiles.Profiles
        from attempts in Gen.ListOf(30, ArbitraryProfiles.Attempts)
        select (a, b, c, attempts.ToImmutableArray());

    /// <summary>What runc takes for newer than a profile is no word of the profile: it counts for what is composed only.</summary>
    [Fact]
    public void T_S4_a_composed_profile_never_allows_what_one_of_its_parts_denies() => Holds(static (a, b, _, attempts) =>
    {
        var composed = FlatProfile.Of(Of(a).And(Of(b)), CallArchitecture.X64).Profile;
        foreach (var maker in Enum.GetValues<FilterMaker>())
        foreach (var architecture in (ReadOnlySpan<CallArchitecture>)[CallArchitecture.X64, CallArchitecture.X86, CallArchitecture.X32])
        foreach (var (call, arguments) in attempts)
        {
            if (!Decide(composed, maker, architecture, call, arguments).Permits)
                continue;
            Assert.True(Decide(a, FilterMaker.Crun, architecture, call, arguments).Permits, $"{architecture} {call}({string.Join(", ", arguments)}) is denied by {Text(a)} and allowed by {Text(composed)}");
            Assert.True(Decide(b, FilterMaker.Crun, architecture, call, arguments).Permits, $"{architecture} {call}({string.Join(", ", arguments)}) is denied by {Text(b)} and allowed by {Text(composed)}");
        }
    });

    [Fact]
    public void A_composed_profile_allows_what_all_of_its_parts_allow() => Holds(static (a, b, _, attempts) =>
    {
        var filter = Of(a).And(Of(b)) with { Architectures = [] };
        var (composed, tooFine) = FlatProfile.Of(filter, CallArchitecture.X64);
        foreach (var (call, arguments) in attempts)
        {
            if (SystemCalls.Find(call) is { } known && known.Number(CallArchitecture.X64) is not null && known.Since <= Library && !tooFine.Contains(call) && filter.Decide(call, arguments).Permits)
                Assert.True(Decide(composed, FilterMaker.Crun, CallArchitecture.X64, call, arguments).Permits, $"{call}({string.Join(", ", arguments)}) of {a} and {b}");
        }
    });

    [Fact]
    public void The_order_and_the_grouping_of_parts_never_matter() => Holds(static (a, b, c, attempts) =>
    {
        var (one, other) = (Of(a).And(Of(b)).And(Of(c)), Of(c).And(Of(b).And(Of(a))));
        Assert.Equal(one.Otherwise, other.Otherwise);
        foreach (var (call, arguments) in attempts)
            Assert.Equal(one.Decide(call, arguments), other.Decide(call, arguments));
    });

    [Fact]
    public void A_profile_composed_with_itself_stays_as_it_is() => Holds(static (a, b, _, attempts) =>
    {
        var (once, twice) = (Of(a).And(Of(b)), Of(a).And(Of(b)).And(Of(a)).And(Of(b)));
        foreach (var (call, arguments) in attempts)
            Assert.Equal(once.Decide(call, arguments), twice.Decide(call, arguments));
    });

    [Fact]
    public void T_S9_a_composed_profile_has_no_two_conditions_on_one_argument_and_one_action_beside_the_default() => Holds(static (a, b, _, _) =>
    {
        var composed = FlatProfile.Of(Of(a).And(Of(b)), CallArchitecture.X64).Profile;
        Assert.DoesNotContain(composed.Rules, static r => r.IsEither);
        Assert.All(
            composed.Rules.SelectMany(static r => r.Names.Select(name => (Name: name, r.Action))).GroupBy(static r => r.Name),
            static call => Assert.Single(call.Select(static c => c.Action).Distinct()));
        Assert.All(composed.Rules, r => Assert.NotEqual(composed.DefaultAction, r.Action));
        Assert.DoesNotContain(composed.Rules, static r => r.Action.Kind is SeccompActionKind.Notify or SeccompActionKind.Trace);
    });

    [Fact]
    public void What_is_written_is_read_as_it_was_and_written_alike() => Holds(static (a, b, _, _) =>
    {
        var composed = FlatProfile.Of(Of(a).And(Of(b)), CallArchitecture.X64).Profile;
        var bytes = SeccompWriter.Write(composed);
        var reading = SeccompReader.Read("p.json", bytes.AsSpan());
        Assert.Empty(reading.Errors);
        Assert.Equal(Text(composed), Text(reading.Profile!));
    });

    private static Filter Of(SeccompProfile profile) => FilterOfProfile.Of(profile, ArbitraryProfiles.Context);

    private static string Text(SeccompProfile profile) => System.Text.Encoding.UTF8.GetString(SeccompWriter.Write(profile).AsSpan());

    private static SeccompAction Decide(SeccompProfile profile, FilterMaker maker, CallArchitecture architecture, string call, ulong[] arguments)
    {
        var seen = architecture.IsWide() ? arguments : [.. arguments.Select(static a => (ulong)(uint)a)];
        return new CallEvaluator(profile, CallArchitecture.X64, maker, Library).Evaluate(architecture, call, seen);
    }

    private static void Holds(Action<SeccompProfile, SeccompProfile, SeccompProfile, ImmutableArray<(string Call, ulong[] Arguments)>> property) =>
        Prop.ForAll(Arb.From(Cases), c => property(c.A, c.B, c.C, c.Attempts)).Check(new Configuration { MaxNbOfTest = Runs, QuietOnSuccess = true, Runner = Config.QuickThrowOnFailure.Runner });
}
