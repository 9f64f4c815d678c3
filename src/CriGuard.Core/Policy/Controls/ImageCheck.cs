using CriGuard.Core.Policy.Images;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>
/// What is no image and must never be taken for one, whatever the rules say: runtimes restore a checkpoint where the reference is the path of
/// a file, which makes a container of any content and with the rights that the dump says (T-P1, T-I6).
/// </summary>
internal static class ImageCheck
{
    private const string Field = "config.image.image";
    private const string VolumeField = "config.mounts.image";

    public static void Judge(Judgement builtIn, NodeFacts node, ContainerFacts facts)
    {
        var subject = Words.Container(facts.Name);
        Judge(builtIn, node, Field, $"{subject} asks for image", facts.Image);
        foreach (var volume in facts.ImageVolumes)
        {
            Judge(builtIn, node, VolumeField, $"{subject} mounts image", volume.Image);
            if (volume.HostPath.Length > 0)
                builtIn.Refuse(
                    Finding.BuiltIn, Control.Images, VolumeField,
                    $"{subject} mounts both an image and {Words.Quote(volume.HostPath)} at {Words.Quote(volume.ContainerPath)}, and runtimes differ on which it is",
                    "name one of the two");
        }
    }

    public static void Judge(Judgement builtIn, NodeFacts node, PullFacts facts) =>
        Judge(builtIn, node, "image.image", $"{Words.Puller(facts.Sandbox.Pod)} asks to pull image", facts.Image);

    private static void Judge(Judgement builtIn, NodeFacts node, string field, string asks, ImageFacts image)
    {
        var reference = image.Reference;
        if (reference.Length == 0 || ImageName.IsId(reference))
            return;
        if (!ImageName.TryParse(reference, out _))
            builtIn.Refuse(
                Finding.BuiltIn, Control.Images, field, $"{asks} {Words.Quote(reference)}, which is no image reference", "name an image of a registry");
        else if (node.Paths.Contains(reference))
            builtIn.Refuse(
                Finding.BuiltIn, Control.Images, field, $"{asks} {Words.Quote(reference)}, which is a file of the node: a runtime would restore it as a checkpoint",
                "name an image of a registry");
    }
}
