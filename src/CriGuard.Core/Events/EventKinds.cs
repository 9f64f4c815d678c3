namespace CriGuard.Core.Events;

/// <summary>The kinds of events.</summary>
public static class EventKinds
{
    /// <summary>A judged or recorded call was decided; on disk before the call goes on.</summary>
    public const string CallDecided = "call.decided";

    /// <summary>A call could not be decided (a message that cannot be read, a runtime that does not tell) and was answered with the status in `answer`.</summary>
    public const string CallUndecided = "call.undecided";

    /// <summary>A refusal that is on record came again, so many times; each of them was answered like the first.</summary>
    public const string CallRepeated = "call.repeated";

    /// <summary>The runtime answered a call that was let through.</summary>
    public const string CallAnswered = "call.answered";

    /// <summary>What the kernel says of a container's process after its start.</summary>
    public const string ProcessObserved = "process.observed";

    /// <summary>The runtime has a container that was not created through here, or before there was a log; once for each, and once a daemon for what the CRI does not list.</summary>
    public const string ContainerUnaccounted = "container.unaccounted";

    /// <summary>A container's process has ended, by the runtime's word; once for each container, however it ended.</summary>
    public const string ContainerExited = "container.exited";

    /// <summary>The runtime does not have a container any more, and no call through here removed it.</summary>
    public const string ContainerRemoved = "container.removed";

    /// <summary>A sandbox is not ready any more, and no call through here stopped it.</summary>
    public const string SandboxStopped = "sandbox.stopped";

    /// <summary>The runtime does not have a sandbox any more, and no call through here removed it.</summary>
    public const string SandboxRemoved = "sandbox.removed";

    public const string PolicyLoaded = "policy.loaded";

    public const string PolicyRefused = "policy.refused";

    /// <summary>Root has opened a bypass, or a daemon has found it open at its start: from here on the policy decides nothing.</summary>
    public const string BypassOpened = "bypass.opened";

    /// <summary>The policy decides again.</summary>
    public const string BypassClosed = "bypass.closed";

    /// <summary>The runtime does not offer a handler that enforced rules need; the pods that need it are refused.</summary>
    public const string HandlerMissing = "handler.missing";

    /// <summary>A handler that was missing is offered again.</summary>
    public const string HandlerBack = "handler.back";

    /// <summary>After an incident the next pods of a workload are sent to a stronger level, by `stepUp` of the policy; on disk before the rule is.</summary>
    public const string StepUpAdded = "stepup.added";

    /// <summary>They should be, and the rule could not be made: `problem` says why.</summary>
    public const string StepUpFailed = "stepup.failed";

    public const string DaemonStarted = "daemon.started";

    /// <summary>The daemon that runs now is of another version than the one before.</summary>
    public const string DaemonUpgraded = "daemon.upgraded";

    public const string DaemonStopped = "daemon.stopped";

    /// <summary>The last line was torn by a crash: it was cut off, and this event says how many bytes.</summary>
    public const string LogRepaired = "log.repaired";

    /// <summary>Events are missing in front of this one, lost by a write that failed or taken away: it says how many and why.</summary>
    public const string LogGap = "log.gap";

    /// <summary>Retention takes the oldest segments away: it says which events they held, and the hash that what is left goes on from.</summary>
    public const string LogTrimmed = "log.trimmed";

    /// <summary>A signature over all lines in front of this one.</summary>
    public const string LogCheckpoint = "log.checkpoint";

    /// <summary>A key for checkpoints was made: at the first start, or because the one before could not be used.</summary>
    public const string LogKey = "log.key";
}
