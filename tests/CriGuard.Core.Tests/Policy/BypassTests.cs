using CriGuard.Core.Policy;

namespace CriGuard.Core.Tests.Policy;

public sealed class BypassTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 1, 20, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-1, 60, false)]
    [InlineData(0, 60, true)]
    [InlineData(59, 60, true)]
    [InlineData(60, 60, false)]
    [InlineData(0, 24 * 60, true)]
    [InlineData(0, 24 * 60 + 1, false)]
    public void It_is_open_from_its_beginning_to_its_end_and_never_longer_than_a_day(int minutes, int length, bool open) =>
        Assert.Equal(open, new Bypass(Now, Now.AddMinutes(length), "r", "root").IsOpen(Now.AddMinutes(minutes)));

    [Fact]
    public void A_decision_that_is_bypassed_refuses_and_changes_nothing_and_says_what_it_would_have_done()
    {
        var refused = (Given.Rule() with { DeniesPrivileged = true }).Judge(Given.Sandbox with { Privileged = true });
        var changed = (Given.Rule() with { RequiresNoNewPrivileges = true }).Judge(Given.Container);
        Assert.NotEmpty(changed.Changes);

        foreach (var verdict in (Verdict[])[refused, changed])
        {
            Assert.True(Bypass.Open(verdict).TryPermit(out var permit, out _));
            Assert.Empty(permit.Changes);
            Assert.Equal(verdict.Findings.Select(static f => (f.Message, f.Effect, RuleMode.Audit)), permit.Verdict.Findings.Select(static f => (f.Message, f.Effect, f.Mode)));
        }
    }
}
