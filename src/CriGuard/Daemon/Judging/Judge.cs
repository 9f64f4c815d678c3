using System.Text;
using CriGuard.Core.Events;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Methods;
using CriGuard.Grpc.Calls;

namespace CriGuard.Daemon.Judging;

/// <summary>Steps 1 to 4 of a call: its method, its message, the facts and the verdict.</summary>
internal sealed class Judge(CurrentPolicy policy, TimeProvider time, RuntimeQuestions runtime, HostPaths paths, AccountedContainers? accounted)
{
    private readonly SandboxJudge _sandboxes = new(runtime);
    private readonly ContainerJudge _containers = new(runtime, paths);
    private readonly StartJudge _starts = new(runtime, paths, accounted);
    private readonly RestoreJudge _restores = new(runtime, new ContainerJudge(runtime, paths));
    private readonly AccessJudge _accesses = new(runtime);

    /// <exception cref="CannotJudgeException">The call cannot be decided.</exception>
    public Task<JudgedCall> JudgeAsync(CallRequest call, Caller caller)
    {
        // One snapshot for the whole call, whatever is loaded meanwhile.
        var snapshot = policy.Snapshot;
        string method = call.Path[(call.Path.LastIndexOf('/') + 1)..];
        return (MethodTable.Of(Encoding.ASCII.GetBytes(call.Path)), method) switch
        {
            (Treatment.Judge, "RunPodSandbox") => _sandboxes.JudgeAsync(snapshot, call, Node(caller)),
            (Treatment.Judge, "CreateContainer") => _containers.JudgeAsync(snapshot, call, Node(caller)),
            (Treatment.Judge, "StartContainer") => _starts.JudgeAsync(snapshot, call, Node(caller)),
            (Treatment.Judge, "PullImage") => Task.FromResult(ImageJudge.Judge(snapshot, call, Node(caller))),
            (Treatment.Judge, "RestorePod") => _restores.JudgeAsync(snapshot, call, Node(caller)),
            (Treatment.Record or Treatment.Unknown, _) => _accesses.JudgeAsync(snapshot, call, method, Node(caller)),
            (Treatment.Refuse, _) => throw new CannotJudgeException(
                new GrpcStatus(StatusCode.Unimplemented, $"criguard: malformed method name `{call.Path}`: a gRPC path is `/service/method`")),
            var (treatment, _) => throw new InvalidOperationException($"`{call.Path}` is judged and is treated as {treatment}"),
        };
    }

    private NodeFacts Node(Caller caller) => KernelFacts.Node(time.GetUtcNow(), caller);
}
