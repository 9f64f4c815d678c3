using System.CommandLine;
using CriGuard.Core.Policy;
using CriGuard.Golden;
using CriGuard.Manifests;
using CriGuard.Output;
using CriGuard.Store.Policies;

namespace CriGuard.Commands;

/// <summary>Reads manifests and a policy, decides, and hands on what it came to: what commands about manifests share.</summary>
internal static class ManifestRun
{
    /// <param name="ask">Reads the flags.</param>
    /// <param name="input">What `-f -` reads.</param>
    /// <param name="now">Exceptions expire.</param>
    /// <param name="streams">Where errors go.</param>
    /// <param name="show">Says what there is to say, and gives the code to end with.</param>
    public static int Run(Func<ExplainQuery> ask, Func<Stream> input, DateTimeOffset now, InvocationConfiguration streams, Func<Explanation, ExplainQuery, int> show)
    {
        try
        {
            var query = ask();
            var errors = new HashSet<PolicyError>();
            var explanation = Explain(query, input, now, errors);
            if (explanation is null || errors.Count > 0)
                return Fail(streams, PolicyReading.Failed(errors).Errors.Select(static error => error.ToString()));
            return show(explanation, query);
        }
        catch (Exception e) when (e is ManifestException or GoldenCaseException or IOException or UnauthorizedAccessException)
        {
            return Fail(streams, [$"criguard: {e.Message}"]);
        }
    }

    private static int Fail(InvocationConfiguration streams, IEnumerable<string> reasons)
    {
        foreach (var reason in reasons)
            streams.Error.WriteLine(Printable.Of(reason));
        return ExitCode.CannotJudge;
    }

    /// <summary>Null where there is no policy; the errors say why, and everything else that is wrong.</summary>
    private static Explanation? Explain(ExplainQuery query, Func<Stream> input, DateTimeOffset now, HashSet<PolicyError> errors)
    {
        var settings = query.Settings();
        var node = query.Node is { } file ? new GoldenNode(File.ReadAllText(file)) : null;
        var reading = PolicyReader.Read(query.Policy);
        errors.UnionWith(reading.Errors);
        var manifests = Read(query.Files, input, errors);
        // What is given by hand is nearer to the user than what the manifests say.
        settings = settings with { RuntimeClasses = manifests.RuntimeClasses.SetItems(settings.RuntimeClasses) };
        var assumed = new Assumptions();
        assumed.Add(
            "a kubelet with its defaults (`/var/lib/kubelet`, cgroup v2 by systemd, no swap) on a node without SELinux, and no admission webhook that changes the pod");
        var pods = manifests.Pods.Select(pod => KubeletPod.Of(pod, settings, assumed)).ToList();
        if (reading.Policy is not { } policy || errors.Count > 0)
            return null;
        var explainer = new Explainer(policy, node, now, assumed);
        return new Explanation(policy.Revision, [.. pods.Select(explainer.Explain)], assumed.All, manifests.Skipped);
    }

    private static ManifestReading Read(IEnumerable<string> files, Func<Stream> input, HashSet<PolicyError> errors)
    {
        var reader = new ManifestReader(errors);
        foreach (var (name, text) in files.SelectMany(file => ManifestText.Read(file, input, errors)))
            reader.Add(name, text);
        var reading = reader.Result();
        if (reading.Pods.IsEmpty && errors.Count == 0)
            throw new ManifestException($"no pod in what was given: the kinds that make one are {string.Join(", ", ManifestReader.Kinds.Select(static kind => $"`{kind}`"))}");
        return reading;
    }
}
