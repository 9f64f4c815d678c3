using CriGuard.Core.Policy.Mounts;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Types of volumes, as far as the kubelet's paths tell them apart (P20).</summary>
internal static class VolumesControl
{
    public static void Judge(Judgement judgement, MountList mounts)
    {
        var demands = judgement.Demands(static r => r.Volumes);
        if (demands.Count == 0)
            return;
        foreach (var (mount, field, place) in mounts.OfTheNode())
            Judge(judgement, demands, mounts, mount.ContainerPath, field, VolumeReading.Types(place));
        foreach (var mount in mounts.FileSystems.Where(FileSystems.ShowsNode))
            Judge(judgement, demands, mounts, mount.ContainerPath, "runtimeSpec.mounts", [VolumeTypes.HostPath]);
        for (var i = 0; i < mounts.Items.Length; i++)
        {
            if (mounts.Items[i].IsImage)
                Judge(judgement, demands, mounts, mounts.Items[i].ContainerPath, mounts.FieldOf(i) + ".image", [VolumeTypes.Image]);
        }
    }

    private static void Judge(
        Judgement judgement, List<Demand<VolumesSetting>> demands, MountList mounts, string at, string field, IReadOnlyCollection<string> types)
    {
        var subject = $"{mounts.Container} mounts at {Words.Quote(at)}";
        foreach (var (rule, setting) in demands)
        {
            var allowed = types.Where(setting.Allow.Contains).ToList();
            if (types.Count > 0 && allowed.Count == 0)
            {
                judgement.Refuse(
                    rule, Control.Volumes, field, $"{subject} a volume of type {Either(types)}", $"use a volume of type {Either(setting.Allow)}");
                return;
            }

            // Nothing on the wire says more: refusing would forbid what the rule allows.
            if (allowed.Count < types.Count)
                judgement.Report(
                    rule, Control.Volumes, field, $"{subject} a volume of type {Either(types)}, which cannot be told apart: only {Either(allowed)} may be");
        }
    }

    private static string Either(IEnumerable<string> types) => string.Join(" or ", types.Select(Words.Quote));
}
