using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.Demo;

/// <summary>Sends pods through the gate, and looks past it at what became of them.</summary>
internal sealed class Trial(GuardProcess guard, Kubelet through, Kubelet straight)
{
    public async Task<Evidence> RunAsync(PodSpec pod)
    {
        try
        {
            await using var running = await through.RunAsync(pod);
            return new Evidence(
                Refusal: null,
                await DecisionAsync(pod),
                await straight.ProcessAsync(running.Main),
                (await straight.AppletAsync(running.Main, "dmesg")).Split('\n')[0],
                (await straight.SandboxStatusAsync(running.Sandbox)).Status.RuntimeHandler,
                (await straight.PodsAsync()).Count);
        }
        catch (CallFailedException refused)
        {
            var remains = (await straight.PodsAsync()).Count;
            return new Evidence(refused.Text, await DecisionAsync(pod), Process: null, KernelLog: "", Handler: "", remains);
        }
    }

    // In the words of the log: refused, or else the changes that were made on the way.
    private async Task<string> DecisionAsync(PodSpec pod)
    {
        var decided = (await guard.EventsAsync()).Where(line =>
            line.GetProperty("kind").GetString() == "call.decided"
            && line.TryGetProperty("pod", out var owner)
            && owner.GetProperty("uid").GetString() == pod.Uid).ToList();
        if (decided.Any(line => line.GetProperty("verdict").GetString() == "refuse"))
            return Evidence.Refused;

        var changes = decided.SelectMany(line => line.GetProperty("changes").EnumerateArray()).Select(Describe).Distinct().ToList();
        return changes.Count == 0 ? "permitted" : "permitted, changed:\n" + string.Join('\n', changes);
    }

    private static string Describe(JsonElement change)
    {
        var field = change.GetProperty("field").GetString()!;
        return $"{field[(field.LastIndexOf('.') + 1)..]}: {change.GetProperty("after")}";
    }
}
