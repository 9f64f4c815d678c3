using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Daemon.Judging;
using CriGuard.Daemon.Lives;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Relay;
using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>The path of one lifted call, from its arrival to the runtime's answer. The steps carry the numbers of src/README.md.</summary>
internal sealed class Proxy(
    RuntimeGate runtime, RuntimeGate images, Judge judge, SeccompFiles profiles, CallRecorder recorder, AccountedContainers accounted, StartedProcesses started, LifeWatch? lives,
    StepUps stepUps, BypassWatch bypass, CallTally tally, bool goOnUnrecorded, ILogger log)
{
    /// <summary>Serves one call of a client that step 0 has identified.</summary>
    public async Task ServeAsync(LiftedCall call, Caller caller)
    {
        var entry = recorder.Begin(call.Path, caller);
        try
        {
            if (await JudgeAsync(call, entry, caller) is not { } judged)
                return;
            entry.Subject = judged.Subject;
            if (judged.Verdict.TryPermit(out var permit, out var refusal))
                await ForwardAsync(call, entry, judged, permit);
            else
                await RefuseAsync(call, entry, refusal);
        }
        catch (EventLogException e)
        {
            // 6: what cannot be recorded is not done.
            tally.Undecided();
            Log.EventNotRecorded(log, call.Path, e);
            await call.RefuseAsync(new GrpcStatus(StatusCode.Unavailable, $"criguard: the call is refused because its event cannot be recorded: {e.Message}"));
        }
    }

    /// <summary>1 to 4: method, message, facts, verdict. Null where there is none: failing to decide is a refusal, and recorded like one.</summary>
    private async Task<JudgedCall?> JudgeAsync(LiftedCall call, CallEntry entry, Caller caller)
    {
        var opened = bypass.Current;
        try
        {
            var judged = await judge.JudgeAsync(new CallRequest(call.Path, call.Message, call.Cancelled), caller);
            return opened is null ? judged : judged.Bypassed(opened);
        }
        catch (CannotJudgeException e)
        {
            if (opened is not null)
                return Unjudged(call, opened, e.Status.Message);
            await UndecidedAsync(entry, e.Status);
            await call.RefuseAsync(e.Status);
        }
        catch (OperationCanceledException) when (call.Cancelled.IsCancellationRequested)
        {
            var code = call.Expired ? StatusCode.DeadlineExceeded : StatusCode.Cancelled;
            await UndecidedAsync(entry, new GrpcStatus(code, "criguard: the caller went away before the call was decided"));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A fault of ours is no decision either.
            Log.CallFailed(log, call.Path, e);
            if (opened is not null)
                return Unjudged(call, opened, e.Message);
            var status = new GrpcStatus(StatusCode.Internal, "criguard: the call is refused because judging it failed: the daemon's log says why");
            await UndecidedAsync(entry, status);
            await call.RefuseAsync(status);
        }

        return null;
    }

    private ValueTask UndecidedAsync(CallEntry entry, GrpcStatus status)
    {
        tally.Undecided();
        return entry.UndecidedAsync(status);
    }

    private JudgedCall Unjudged(LiftedCall call, Bypass opened, string problem)
    {
        Log.ForwardedUnjudged(log, call.Path, problem);
        var message = call.Message;
        return new JudgedCall(Bypass.Unjudged(judge.Revision), new CallSubject { Details = [new("unjudged", problem)] }, _ => message).Bypassed(opened);
    }

    private async Task ForwardAsync(LiftedCall call, CallEntry entry, JudgedCall judged, Permit permit)
    {
        // 5: no change, no re-serialising, unless the bytes can be read in two ways.
        var message = judged.Patch(permit.Changes);
        if (!await ProfilesAsync(call, entry, permit))
            return;
        using var ending = lives is not null && LifeWatch.Ends(call.Path) ? await lives.BeforeEndAsync(call.Path, entry.Subject, call.Cancelled) : null;
        // 6
        await RecordAsync(call, entry, judged);
        stepUps.See(entry.Subject.Pod, judged.Verdict);
        tally.Permitted();
        Log.Permitted(log, call.Path, entry.Pod, permit.Changes.Length, judged.Verdict.Revision);
        // 7 and 8: forwarded with the caller's deadline; the reply goes back as it comes.
        using var creation = Creates(call.Path) ? accounted.Begin(entry.Subject.SandboxId) : null;
        var outcome = await (LiftRules.IsImageService(call.Path) ? images : runtime).ForwardAsync(permit, call, message);
        var made = entry.Answered(outcome);
        if (creation is not null && outcome.Status.IsOk)
            creation.Made = made;
        if (outcome.Status.IsOk)
            lives?.Made(call.Path, entry.Subject, made);
        if (ending is not null)
            ending.Succeeded = outcome.Status.IsOk;
        // 9
        if (outcome.Status.IsOk && call.Path.EndsWith("/StartContainer", StringComparison.Ordinal))
            started.Observe(call.Path, entry.Subject);
    }

    private static bool Creates(string path) => path.EndsWith("/CreateContainer", StringComparison.Ordinal) || path.EndsWith("/RestorePod", StringComparison.Ordinal);

    /// <summary>A request never names a profile that is not there: the runtime would read whatever comes to lie under that name.</summary>
    private async Task<bool> ProfilesAsync(LiftedCall call, CallEntry entry, Permit permit)
    {
        try
        {
            profiles.Ensure(permit.Changes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.ProfileNotWritten(log, call.Path, e);
            var status = new GrpcStatus(StatusCode.Unavailable, $"criguard: the call is refused because its seccomp profile cannot be written: {e.Message}");
            await UndecidedAsync(entry, status);
            await call.RefuseAsync(status);
            return false;
        }
    }

    private async Task RecordAsync(LiftedCall call, CallEntry entry, JudgedCall judged)
    {
        try
        {
            await entry.PermittedAsync(judged.Verdict, judged.Probe);
        }
        catch (EventLogException e) when (judged.MayGoUnrecorded || goOnUnrecorded)
        {
            Log.GoesUnrecorded(log, call.Path, e);
        }
    }

    private async Task RefuseAsync(LiftedCall call, CallEntry entry, Refusal refusal)
    {
        tally.Refused();
        // The kubelet tries again for ever: what is on record already is counted, and answered alike.
        try
        {
            if (await entry.RefusedAsync(refusal.Verdict))
            {
                Log.Refused(log, call.Path, entry.Pod, refusal.Message, refusal.Verdict.Revision);
                stepUps.See(entry.Subject.Pod, refusal.Verdict);
            }
        }
        catch (EventLogException e) when (goOnUnrecorded)
        {
            // It stays refused, and for its own reason.
            Log.EventNotRecorded(log, call.Path, e);
        }

        await call.RefuseAsync(new GrpcStatus(StatusCode.PermissionDenied, refusal.Message));
    }
}
