using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;

namespace CriGuard.Store.Tests.Policies;

/// <summary>What can be wrong with `stepUp`, and what is read of it.</summary>
public sealed class StepUpErrorTests
{
    private const string Around = PolicyDirectory.Head + "handlers: [{ name: runsc, level: gvisor }]\nrules: []\nstepUp: ";

    [Theory]
    [InlineData("{ after: [drift], to: gvisor }", "p.yaml:6:9: `stepUp` has no `for`: add it")]
    [InlineData("{ to: gvisor, for: 1h }", "p.yaml:6:9: `stepUp` has no `after`: add it")]
    [InlineData("{ after: [], to: gvisor, for: 1h }", "p.yaml:6:18: `after` is an empty list, which matches nothing: leave the key out or fill it")]
    [InlineData("{ after: [drfit], to: gvisor, for: 1h }", "p.yaml:6:19: `drfit` is nothing that findings are about: the nearest is `drift`")]
    [InlineData("{ after: [sandbox], to: gvisor, for: 1h }", "p.yaml:6:19: `sandbox` is what a step-up demands: its own refusals would renew it for ever")]
    [InlineData("{ after: [drift], to: runc, for: 1h }", "p.yaml:6:31: `to` is `runc`, which every pod has: write one of `userns`, `gvisor`, `kata`")]
    [InlineData("{ after: [drift], to: kata, for: 1h }", "p.yaml:6:9: no handler of `handlers` gives `kata`: list one, such as `{ name: kata, level: kata }`")]
    [InlineData("{ after: [drift], to: gvisor, for: 59m }", "p.yaml:6:44: `59m` is no time that a step-up can have: write from `1h` to `30d`")]
    [InlineData("{ after: [drift], to: gvisor, for: 31d }", "p.yaml:6:44: `31d` is no time that a step-up can have: write from `1h` to `30d`")]
    [InlineData("{ after: [drift], to: gvisor, for: 0h }", "p.yaml:6:44: `0h` is no time that a step-up can have: write from `1h` to `30d`")]
    public void It_is_checked(string text, params string[] errors) =>
        Assert.Equal(errors, PolicyDirectory.ErrorsOf(Around + text + "\n").Where(static e => !e.Contains("no handler of `handlers` gives `runc`", StringComparison.Ordinal)));

    [Fact]
    public void Only_one_file_has_it()
    {
        using var directory = new PolicyDirectory();
        directory.Write("a.yaml", Around + "{ after: [drift], to: gvisor, for: 1h }\n");
        directory.Write("b.yaml", PolicyDirectory.Head + "rules: []\nstepUp: { after: [access], to: gvisor, for: 1h }\n");
        Assert.Equal(["b.yaml:5:9: `stepUp` is already at " + directory.Root + "/a.yaml:6:9: keep one of the two places"],
            directory.Errors().Select(e => e.Replace(" a.yaml", $" {directory.Root}/a.yaml", StringComparison.Ordinal)));
    }

    [Fact]
    public void It_is_part_of_what_the_policy_means()
    {
        using var directory = new PolicyDirectory();
        var policy = directory.Write("p.yaml", Around + "{ after: [unaccounted, drift], to: gvisor, for: 2d }\n").Policy();

        Assert.Equal((IsolationLevel.Gvisor, TimeSpan.FromDays(2), "unaccounted drift"),
            (policy.StepUp!.To, policy.StepUp.For, string.Join(' ', policy.StepUp.After.Select(static c => c.Name()))));
        Assert.NotEqual(policy.Revision, directory.Write("p.yaml", Around + "{ after: [unaccounted, drift], to: gvisor, for: 1d }\n").Policy().Revision);
        Assert.Equal("runsc", Assert.Single(MissingHandler.Of(policy, [])).Handler.Name);
        Assert.Equal(policy.StepUp, policy.Enforced().StepUp);
    }
}
