using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Store.Policies;

namespace CriGuard.Store.Tests.Policies;

public sealed class StepUpTests
{
    private static readonly DateTimeOffset s_end = new(2027, 1, 31, 18, 0, 0, TimeSpan.Zero);

    private const string Handlers = PolicyDirectory.Head + "handlers: [{ name: runc, level: runc }, { name: runsc, level: gvisor }]\nrules: []\n";

    [Theory]
    [InlineData("team-a/web", "why not: \"x\"\n# \u001b")]
    [InlineData("team-a", "a")]
    public void What_is_written_is_what_is_read_back(string target, string reason)
    {
        using var directory = new PolicyDirectory();
        directory.Write("p.yaml", Handlers);
        var stepUp = new StepUp(target, IsolationLevel.Gvisor, reason, s_end);
        Assert.NotNull(PolicyReader.ReadWith(directory.Root, StepUp.FileOf(directory.Root, target), stepUp.Document()).Policy);

        stepUp.Write(directory.Root);

        Assert.Equal(stepUp, Assert.Single(StepUp.Of(directory.Policy())));
        Assert.Equal(2, Directory.GetFiles(directory.Root).Length);
        var rule = Assert.Single(directory.Policy().Rules);
        Assert.Equal((RuleMode.Enforce, stepUp.Name), (rule.Mode, rule.Name));
        Assert.Equal(target.Contains('/') ? "web" : "", string.Join(' ', rule.Match.Workloads));
    }

    [Fact]
    public void A_second_one_for_a_workload_takes_the_place_of_the_first()
    {
        using var directory = new PolicyDirectory();
        directory.Write("p.yaml", Handlers);
        new StepUp("team-a/web", IsolationLevel.Gvisor, "a", null).Write(directory.Root);
        var second = new StepUp("team-a/web", IsolationLevel.Userns, "b", null);
        Assert.NotNull(PolicyReader.ReadWith(directory.Root, StepUp.FileOf(directory.Root, second.Target), second.Document()).Policy);
        second.Write(directory.Root);
        Assert.Equal(second, Assert.Single(StepUp.Of(directory.Policy())));
    }

    [Fact]
    public void A_level_that_no_handler_gives_is_an_error_before_anything_is_written()
    {
        using var directory = new PolicyDirectory();
        directory.Write("p.yaml", Handlers);
        var stepUp = new StepUp("team-a/web", IsolationLevel.Kata, "a", null);
        var error = Assert.Single(PolicyReader.ReadWith(directory.Root, StepUp.FileOf(directory.Root, stepUp.Target), stepUp.Document()).Errors);
        Assert.Contains("no handler of `handlers` gives `kata`", error.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(directory.Root));
    }

    [Fact]
    public void Targets_have_names_that_differ_and_fit()
    {
        string[] targets = ["a-b/c", "a/b-c", "a-b-c", "a/b.c", $"{new string('n', 63)}/{new string('w', 253)}", $"{new string('n', 63)}/{new string('w', 252)}"];
        Assert.Equal(2 * targets.Length, targets.SelectMany(static t => (string[])[StepUp.NameOf(t, automatic: false), StepUp.NameOf(t, automatic: true)]).Distinct().Count());
        Assert.All(targets, static t => Assert.InRange(StepUp.NameOf(t, automatic: true).Length, 1, 63));
        Assert.All(targets, static t => Assert.Null(StepUp.Objection(t)));
        Assert.All((string[])["", "a/", "/b", "a/b/c", "A", "a b", "..\u002f\u002f"], static t => Assert.NotNull(StepUp.Objection(t)));
    }

    [Fact]
    public void The_time_at_which_a_rule_ends_is_part_of_its_meaning_and_the_reason_is_not()
    {
        const string rule = "rules: [{ name: a, mode: enforce, privileged: deny";
        var plain = PolicyDirectory.PolicyOf(rule + " }]");
        Assert.Equal(plain.Revision, PolicyDirectory.PolicyOf(rule + ", reason: x }]").Revision);
        Assert.NotEqual(plain.Revision, PolicyDirectory.PolicyOf(rule + ", expires: 2027-01-31 }]").Revision);
        Assert.Equal(["p.yaml:4:62: `soon` is not a time: write `2027-01-31` or `2027-01-31T18:00:00Z`"], PolicyDirectory.ErrorsOf(PolicyDirectory.Head + rule + ", expires: soon }]"));
    }
}
