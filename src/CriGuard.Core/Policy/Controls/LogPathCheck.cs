using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Where the runtime writes a container's output, as root and without looking where it leads (T-M14); always looked at.</summary>
internal static class LogPathCheck
{
    private const string Remedy = "send a path without `..`, as kubelets do";

    public static void Judge(Judgement builtIn, NodeFacts node, SandboxFacts facts) =>
        JudgeDirectory(builtIn, node, Words.Pod(facts.Pod), "config.log_directory", facts.LogDirectory);

    /// <summary>The runtime uses the directory of the copy that is sent again.</summary>
    public static void Judge(Judgement builtIn, NodeFacts node, ContainerFacts facts)
    {
        var subject = Words.Container(facts.Name);
        JudgeDirectory(builtIn, node, subject, "sandbox_config.log_directory", facts.Resent?.LogDirectory ?? "");
        if (facts.LogPath.StartsWith('/') || IsClimbing(facts.LogPath))
            builtIn.Refuse(
                Finding.BuiltIn, Control.Consistency, "config.log_path",
                $"{subject} has its log at {Words.Quote(facts.LogPath)}, which leads out of the pod's log directory", Remedy);
    }

    private static void JudgeDirectory(Judgement builtIn, NodeFacts node, string subject, string field, string directory)
    {
        if (directory.Length == 0)
            return;
        if (!directory.StartsWith('/') || IsClimbing(directory))
            builtIn.Refuse(
                Finding.BuiltIn, Control.Consistency, field, $"{subject} has its logs in {Words.Quote(directory)}, which is no plain path", Remedy);
        else if (!directory.StartsWith(node.PodLogs.TrimEnd('/') + '/', StringComparison.Ordinal))
            builtIn.Report(Finding.BuiltIn, Control.Consistency, field, $"{subject} has its logs in {Words.Quote(directory)}, outside of {Words.Quote(node.PodLogs)}");
    }

    private static bool IsClimbing(string path) => path.Split('/').Contains("..");
}
