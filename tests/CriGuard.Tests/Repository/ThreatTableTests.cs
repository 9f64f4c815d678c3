namespace CriGuard.Tests.Repository;

/// <summary>What is said of ways around the gate, compared with the tests that show it.</summary>
public sealed class ThreatTableTests
{
    private const string Update = "CRIGUARD_UPDATE";

    private static readonly IReadOnlyList<Threat> Threats = ThreatTable.Read();
    private static readonly ILookup<string, string> Proofs = ThreatTable.Proofs();

    [Fact]
    public void Each_way_that_is_refused_changed_or_recorded_is_shown_by_a_test() =>
        Assert.All(Threats.Where(static t => t.Outcome is not ("out of reach" or "open")), static t => Assert.True(Proofs[t.Id].Any(), $"{t.Id} has no test"));

    [Fact]
    public void Each_way_has_an_outcome_and_what_brings_it_about() => Assert.All(Threats, static t =>
    {
        Assert.Contains(t.Outcome, ThreatTable.Outcomes);
        Assert.True(t.By.Length > 0 || t.Outcome == "open", $"{t.Id} does not say by what");
        Assert.True(t.Outcome != "open" || !Proofs[t.Id].Any(), $"{t.Id} is open and has tests: say what becomes of it");
    });

    [Fact]
    public void Each_test_that_begins_with_an_id_is_about_a_way_of_the_list() =>
        Assert.All(Proofs.Select(static p => p.Key), static id => Assert.Contains(Threats, t => t.Id == id));

    [Fact]
    public void The_page_is_what_the_list_and_the_tests_say()
    {
        var (path, page) = (Checkout.Path("tests", "THREATS.md"), ThreatTable.Render(Threats, Proofs));
        if (Environment.GetEnvironmentVariable(Update) is not null)
            File.WriteAllText(path, page);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == page, "tests/THREATS.md is behind: run `make threats` and read what changed");
    }
}
