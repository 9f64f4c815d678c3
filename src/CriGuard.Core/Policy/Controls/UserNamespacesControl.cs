using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>A user namespace whose root is nobody on the node (T-U9): asked for by the pod and by each container alike, and really there.</summary>
internal static class UserNamespacesControl
{
    private const string Field = "config.linux.security_context.namespace_options.userns_options";
    private const string SpecField = "runtimeSpec.linux.uidMappings";
    private const string Remedy = "set `hostUsers` to false";

    /// <summary>Ids below are the node's own users; the kubelet gives each pod as many from there on (KEP-127).</summary>
    private const long Block = 1 << 16;

    private const long AllIds = 1L << 32;

    public static void Judge(Judgement judgement, SandboxFacts facts) => Judge(judgement, Field, Words.Pod(facts.Pod), facts.UserNamespace);

    public static void Judge(Judgement judgement, ContainerFacts facts)
    {
        var subject = Words.Container(facts.Name);
        Judge(judgement, Field, subject, facts.UserNamespace);
        if (facts.UserNamespace != facts.Sandbox.UserNamespace && judgement.FirstRule(static r => r.RequiresUserNamespace) is { } rule)
            judgement.Refuse(
                rule, Control.UserNamespaces, Field, $"{subject} asks for another user namespace than its sandbox has",
                "ask for the same for the pod and its containers");
    }

    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec)
    {
        var (subject, has) = (Words.Container(facts.ContainerName), spec.OwnNamespaces.Contains("user") ? spec.UserNamespace : UserNamespaceRequest.None);
        Judge(judgement, SpecField, subject, has);
    }

    private static void Judge(Judgement judgement, string field, string subject, UserNamespaceRequest asked)
    {
        if (judgement.FirstRule(static r => r.RequiresUserNamespace) is not { } rule)
            return;
        if (asked.OfTheNode)
            judgement.Refuse(rule, Control.UserNamespaces, field, $"{subject} has no user namespace of its own", Remedy);
        else if (!IsItsOwn(asked))
            judgement.Refuse(
                rule, Control.UserNamespaces, field, $"{subject} maps its users or groups to those of the node, or too few of them",
                "let the kubelet choose the mappings: each has 65536 ids or more, from 65536 on");
    }

    /// <summary>True where none of its users and groups is one of the node's.</summary>
    public static bool IsItsOwn(UserNamespaceRequest asked) => !asked.OfTheNode && Separates(asked.Users) && Separates(asked.Groups);

    private static bool Separates(ImmutableArray<IdMapping> mappings) =>
        !mappings.IsEmpty && mappings.All(static m => m.Host >= Block && m.Length >= Block && m.Host + m.Length <= AllIds);
}
