using CriGuard.Core.Events;

namespace CriGuard.Core.Tests.Events;

public sealed class EventFilterTests
{
    private static readonly EventEntry Entry = Samples.Entry(Samples.Text(Samples.Whole))!;

    public static TheoryData<EventFilter, bool> Cases => new()
    {
        { EventFilter.All, true },
        { new EventFilter { Namespace = "dev" }, true },
        { new EventFilter { Namespace = "de" }, false },
        { new EventFilter { Pod = "web-0", Namespace = "dev" }, true },
        { new EventFilter { Pod = "web-0", Namespace = "prod" }, false },
        { new EventFilter { Verdict = "permit" }, true },
        { new EventFilter { Verdict = "refuse" }, false },
        { new EventFilter { Kind = "call.decided" }, true },
        { new EventFilter { Kind = "call" }, true },
        { new EventFilter { Kind = "cal" }, false },
        { new EventFilter { Kind = "call.decided.x" }, false },
        { new EventFilter { Since = Samples.Time }, true },
        { new EventFilter { Since = Samples.Time.AddMicroseconds(1) }, false },
        { new EventFilter { Until = Samples.Time }, false },
        { new EventFilter { Until = Samples.Time.AddMicroseconds(1) }, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_event_is_wanted_when_it_meets_all_that_is_asked(EventFilter filter, bool wanted) => Assert.Equal(wanted, filter.Matches(Entry));

    [Theory]
    [InlineData("dev", "")]
    [InlineData("", "web-0")]
    public void An_event_without_a_pod_is_in_no_namespace(string name, string pod) =>
        Assert.False(new EventFilter { Namespace = name, Pod = pod }.Matches(Samples.Entry(Samples.Text(Samples.Plain("n")))!));
}
