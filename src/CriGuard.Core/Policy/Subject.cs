using CriGuard.Core.Events;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>What a match is held against.</summary>
/// <param name="Sandbox">As the runtime has it, or as it is to be run.</param>
/// <param name="Resent">The copy that CreateContainer sends again; null elsewhere.</param>
/// <param name="Container">The container's name; null where the call is about the sandbox.</param>
/// <param name="Image">Its image; null where the call is about the sandbox.</param>
/// <param name="Caller">Who makes the call; null where that is not known.</param>
internal sealed record Subject(SandboxFacts Sandbox, SandboxFacts? Resent, string? Container, ImageFacts? Image, Caller? Caller)
{
    /// <summary>True for a call that enters, resizes or checkpoints what runs already: only controls of such calls are of interest.</summary>
    public bool IsAccess { get; private init; }

    /// <summary>True where the runtime does not tell which pod it is about: then it may be any.</summary>
    public bool IsUntold { get; private init; }

    public static Subject Of(NodeFacts node, SandboxFacts facts) => new(facts, null, null, null, node.Caller);

    public static Subject Of(NodeFacts node, ContainerFacts facts) => new(facts.Sandbox, facts.Resent, facts.Name, facts.Image, node.Caller);

    public static Subject Of(NodeFacts node, PullFacts facts) => new(facts.Sandbox, null, null, facts.Image, node.Caller);

    public static Subject Of(NodeFacts node, AccessFacts facts) =>
        new(facts.Sandbox ?? Nobody, null, facts.ContainerName, facts.Image, node.Caller) { IsAccess = true, IsUntold = facts.Sandbox is null };

    public static Subject Of(NodeFacts node, RestoreFacts facts) => new(facts.Sandbox, null, null, null, node.Caller) { IsAccess = true };

    public static Subject Of(NodeFacts node, StartFacts facts) => new(facts.Sandbox, null, facts.ContainerName, facts.Image, node.Caller);

    private static SandboxFacts Nobody { get; } = new() { Pod = new PodIdentity("", "", "") };
}
