using CriGuard.Core.Policy;

namespace CriGuard.Core.Tests.Policy;

public sealed class ExpiryTests
{
    private static readonly DateTimeOffset s_end = new(2027, 1, 31, 0, 0, 0, TimeSpan.Zero);

    private static readonly Rule Strict = Given.Rule("step") with { DeniesPrivileged = true, Expires = s_end };

    [Fact]
    public void A_rule_holds_until_it_expires() =>
        Assert.Contains(
            "forbidden by rule `step`", Strict.Judge(Given.Container with { Privileged = true }, Given.Node with { Now = s_end.AddTicks(-1) }).Refusal(),
            StringComparison.Ordinal);

    [Fact]
    public void A_rule_that_expired_is_not_applied_and_says_so()
    {
        var verdict = Strict.Judge(Given.Container with { Privileged = true }, Given.Node with { Now = s_end });
        Assert.False(verdict.IsRefusal);
        Assert.Contains(verdict.Findings, static f => f is { Rule: "step", Control: Control.Privileged, Effect: Effect.Report }
            && f.Message == "rule expired at 2027-01-31T00:00Z and is not applied: take it out, or set a later `expires`");
    }
}
