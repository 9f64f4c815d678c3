using System.Text;
using CriGuard.Core.Events;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Methods;
using CriGuard.Grpc.Calls;

namespace CriGuard.Daemon.Judging;

/// <summary>Steps 1 to 4 of a call: its method, its message, the facts and the verdict.</summary>
internal sealed class Judge
{
    private readonly CurrentPolicy _policy;
    private readonly NodeFacts _configured;
    private readonly TimeProvider _time;
    private readonly SandboxJudge _sandboxes;
    private readonly ContainerJudge _containers;
    private readonly StartJudge _starts;
    private readonly ImageJudge _images;
    private readonly RestoreJudge _restores;
    private readonly AccessJudge _accesses;

    /// <param name="policy">What is decided by.</param>
    /// <param name="configured">What is known of the node beforehand.</param>
    /// <param name="time">Of decisions.</param>
    /// <param name="runtime">What is asked for what requests do not tell.</param>
    /// <param name="paths">What looks at the node.</param>
    /// <param name="profiles">The seccomp profiles that requests name.</param>
    /// <param name="accounted">The containers of the log; null where there is none.</param>
    public Judge(CurrentPolicy policy, NodeFacts configured, TimeProvider time, RuntimeQuestions runtime, HostPaths paths, SeccompFiles profiles, AccountedContainers? accounted)
    {
        (_policy, _configured, _time) = (policy, configured, time);
        _sandboxes = new SandboxJudge(runtime, profiles);
        _containers = new ContainerJudge(runtime, paths, profiles);
        _starts = new StartJudge(runtime, paths, accounted);
        _images = new ImageJudge(paths);
        _restores = new RestoreJudge(runtime, _containers);
        _accesses = new AccessJudge(runtime);
    }

    /// <summary>Of the policy that decides now.</summary>
    public string Revision => _policy.Snapshot.Revision;

    /// <exception cref="CannotJudgeException">The call cannot be decided.</exception>
    public Task<JudgedCall> JudgeAsync(CallRequest call, Caller caller)
    {
        // One snapshot for the whole call, whatever is loaded meanwhile.
        var snapshot = _policy.Snapshot;
        string method = call.Path[(call.Path.LastIndexOf('/') + 1)..];
        return (MethodTable.Of(Encoding.ASCII.GetBytes(call.Path)), method) switch
        {
            (Treatment.Judge, "RunPodSandbox") => _sandboxes.JudgeAsync(snapshot, call, Node(caller)),
            (Treatment.Judge, "CreateContainer") => _containers.JudgeAsync(snapshot, call, Node(caller)),
            (Treatment.Judge, "StartContainer") => _starts.JudgeAsync(snapshot, call, Node(caller)),
            (Treatment.Judge, "PullImage") => _images.JudgeAsync(snapshot, call, Node(caller)),
            (Treatment.Judge, "RestorePod") => _restores.JudgeAsync(snapshot, call, Node(caller)),
            (Treatment.Record or Treatment.Unknown, _) => _accesses.JudgeAsync(snapshot, call, method, Node(caller)),
            (Treatment.Refuse, _) => throw new CannotJudgeException(
                new GrpcStatus(StatusCode.Unimplemented, $"criguard: malformed method name `{call.Path}`: a gRPC path is `/service/method`")),
            var (treatment, _) => throw new InvalidOperationException($"`{call.Path}` is judged and is treated as {treatment}"),
        };
    }

    private NodeFacts Node(Caller caller) => KernelFacts.Node(_configured, _time.GetUtcNow(), caller);
}
