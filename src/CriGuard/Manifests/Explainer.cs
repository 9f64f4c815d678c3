using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using CriGuard.Golden;
using Google.Protobuf;

namespace CriGuard.Manifests;

/// <summary>Decides what a kubelet would send for a manifest as the daemon does: through the bytes, the readers and the engine.</summary>
/// <param name="policy">What is demanded.</param>
/// <param name="node">What the node offers; null where that is not known, and taken to be all that is asked for.</param>
/// <param name="now">The time, where the node does not say it.</param>
/// <param name="assumed">Takes what was taken for given.</param>
internal sealed class Explainer(CompiledPolicy policy, GoldenNode? node, DateTimeOffset now, Assumptions assumed)
{
    public ExplainedPod Explain(KubeletPod pod)
    {
        var request = Receive(pod.Sandbox);
        var facts = SandboxReader.Read(request);
        var verdict = Engine.Evaluate(policy, Node(pod, facts), facts);
        // The sandbox that the containers come into is the one that was changed; where it is refused they are judged as if it ran.
        var run = verdict.TryPermit(out var permit, out _) ? Patched(request, permit) : request;
        var pinned = SandboxReader.Read(run) with { Id = KubeletPod.SandboxId, Anomalies = [] };
        var calls = ImmutableArray.CreateBuilder<ExplainedCall>();
        calls.Add(new ExplainedCall(null, verdict));
        foreach (var container in pod.Containers)
            calls.Add(new ExplainedCall(container, Judge(pod, container, pinned)));
        return new ExplainedPod(pod, run.Message.RuntimeHandler, calls.ToImmutable());
    }

    private Verdict Judge(KubeletPod pod, KubeletContainer container, SandboxFacts pinned)
    {
        if (policy.NeedsImageNames)
            assumed.Add("images have no other names and digests than those of the manifests: the node's are not known; `--image-id IMAGE=ID` gives one");
        var facts = ContainerReader.Read(Receive(container.Request), pinned);
        // That the name is one of the pod's is the cluster's to check.
        if (facts.JoinsProcesses)
            facts = facts with { Neighbours = [new Neighbour(facts.PidTarget, facts.PidTarget, Running: true, now)] };
        facts = facts with { Image = Pulled(facts.Image), ImageVolumes = [.. facts.ImageVolumes.Select(static v => v with { Image = Pulled(v.Image) })] };
        return Engine.Evaluate(policy, WithProfiles(Node(pod, pinned), facts), facts with { Mounts = [.. facts.Mounts.Select((mount, i) => Followed(mount, container.Mounts[i]))] });
    }

    /// <summary>A file that the manifest names is not here: it is taken to allow everything, so that the bases alone decide.</summary>
    private NodeFacts WithProfiles(NodeFacts known, ContainerFacts facts)
    {
        var asked = (policy.NeedsSeccompFiles ? policy.SeccompFiles : []).Append(facts.Seccomp is { Kind: SecurityProfileKind.Localhost } own ? own.Reference : "");
        var unread = asked.Where(path => path.Length > 0 && !known.SeccompFiles.ContainsKey(path)).Distinct(StringComparer.Ordinal).ToList();
        if (!policy.WeighsSeccompFiles || unread.Count == 0)
            return known;
        if (!policy.NeedsSeccompFiles)
        {
            assumed.Add("what seccomp profiles in files let through is not weighed: give `seccompFiles` in `--node`");
            return known;
        }

        assumed.Add("seccomp profiles in files allow everything, so that bases alone decide: give `seccompFiles` in `--node`");
        return known with { SeccompFiles = known.SeccompFiles.AddRange(unread.Select(static path => KeyValuePair.Create(path, new LocalProfile(path, "assumed", new SeccompProfile(SeccompAction.Allow, [], []), "")))) };
    }

    /// <summary>A path leads where the node says, else to itself; what a `subPath` is in is known from the manifest.</summary>
    private MountFacts Followed(MountFacts mount, MountSource source)
    {
        if (node?.Targets.GetValueOrDefault(mount.HostPath) is { } known)
            return mount with { Target = known };
        if (source.Untold.Length > 0)
            return mount with { Target = HostTarget.Unknown(mount.HostPath, source.Untold) };
        var target = new HostTarget(HostFileKind.Directory, NodePath.Clean(mount.HostPath));
        if (source.Volume?["hostPath"].Exists == true)
            assumed.Add("host paths are directories, and none is a link to another: give `hostPaths` in `--node`");
        return mount with { Target = source.Subpath.Length == 0 ? target : target with { Aliases = [NodePath.Clean(source.Subpath)] } };
    }

    /// <summary>As the node has it that pulled it by the manifest's text.</summary>
    private static ImageFacts Pulled(ImageFacts image) => image with { Names = [image.UserSpecified] };

    /// <summary>An unknown node has what is asked for; a known one has what it has.</summary>
    private NodeFacts Node(KubeletPod pod, SandboxFacts sandbox)
    {
        var known = (node?.Facts ?? Wanted(pod, sandbox)) with { Now = node?.Facts is { } said && said.Now != DateTimeOffset.MaxValue ? said.Now : now };
        if (known.Caller is null && policy.Rules.Select(static r => r.Match).Concat(policy.Exceptions.Select(static e => e.Match)).Any(static m => !m.Callers.IsEmpty))
            assumed.Add("the executable of the kubelet is not known, so rules and exceptions for `callers` do not match: give `caller` in `--node`");
        if (node is not null)
            return known;
        if (policy.NeedsHandlers(known, sandbox))
            assumed.Add("the runtime offers every handler that the policy or a pod names: give `--node`");
        if (policy.Rules.Any(static rule => rule.AppArmor is not null))
            assumed.Add("AppArmor is on, and every profile that the policy or a pod names is loaded in enforce mode: give `--node`");
        return known;
    }

    private NodeFacts Wanted(KubeletPod pod, SandboxFacts sandbox)
    {
        var profiles = policy.Rules.SelectMany(static rule => (string?[])[rule.AppArmor?.Reference, rule.AppArmorOfPrivileged?.Reference])
            .Concat(pod.Containers.Select(static container => container.Request.Config.Linux.SecurityContext.Apparmor?.LocalhostRef));
        return new NodeFacts { AppArmorProfiles = Names(profiles), RuntimeHandlers = Names(policy.Handlers.Entries.Select(static h => h.Name).Append(sandbox.RuntimeHandler)), Seccomp = GoldenNode.Composes };
    }

    private static ImmutableSortedSet<string> Names(IEnumerable<string?> names) =>
        names.OfType<string>().Where(static name => name.Length > 0).ToImmutableSortedSet(StringComparer.Ordinal);

    private static Received<RunPodSandboxRequest> Patched(Received<RunPodSandboxRequest> request, Permit permit) =>
        Receive(RunPodSandboxRequest.Parser.ParseFrom(RequestPatcher.Apply(request, permit.Changes).Span));

    private static Received<T> Receive<T>(T message)
        where T : class, IMessage<T>, new() => Received.TryParse<T>(message.ToByteArray(), out var request)
        ? request
        : throw new InvalidOperationException($"a {typeof(T).Name} that was made here cannot be read back");
}
