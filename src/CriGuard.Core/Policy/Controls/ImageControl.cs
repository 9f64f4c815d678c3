using CriGuard.Core.Policy.Images;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>
/// Images by registry and digest. Kubelets send the id of an image that is on the node and, beside it, the text of the pod: the text says what
/// was asked for and the node's own names say what that id is, so both have to agree (T-I1, T-I2).
/// </summary>
internal static class ImageControl
{
    private const string Field = "config.image";
    private const string Remedy = "use an image of a registry that is allowed";

    public static void Judge(Judgement judgement, ContainerFacts facts)
    {
        var subject = Words.Container(facts.Name);
        Judge(judgement, Field, subject, facts.Image, OnNode);
        foreach (var volume in facts.ImageVolumes)
            Judge(judgement, "config.mounts.image", $"volume {Words.Quote(volume.ContainerPath)} of {subject}", volume.Image, OnNode);
    }

    /// <summary>A pull is judged by its words alone: the node has no names for the image yet.</summary>
    public static void Judge(Judgement judgement, PullFacts facts) =>
        Judge(judgement, "image", Words.Puller(facts.Sandbox.Pod), facts.Image, static (demand, _, text, _) => Worded(demand, text));

    /// <summary>Again before it starts: it may have been created past the gate. Runtimes need not keep the pod's text.</summary>
    public static void Check(Judgement judgement, StartFacts facts) => Judge(
        judgement, Field, Words.Container(facts.ContainerName), facts.Image,
        static (demand, names, text, image) => OnNode(text is null ? demand with { RequiresDigest = false } : demand, names, text, image));

    private static void Judge(
        Judgement judgement, string field, string subject, ImageFacts image, Func<ImageSetting, List<ImageName>, ImageName?, ImageFacts, Objection?> look)
    {
        var demands = judgement.Demands(static r => r.Images);
        if (demands.Count == 0)
            return;
        var names = new List<ImageName>();
        foreach (var known in image.Names)
        {
            if (ImageName.TryParse(known, out var name))
                names.Add(name);
        }

        var texts = new[] { image.UserSpecified, image.Reference }.Where(static t => t.Length > 0 && !ImageName.IsId(t)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var (rule, setting) in demands)
        {
            var objection = texts.Count == 0 ? look(setting, names, null, image) : null;
            foreach (var text in texts)
                objection ??= ImageName.TryParse(text, out var name) ? look(setting, names, name, image) : new Objection($"names its image {Words.Quote(text)}, which is no reference", Remedy);
            if (objection is var (message, remedy))
                judgement.Refuse(rule, Control.Images, field, $"{subject} {message}", remedy);
        }
    }

    private static Objection? Worded(ImageSetting demand, ImageName? text)
    {
        if (text is null)
            return new Objection("names no image but an id", Remedy);
        if (!demand.Allows(text))
            return new Objection($"asks for an image of {Words.Quote(text.Repository)}", Remedy);
        return demand.RequiresDigest && text.Digest.Length == 0
            ? new Objection($"asks for {Words.Quote(text.Repository)} without a digest", "write `@sha256:…` behind the image's name")
            : null;
    }

    private static Objection? OnNode(ImageSetting demand, List<ImageName> names, ImageName? text, ImageFacts image)
    {
        if (text is null)
            return Unsaid(demand, names, image);
        if (Worded(demand, text) is { } objection)
            return objection;
        var known = names.FindAll(name => name.IsSameRepository(text));
        var repository = Words.Quote(text.Repository);
        if (known.Count == 0)
            return new Objection($"asks for {repository}, and gets {Words.Quote(image.Reference)}, which this node does not have from there", "have the node pull the image anew");
        return demand.RequiresDigest && !known.Exists(name => name.Digest == text.Digest)
            ? new Objection($"asks for {repository} by the digest {Words.Quote(text.Digest)}, and gets {Words.Quote(image.Reference)}, which has another", "have the node pull the image anew")
            : null;
    }

    /// <summary>Kubelets before 1.29 send the id alone: then only the node's names can tell where it came from.</summary>
    private static Objection? Unsaid(ImageSetting demand, List<ImageName> names, ImageFacts image)
    {
        if (demand.RequiresDigest)
            return new Objection("has no text of the pod for its image, so no digest is known to be asked for", "use a kubelet of 1.29 or later, which sends it");
        return demand.Registries.IsEmpty || names.Exists(demand.Allows)
            ? null
            : new Objection($"runs image {Words.Quote(image.Reference)}, which this node has from no registry that is allowed", Remedy);
    }

    private sealed record Objection(string Message, string Remedy);
}
