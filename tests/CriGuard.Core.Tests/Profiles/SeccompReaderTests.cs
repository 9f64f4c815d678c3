using System.Text;
using CriGuard.Core.Profiles.Seccomp;

namespace CriGuard.Core.Tests.Profiles;

/// <summary>What is read of a profile, and what is said of a wrong one with its place.</summary>
public sealed class SeccompReaderTests
{
    [Fact]
    public void A_profile_is_read_with_all_that_it_has()
    {
        var profile = Read("""
            { "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "flags": ["SECCOMP_FILTER_FLAG_LOG"],
              "syscalls": [
                { "names": ["read", "write"], "action": "SCMP_ACT_ALLOW", "args": null },
                { "name": "clone", "action": "SCMP_ACT_ALLOW", "args": [{ "index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ" }] },
                { "names": ["ptrace"], "action": "SCMP_ACT_ERRNO", "errno": "ENOSYS", "comment": "", "includes": {}, "excludes": { "caps": ["CAP_SYS_PTRACE"] } }
              ] }
            """).Profile!;

        Assert.Equal(SeccompAction.NoSuchCall, profile.DefaultAction);
        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], profile.Architectures.AsEnumerable());
        Assert.Equal(["read", "write"], profile.Rules[0].Names.AsEnumerable());
        Assert.Equal([new ArgumentCondition(0, Comparison.MaskedEqual, 2114060288)], profile.Rules[1].Conditions.AsEnumerable());
        Assert.Equal(SeccompAction.NoSuchCall, profile.Rules[2].Action);
        Assert.Null(profile.Rules[1].Scope);
        Assert.NotNull(profile.Rules[2].Scope);
    }

    [Theory]
    [InlineData("", "p.json:1:1: not valid JSON here: see what is around this place")]
    [InlineData("{ } x", "p.json:1:5: not valid JSON here: see what is around this place")]
    [InlineData("[]", "p.json:1:1: the profile must be an object", "p.json:1:1: `defaultAction` is no action: write one of `SCMP_ACT_ALLOW`, `SCMP_ACT_LOG`, `SCMP_ACT_TRACE`, `SCMP_ACT_NOTIFY`, `SCMP_ACT_ERRNO`, `SCMP_ACT_TRAP`, `SCMP_ACT_KILL_THREAD`, `SCMP_ACT_KILL`, `SCMP_ACT_KILL_PROCESS`")]
    [InlineData("{ \"defaultAction\": \"SCMP_ACT_NOTIFY\" }", "p.json:1:20: `SCMP_ACT_NOTIFY` cannot be the default action: no runtime starts such a container")]
    [InlineData("{ \"defaultAction\": \"SCMP_ACT_ALLOW\",\n \"DefaultAction\": \"SCMP_ACT_ALLOW\" }", "p.json:2:2: `DefaultAction` is already given at line 1: keep one of the two", "p.json:2:2: `DefaultAction` is not a key of the profile: the keys are `defaultAction`, `defaultErrnoRet`, `defaultErrno`, `architectures`, `archMap`, `flags`, `listenerPath`, `listenerMetadata`, `syscalls`")]
    [InlineData("{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"x86\"] }", "p.json:1:56: `x86` is no architecture that is known here")]
    [InlineData("{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{ \"action\": \"SCMP_ACT_LOG\" }] }", "p.json:1:51: the rule names no call: fill `names`")]
    [InlineData("{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 5000 }] }", "p.json:1:112: `errnoRet` must be at most 4095")]
    [InlineData("{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_LOG\", \"args\": [{ \"index\": 6, \"op\": \"SCMP_CMP_EQ\" }, { \"value\": -1, \"op\": \"==\" }] }] }", "p.json:1:118: argument `6` does not exist: calls have 0 to 5", "p.json:1:165: `op` is no comparison: write one of `SCMP_CMP_NE`, `SCMP_CMP_LT`, `SCMP_CMP_LE`, `SCMP_CMP_EQ`, `SCMP_CMP_GE`, `SCMP_CMP_GT`, `SCMP_CMP_MASKED_EQ`")]
    public void What_is_wrong_is_said_with_its_place(string text, params string[] errors) => Assert.Equal(errors, Read(text).Errors.Select(static e => e.ToString()));

    [Fact]
    public void What_is_too_deep_too_large_or_no_text_is_an_error()
    {
        Assert.Single(Read(string.Concat(Enumerable.Repeat("[", 10_000))).Errors);
        Assert.Single(Read(new string(' ', SeccompReader.MaxSize + 1)).Errors);
        Assert.Single(SeccompReader.Read("p.json", [(byte)'"', 0xff, (byte)'"']).Errors);
        Assert.Single(Read("{ \"defaultAction\": \"\\ud800\" }").Errors);
    }

    private static SeccompReading Read(string text) => SeccompReader.Read("p.json", Encoding.UTF8.GetBytes(text));
}
