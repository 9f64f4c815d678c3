using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Daemon.Judging;
using CriGuard.Grpc.Calls;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>
/// Removes composed profiles that nothing needs any more: those that no pod and no container of the runtime names, started or not, nor the policy, and that
/// were not handed out lately. A container that is made anew has its profile composed anew.
/// </summary>
internal sealed class UnusedProfiles(RuntimeQuestions runtime, CurrentPolicy policy, SeccompFiles profiles, TimeProvider time, ILogger log)
{
    private const string Service = RuntimeQuestions.OfOurOwn;

    public Task RunAsync(CancellationToken stop) => Rounds.RunAsync(SeccompFiles.Lately, time, () => RemoveAsync(stop), stop);

    /// <summary>One round; where the runtime does not tell what it has, nothing is removed.</summary>
    public async Task RemoveAsync(CancellationToken stop)
    {
        try
        {
            var late = profiles.NotHandedOut();
            if (late.IsEmpty)
                return;
            if (await UsedAsync(stop) is not { } used)
                Log.ProfilesKept(log, late.Length, "the runtime does not tell which profiles its containers were made with");
            else if (profiles.Remove(late.Except(used, StringComparer.Ordinal)) is > 0 and var removed)
                Log.ProfilesRemoved(log, removed);
        }
        catch (CannotJudgeException e)
        {
            Log.ProfilesKept(log, 0, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.ProfilesNotRemoved(log, e);
        }
    }

    /// <summary>Null where the runtime does not keep requests.</summary>
    private async Task<HashSet<string>?> UsedAsync(CancellationToken stop)
    {
        var used = policy.Snapshot.SeccompFiles.ToHashSet(StringComparer.Ordinal);
        foreach (var listed in await runtime.SandboxesAsync(Service, stop))
        {
            if (await ThereAsync(runtime.SandboxAsync(Service, listed.Id, stop)) is not { } sandbox)
                continue;
            if (sandbox.CgroupParent is null)
                return null;
            Add(sandbox.Seccomp);
        }

        foreach (var listed in await runtime.ContainersAsync(Service, sandboxId: "", stop))
        {
            if (await ThereAsync(runtime.ContainerAsync(Service, listed.Id, stop)) is not { } status)
                continue;
            if (StartReader.Read(status, new SandboxFacts { Pod = new PodIdentity("", "", "") }).Asked is not { } asked)
                return null;
            Add(asked.Seccomp);
        }

        return used;

        void Add(SecurityProfile? profile)
        {
            if (profile is { Kind: SecurityProfileKind.Localhost, Reference: var path })
                used.Add(path);
        }
    }

    /// <summary>Null where it is gone since it was listed.</summary>
    private static async Task<T?> ThereAsync<T>(Task<T> asked)
        where T : class
    {
        try
        {
            return await asked;
        }
        catch (CannotJudgeException e) when (e.Status.Code == StatusCode.NotFound)
        {
            return null;
        }
    }
}
