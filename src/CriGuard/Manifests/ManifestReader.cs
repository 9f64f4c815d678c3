using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Store.Policies;

namespace CriGuard.Manifests;

/// <summary>The pods of some manifests, and what else is in them.</summary>
/// <param name="Pods">In the order of the files.</param>
/// <param name="RuntimeClasses">Handlers of the RuntimeClass objects among them.</param>
/// <param name="Skipped">Objects that make no pod that is known here.</param>
internal sealed record ManifestReading(
    ImmutableArray<PodTemplate> Pods, ImmutableDictionary<string, string> RuntimeClasses, ImmutableArray<SkippedObject> Skipped);

/// <summary>An object that was not looked at.</summary>
internal sealed record SkippedObject(string Kind, Position At);

/// <summary>Finds the pods in files of Kubernetes objects.</summary>
internal sealed class ManifestReader(ISet<PolicyError> errors)
{
    /// <summary>As deep as lists of lists are looked into.</summary>
    private const int DeepestList = 4;

    /// <summary>Pods of one run; aliases can multiply what a file says.</summary>
    private const int MostPods = 10_000;

    // Where each kind has its pod template.
    private static readonly Dictionary<string, string[]> Templates = new(StringComparer.Ordinal)
    {
        ["Pod"] = [],
        ["PodTemplate"] = ["template"],
        ["Deployment"] = ["spec", "template"],
        ["ReplicaSet"] = ["spec", "template"],
        ["ReplicationController"] = ["spec", "template"],
        ["StatefulSet"] = ["spec", "template"],
        ["DaemonSet"] = ["spec", "template"],
        ["Job"] = ["spec", "template"],
        ["CronJob"] = ["spec", "jobTemplate", "spec", "template"],
    };

    private readonly ImmutableArray<PodTemplate>.Builder pods = ImmutableArray.CreateBuilder<PodTemplate>();
    private readonly ImmutableArray<SkippedObject>.Builder skipped = ImmutableArray.CreateBuilder<SkippedObject>();
    private readonly Dictionary<string, string> classes = new(StringComparer.Ordinal);

    public static IEnumerable<string> Kinds => Templates.Keys.Append("List");

    public void Add(string file, string text)
    {
        var syntax = new List<PolicyError>();
        foreach (var document in YamlTree.ReadForeign(file, text, syntax))
        {
            var root = new Field(document, "", errors);
            if (root.Exists)
                AddObject(root, impliedKind: "", depth: 0);
        }

        errors.UnionWith(syntax);
    }

    public ManifestReading Result() => new(pods.ToImmutable(), classes.ToImmutableDictionary(StringComparer.Ordinal), skipped.ToImmutable());

    private void AddObject(Field root, string impliedKind, int depth)
    {
        var kind = root["kind"].Text ?? impliedKind;
        if (!root.IsMap)
            return;
        if (kind.Length == 0)
            root.Fail("the object has no `kind`: write what it is");
        else if (Templates.TryGetValue(kind, out var steps))
            AddPod(kind, root, steps.Aggregate(root, static (field, step) => field[step]));
        else if (kind.EndsWith("List", StringComparison.Ordinal) && depth < DeepestList)
            AddList(root["items"], kind[..^"List".Length], depth);
        else if (kind == "RuntimeClass" && root["metadata"]["name"].Text is { } name && root["handler"].Text is { } handler)
            classes[name] = handler;
        else
            skipped.Add(new SkippedObject(kind, root.At ?? default));
    }

    // The items of a `PodList` need not say that they are pods.
    private void AddList(Field items, string impliedKind, int depth)
    {
        foreach (var item in items.Items)
            AddObject(item, impliedKind, depth + 1);
    }

    private void AddPod(string kind, Field root, Field template)
    {
        var name = root["metadata"]["name"].Text ?? root["metadata"]["generateName"].Text?.TrimEnd('-') ?? "";
        if (name.Length == 0)
            root.Fail($"the {kind} has no `metadata.name`: add it");
        if (!template["spec"]["containers"].Exists)
            root.Fail($"the {kind} has no `{template["spec"]["containers"].Path}`: add it");
        if (pods.Count == MostPods)
            throw new ManifestException($"more than {MostPods} pods: give fewer files at once");
        pods.Add(new PodTemplate(kind, name, root, template));
    }
}
