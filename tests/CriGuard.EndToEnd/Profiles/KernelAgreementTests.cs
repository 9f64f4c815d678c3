using System.Text;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Profiles.Seccomp.Composition;
using CriGuard.Store.Profiles;
using CriGuard.TestBed;

namespace CriGuard.EndToEnd.Profiles;

/// <summary>What the evaluator says of a profile, against what the kernel does under it, as runc and crun load it.</summary>
public sealed class KernelAgreementTests
{
    private static readonly SeccompAction Denied = SeccompAction.NotPermitted;

    public static IEnumerable<object[]> Cases { get; } =
        from runtime in (string[])["runc", "crun"]
        from name in (string[])["default", "strict", "no-modules", "observe", "default with every capability", "own under default", "ranges", "either", "multiplexed", "allowing"]
        select new object[] { runtime, name };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task T_S9_the_kernel_does_with_each_call_what_the_evaluator_says(string runtime, string name)
    {
        var profile = Profile(name);
        var evaluator = new CallEvaluator(profile, CallArchitecture.X64, runtime == "runc" ? FilterMaker.Runc : FilterMaker.Crun, Attempts.Library);
        var architectures = new List<CallArchitecture> { CallArchitecture.X64 };
        if (profile.Architectures.Contains("SCMP_ARCH_X86"))
            architectures.Add(CallArchitecture.X86);
        var attempts = architectures.SelectMany(static a => Attempts.Every(a).Concat(Attempts.OfArguments(a))).ToList();
        var said = attempts.ConvertAll(a => evaluator.Evaluate(a.Architecture, a.Number, a.Arguments));

        // Without a filter only what is allowed: what is denied might load a module.
        var allowed = attempts.Where((_, i) => said[i].Permits).ToList();
        var without = await Victim.RunAsync(runtime, seccomp: null, allowed.Select(static a => a.ToString()));
        var (exit, answers) = await Victim.RunAsync(runtime, Encoding.UTF8.GetString(SeccompWriter.Write(profile).AsSpan()), attempts.Select(static a => a.ToString()));

        Assert.Equal((0, 0), (exit, without.ExitCode));
        Assert.Equal((attempts.Count, allowed.Count), (answers.Count, without.Errors.Count));
        var expected = said.ConvertAll(static a => (int)a.Errno);
        for (var (i, next) = (0, 0); i < attempts.Count; i++)
        {
            if (said[i].Permits)
                expected[i] = without.Errors[next++];
        }

        Assert.Empty(attempts.Select((a, i) => (Attempt: a, Expected: expected[i], Answer: answers[i]))
            .Where(static a => a.Expected != a.Answer && !(IsOfTheCall(a.Expected) && IsOfTheCall(a.Answer)))
            .Select(static a => $"{a.Attempt.Call}: expected {a.Expected}, the kernel says {a.Answer}"));
        Assert.True(said.Exists(static a => a.Permits) && (name == "observe" || said.Exists(static a => !a.Permits)));
    }

    /// <summary>EFAULT or ENOENT: the call itself looked at its arguments, no filter answers so; which of them depends on what else the victim has mapped.</summary>
    private static bool IsOfTheCall(int errno) => errno is 14 or 2;

    private static SeccompProfile Profile(string name) => name switch
    {
        "default with every capability" => Flat(Base("default", CapabilitySet.All)),
        "own under default" => Flat(Base("default", CapabilitySet.RuntimeDefault).And(FilterOfProfile.Of(Own(), Context(CapabilitySet.RuntimeDefault)))),
        "ranges" => Plain(
            Denied,
            Allow("socket", Where(0, Comparison.Less, 17), Where(1, Comparison.GreaterOrEqual, 2)), Allow("socket", Where(0, Comparison.Equal, 17)), Allow("ioctl", Where(1, Comparison.Greater, 0x5412)),
            Allow("personality", Where(0, Comparison.LessOrEqual, 0x40000)), Allow("clone", Where(0, Comparison.MaskedEqual, 0x7e020000)), Allow("unshare", Where(0, Comparison.NotEqual, 0x10000001))),
        "either" => Plain(
            Denied, Allow("socket", Where(0, Comparison.NotEqual, 38), Where(0, Comparison.NotEqual, 40)), Allow("ioctl", Where(1, Comparison.Equal, 0x5401), Where(1, Comparison.Equal, 0x5412), Where(0, Comparison.Equal, 7))),
        "multiplexed" => Plain(SeccompAction.NoSuchCall, Allow("socket", Where(0, Comparison.Equal, 1), Where(2, Comparison.Equal, 0)), Allow("semget"), Allow("bind"), new(["shmget"], Denied, [])),
        "allowing" => new(SeccompAction.Allow, ["SCMP_ARCH_X86"], [new(["socket"], Denied, [Where(0, Comparison.Equal, 38)]), new(["ptrace", "keyctl", "mount"], new(SeccompActionKind.Errno, 13), [])]),
        _ => Flat(Base(name, CapabilitySet.RuntimeDefault)),
    };

    /// <summary>What the victim and the runtimes need, and what is tried.</summary>
    private static SeccompProfile Plain(SeccompAction otherwise, params SeccompRule[] rules)
    {
        var tried = rules.SelectMany(static r => r.Names).Append("clone3").ToHashSet();
        var needed = Base("strict", CapabilitySet.Empty).Calls.Keys.Where(name => !tried.Contains(name) && name is not ("socketpair" or "socketcall" or "ipc" or "personality"));
        return new(otherwise, ["SCMP_ARCH_X86"], [new([.. needed], SeccompAction.Allow, []), .. rules]);
    }

    private static SeccompRule Allow(string name, params ArgumentCondition[] conditions) => new([name], SeccompAction.Allow, [.. conditions]);

    private static ArgumentCondition Where(int index, Comparison comparison, ulong value) => new(index, comparison, value);

    private static SeccompProfile Own() => new(
        SeccompAction.Allow, ["SCMP_ARCH_X86"],
        [
            new(["ptrace", "chmod"], new(SeccompActionKind.Errno, 13), []), new(["socket"], Denied, [Where(0, Comparison.Equal, 10)]), new(["ioctl"], Denied, [Where(1, Comparison.GreaterOrEqual, 0x80000000)]),
        ]);

    private static SeccompProfile Flat(Filter filter)
    {
        var flat = FlatProfile.Of(filter, CallArchitecture.X64);
        Assert.Empty(flat.TooFine);
        return flat.Profile;
    }

    private static ProfileContext Context(CapabilitySet held) => new(held, CallArchitecture.X64, new Version(6, 1));

    private static Filter Base(string name, CapabilitySet held) => ShippedProfiles.Seccomp[name].Resolve(Context(held));
}
