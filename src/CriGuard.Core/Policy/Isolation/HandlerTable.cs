using System.Collections.Immutable;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Isolation;

/// <summary>The handlers that a policy knows, in its order: of several of one level, the first is the one that is given.</summary>
public sealed class HandlerTable(ImmutableArray<HandlerEntry> entries)
{
    public static HandlerTable Empty { get; } = new([]);

    public ImmutableArray<HandlerEntry> Entries => entries;

    /// <summary>Null for handlers that are not listed, and for the runtime's nameless default, which may be anything.</summary>
    public HandlerEntry? Find(string name) => entries.FirstOrDefault(e => e.Name == name);

    /// <summary>How strongly a pod is isolated under the handler that its facts name; null where that is not known.</summary>
    public IsolationLevel? LevelOf(SandboxFacts facts) => Find(facts.RuntimeHandler) is { } entry ? LevelOf(entry, facts) : null;

    /// <summary>The handler that is given for a level; null where only users of the pod's own bring it about.</summary>
    public HandlerEntry? First(IsolationLevel level) => entries.FirstOrDefault(e => e.Level == level);

    /// <summary>False where no pod can be given this level by any of the handlers.</summary>
    public bool Gives(IsolationLevel level) => First(level) is not null || (level == IsolationLevel.Userns && entries.Any(static e => e.Level == IsolationLevel.Runc));

    /// <summary>
    /// The handler under which the pod has this level: the one that it asks for if that is strong enough, else the first of the level. Null where
    /// only the pod itself could bring it about: users of its own are mapped by the kubelet, never by the gate.
    /// </summary>
    public HandlerEntry? Given(IsolationLevel level, SandboxFacts facts) =>
        Find(facts.RuntimeHandler) is { } asked && LevelOf(asked, facts) >= level
            ? asked
            : First(level) ?? entries.FirstOrDefault(e => LevelOf(e, facts) == level);

    /// <summary>The sandbox as it is run with these changes.</summary>
    public static SandboxFacts Decided(SandboxFacts facts, IEnumerable<Change> changes) =>
        changes.Select(static c => c.Edit).OfType<Edit.RuntimeHandler>().LastOrDefault() is { } edit ? facts with { RuntimeHandler = edit.Handler } : facts;

    private static IsolationLevel LevelOf(HandlerEntry entry, SandboxFacts facts) =>
        entry.Level == IsolationLevel.Runc && UserNamespacesControl.IsItsOwn(facts.UserNamespace) ? IsolationLevel.Userns : entry.Level;
}
