using System.Collections.Immutable;
using CriGuard.Core.Enforcement;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Daemon.Judging;
using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>The second half of step 9: what the kernel says of a container's process once it runs, beside the spec it was started with.</summary>
internal sealed class StartedProcesses(RuntimeQuestions runtime, StepUps stepUps, EventLog events, string node, TimeProvider time, ILogger log)
{
    /// <summary>StartContainer returns while the runtime's own code still runs in the process, before the last exec: a difference counts when it stays.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    /// <summary>For the runtime's answer: one that hangs must not keep the daemon from ending.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly Unfinished _running = new();

    /// <summary>Looks at the process after the reply has gone back; never fails the call.</summary>
    public void Observe(string path, CallSubject subject) => _ = _running.TrackAsync(ObserveAsync(path, subject));

    /// <summary>Waits for observations under way.</summary>
    public Task DrainAsync() => _running.DrainAsync();

    private async Task ObserveAsync(string path, CallSubject subject)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            var status = await runtime.ContainerAsync(path, subject.ContainerId, limit.Token);
            var spec = StartReader.Read(status, new SandboxFacts { Pod = subject.Pod ?? new PodIdentity("", "", "") }).Spec;
            var (process, drift) = await SettledAsync(StartReader.Pid(status), spec);
            // Its number may have been another's already when it was looked at; of one that still runs it was its own all the time.
            if (!drift.IsEmpty && StartReader.Pid(await runtime.ContainerAsync(path, subject.ContainerId, limit.Token)) != process!.Pid)
                (process, drift) = (null, []);
            if (!drift.IsEmpty)
                Log.Drift(log, subject.ContainerName, string.Join("; ", drift.Select(static d => d.Text)));
            Record(subject, process is null ? [new("gone", "true")] : ProcessDetails.Of(process, drift));
            if (!drift.IsEmpty)
                stepUps.See(subject.Pod, Control.Drift);
        }
        catch (CannotJudgeException e)
        {
            Record(subject, [new("unknown", e.Message)]);
        }
        catch (OperationCanceledException)
        {
            Record(subject, [new("unknown", $"the runtime does not answer within {Patience.TotalSeconds} s")]);
        }
    }

    private async Task<(ProcessFacts? Process, ImmutableArray<Deviation> Drift)> SettledAsync(int pid, EffectiveSpec? spec)
    {
        var (began, first) = (time.GetTimestamp(), KernelFacts.Process(pid));
        var process = first;
        while (true)
        {
            ImmutableArray<Deviation> drift = process is null || spec is null ? [] : ProcessDrift.Between(spec, process);
            if (drift.IsEmpty || time.GetElapsedTime(began) > Settle)
                return (process, drift);
            await Task.Delay(Step, time);
            process = KernelFacts.Process(pid) is { } now && now.Started == first?.Started ? now : null;
        }
    }

    private void Record(CallSubject subject, ImmutableArray<KeyValuePair<string, string>> details) => events.Append(new EventRecord
    {
        Kind = EventKinds.ProcessObserved,
        Time = time.GetUtcNow(),
        Node = node,
        Pod = subject.Pod,
        SandboxId = subject.SandboxId,
        ContainerName = subject.ContainerName,
        ContainerId = subject.ContainerId,
        Details = details,
    });
}
