using CriGuard.Core.Events;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Sandboxes;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Sandboxes;

public sealed class SandboxDecisionTests
{
    private const string Run = "runtime.v1.RuntimeService/RunPodSandbox";

    [Fact]
    public void A_decision_is_of_the_sandbox_that_the_same_call_made()
    {
        var decided = Entry("a") with
        {
            Details = [new("runtimeHandler", "runc"), new("handler", "runsc"), new("level", "gvisor")],
            Changes = [new("floor", "seccomp", "f", "", ""), new("untrusted", "sandbox", "runtime_handler", "runc", "runsc")],
        };
        EventEntry[] log =
        [
            decided, Answered("b", "5b"), Answered("a", "5a"), Answered("a", "5c"), Entry("d") with { Verdict = EventVerdicts.Refuse }, Answered("d", "5d"),
            Entry("e") with { Details = [new("runtimeHandler", "")] }, Answered("e", "5e") with { Answer = new RuntimeAnswer(2, "no") },
            decided with { CallId = "f", Method = "runtime.v1.RuntimeService/CreateContainer" }, Answered("f", "5f"),
        ];
        var found = Assert.Single(SandboxDecisions.Of(log));
        Assert.Equal(("5a", new SandboxDecision("runc", IsolationLevel.Gvisor, "untrusted")), (found.Key, found.Value));
    }

    [Theory]
    [InlineData(IsolationLevel.Gvisor, IsolationLevel.Runc, true)]
    [InlineData(IsolationLevel.Gvisor, IsolationLevel.Gvisor, false)]
    [InlineData(IsolationLevel.Gvisor, IsolationLevel.Kata, false)]
    [InlineData(null, IsolationLevel.Runc, false)]
    [InlineData(IsolationLevel.Gvisor, null, false)]
    public void Less_than_was_decided_is_told(IsolationLevel? decided, IsolationLevel? actual, bool weaker) =>
        Assert.Equal(weaker, new RunningSandbox(new PodIdentity("a", "b", "c"), "5a", "")
        {
            Decision = new SandboxDecision("", decided, ""), Runtime = SandboxRuntime.Unknown with { Level = actual },
        }.IsWeaker);

    private static EventEntry Entry(string call) => new()
    {
        Link = default, Time = default, Node = "n", Kind = EventKinds.CallDecided, Method = Run, CallId = call, Verdict = EventVerdicts.Permit,
    };

    private static EventEntry Answered(string call, string sandbox) =>
        Entry(call) with { Kind = EventKinds.CallAnswered, Verdict = "", SandboxId = sandbox, Answer = new RuntimeAnswer(0, "") };
}
