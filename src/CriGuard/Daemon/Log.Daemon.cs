using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>The daemon's own messages. What happened to pods is in the event log; what a peer can cause is Debug; a lost guarantee is Critical.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "listening on {Endpoint}, runtime {Runtime}, policy {Revision}, node {Node}", EventName = "daemon.started")]
    public static partial void Started(ILogger log, string endpoint, string runtime, string revision, string node);

    [LoggerMessage(2, LogLevel.Information, "draining: {Connections} connections, {Seconds} s at most", EventName = "daemon.draining")]
    public static partial void Draining(ILogger log, int connections, double seconds);

    [LoggerMessage(3, LogLevel.Information, "stopped", EventName = "daemon.stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(4, LogLevel.Debug, "connection of pid {Pid} uid {Uid} `{Executable}`", EventName = "connection.accepted")]
    public static partial void Accepted(ILogger log, int pid, uint uid, string executable);

    [LoggerMessage(5, LogLevel.Debug, "connection closed: {Reason}", EventName = "connection.failed")]
    public static partial void ConnectionFailed(ILogger log, string reason);

    [LoggerMessage(6, LogLevel.Warning, "cannot accept connections: {Reason}", EventName = "connection.refused")]
    public static partial void CannotAccept(ILogger log, string reason);

    [LoggerMessage(7, LogLevel.Critical, "the runtime answers, but not through this daemon: the watchdog is not fed", EventName = "daemon.stuck")]
    public static partial void NothingGetsThrough(ILogger log);

    [LoggerMessage(8, LogLevel.Critical, "the policy is bypassed until {Until:u} by {By}: {Reason}", EventName = "bypass.opened")]
    public static partial void Bypassed(ILogger log, DateTimeOffset until, string by, string reason);

    [LoggerMessage(9, LogLevel.Warning, "the bypass is over ({Cause}): the policy decides again", EventName = "bypass.closed")]
    public static partial void BypassEnded(ILogger log, string cause);

    [LoggerMessage(14, LogLevel.Error, "bypass file: {Reason}", EventName = "bypass.unreadable")]
    public static partial void BypassUnreadable(ILogger log, string reason);

    [LoggerMessage(15, LogLevel.Critical, "forwarded {Method} unjudged, the policy is bypassed: {Reason}", EventName = "bypass.unjudged")]
    public static partial void ForwardedUnjudged(ILogger log, string method, string reason);

    [LoggerMessage(16, LogLevel.Warning, "`criguard status` is blind: {Reason}", EventName = "status.failed")]
    public static partial void NoStatus(ILogger log, string reason);

    [LoggerMessage(10, LogLevel.Information, "policy {Revision} loaded", EventName = "policy.loaded")]
    public static partial void PolicyLoaded(ILogger log, string revision);

    [LoggerMessage(11, LogLevel.Error, "policy not loaded, {Revision} stays in force: {Error}", EventName = "policy.refused")]
    public static partial void PolicyRefused(ILogger log, string revision, string error);

    [LoggerMessage(12, LogLevel.Critical, "policy files have changed and {Revision} stays in force: taking or refusing them cannot be recorded", EventName = "policy.unrecorded")]
    public static partial void PolicyNotRecorded(ILogger log, string revision, Exception cause);

    [LoggerMessage(13, LogLevel.Error, "looking for changes of the policy failed and is tried again, {Revision} stays in force", EventName = "policy.watch")]
    public static partial void PolicyWatchFailed(ILogger log, string revision, Exception cause);

    [LoggerMessage(60, LogLevel.Critical, "the runtime does not offer handler {Handler} ({Level}): pods of rule {Rules} are refused until it does", EventName = "handler.missing")]
    public static partial void HandlerMissing(ILogger log, string handler, string level, string rules);

    [LoggerMessage(61, LogLevel.Information, "the runtime offers handler {Handler} again", EventName = "handler.back")]
    public static partial void HandlerBack(ILogger log, string handler);

    [LoggerMessage(62, LogLevel.Critical, "whether the runtime has the handlers that rules need cannot be told or recorded, and is tried again", EventName = "handler.watch")]
    public static partial void HandlerWatchFailed(ILogger log, Exception cause);

    [LoggerMessage(63, LogLevel.Information, "this kernel runs no AppArmor: no profile is loaded, and rules about profiles say so at each container", EventName = "apparmor.absent")]
    public static partial void NoAppArmor(ILogger log);

    [LoggerMessage(64, LogLevel.Information, "AppArmor profile {Profile} loaded in enforce mode", EventName = "apparmor.loaded")]
    public static partial void ProfileLoaded(ILogger log, string profile);

    [LoggerMessage(65, LogLevel.Critical, "AppArmor profile {Profile} is not in force: {Reason}", EventName = "apparmor.missing")]
    public static partial void ProfileNotLoaded(ILogger log, string profile, string reason);

    [LoggerMessage(66, LogLevel.Warning, "the next pods of {Target} run with {Level} until {Until:u}: {Reason}", EventName = "stepup.added")]
    public static partial void SteppedUp(ILogger log, string target, string level, DateTimeOffset until, string reason);

    [LoggerMessage(67, LogLevel.Critical, "the next pods of {Pod} are not stepped up as the policy says: {Problem}", EventName = "stepup.failed")]
    public static partial void NotSteppedUp(ILogger log, string pod, string problem);

    [LoggerMessage(20, LogLevel.Debug, "permitted {Method} of {Pod} with {Changes} changes, policy {Revision}", EventName = "call.permitted")]
    public static partial void Permitted(ILogger log, string method, string pod, int changes, string revision);

    [LoggerMessage(21, LogLevel.Debug, "refused {Method} of {Pod}: {Message}, policy {Revision}", EventName = "call.refused")]
    public static partial void Refused(ILogger log, string method, string pod, string message, string revision);

    [LoggerMessage(22, LogLevel.Critical, "refused {Method}: its event cannot be recorded", EventName = "call.unrecorded")]
    public static partial void EventNotRecorded(ILogger log, string method, Exception cause);

    [LoggerMessage(24, LogLevel.Critical, "forwarded {Method} though its event cannot be recorded: it ends a workload, or the configuration has calls go on", EventName = "call.unrecorded.end")]
    public static partial void GoesUnrecorded(ILogger log, string method, Exception cause);

    [LoggerMessage(23, LogLevel.Error, "call {Method} failed inside CriGuard and was refused", EventName = "call.failed")]
    public static partial void CallFailed(ILogger log, string method, Exception cause);

    [LoggerMessage(25, LogLevel.Critical, "refused {Method}: its seccomp profile cannot be written", EventName = "call.unprofiled")]
    public static partial void ProfileNotWritten(ILogger log, string method, Exception cause);

    [LoggerMessage(26, LogLevel.Information, "removed {Count} composed seccomp profiles that no container uses", EventName = "profiles.removed")]
    public static partial void ProfilesRemoved(ILogger log, int count);

    [LoggerMessage(27, LogLevel.Debug, "{Count} composed seccomp profiles may be unused, and none was removed: {Reason}", EventName = "profiles.kept")]
    public static partial void ProfilesKept(ILogger log, int count, string reason);

    [LoggerMessage(28, LogLevel.Warning, "composed seccomp profiles that no container uses cannot be removed now", EventName = "profiles.not_removed")]
    public static partial void ProfilesNotRemoved(ILogger log, Exception cause);

    [LoggerMessage(30, LogLevel.Critical, "container {Container} runs with {Drift}", EventName = "process.drift")]
    public static partial void Drift(ILogger log, string container, string drift);

    [LoggerMessage(31, LogLevel.Critical, "{Count} containers were not created through CriGuard and not judged: {Names}", EventName = "container.unaccounted")]
    public static partial void Unaccounted(ILogger log, int count, string names);

    [LoggerMessage(34, LogLevel.Critical, "container {Container} was made through the runtime's own interface (namespace {Namespace}) and not judged: pid {Pid}", EventName = "container.unlisted")]
    public static partial void Unlisted(ILogger log, string container, string @namespace, int pid);

    [LoggerMessage(32, LogLevel.Warning, "containers cannot be compared with the event log now, and will be at the next look: {Reason}", EventName = "container.watch")]
    public static partial void ContainersNotCompared(ILogger log, string reason);

    [LoggerMessage(33, LogLevel.Critical, "comparing containers with the event log failed, and is tried again at the next look", EventName = "container.watch.failed")]
    public static partial void ContainerWatchFailed(ILogger log, Exception cause);

    [LoggerMessage(34, LogLevel.Warning, "exits and removals cannot be looked for now, and will be at the next look: {Reason}", EventName = "life.watch")]
    public static partial void LivesNotSeen(ILogger log, string reason);

    [LoggerMessage(35, LogLevel.Critical, "looking for exits and removals failed, and is tried again at the next look", EventName = "life.watch.failed")]
    public static partial void LifeWatchFailed(ILogger log, Exception cause);

    [LoggerMessage(36, LogLevel.Information, "retention ({Cause}) removed events {First} to {Last} of the log, those up to {To:u}", EventName = "log.trimmed")]
    public static partial void LogTrimmed(ILogger log, string cause, long first, long last, DateTimeOffset to);

    [LoggerMessage(37, LogLevel.Critical, "events {First} to {Last} were not in order when retention removed them: {Fault}", EventName = "log.trimmed.broken")]
    public static partial void TrimmedBroken(ILogger log, long first, long last, string fault);

    [LoggerMessage(38, LogLevel.Error, "the oldest events cannot be removed, which is tried again: {Reason}", EventName = "log.trim.failed")]
    public static partial void NotTrimmed(ILogger log, string reason);

    [LoggerMessage(39, LogLevel.Critical, "{Event} of the daemon cannot be recorded, calls are {Fate} until the log can be written: {Reason}", EventName = "daemon.unrecorded")]
    public static partial void DaemonNotRecorded(ILogger log, string @event, string fate, string reason);

    [LoggerMessage(40, LogLevel.Information, "checkpoint {Sequence}:{Hash} of key {Key}", EventName = "log.checkpoint")]
    public static partial void CheckpointMade(ILogger log, long sequence, string hash, string key);
}
