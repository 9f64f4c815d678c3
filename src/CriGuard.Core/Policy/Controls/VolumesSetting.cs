using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The kinds of volume that a container may be given, by the names that a pod's specification has for them.</summary>
/// <param name="Allow">Of <see cref="VolumeTypes.Known"/>.</param>
public sealed record VolumesSetting(ImmutableSortedSet<string> Allow)
{
    /// <summary>The types that the Pod Security Standards leave in their restricted profile.</summary>
    public static VolumesSetting Restricted { get; } = new([.. VolumeTypes.Restricted]);

    /// <summary>The setting with more allowed.</summary>
    public VolumesSetting Allowing(ImmutableArray<string> types) => new(Allow.Union(types));

    /// <summary>Why a type cannot be allowed; null where it can.</summary>
    public static string? Objection(string type) =>
        VolumeTypes.Known.Contains(type) ? null : $"is not a type of volume: write one of {Words.All(VolumeTypes.Known)}";
}

/// <summary>Names of volume types, as fields of a pod's `volumes`.</summary>
public static class VolumeTypes
{
    public const string ConfigMap = "configMap";
    public const string Csi = "csi";
    public const string DownwardApi = "downwardAPI";
    public const string EmptyDir = "emptyDir";
    public const string Ephemeral = "ephemeral";
    public const string HostPath = "hostPath";
    public const string Image = "image";
    public const string PersistentVolumeClaim = "persistentVolumeClaim";
    public const string Projected = "projected";
    public const string Secret = "secret";

    /// <summary>Any other that a pod names itself: `nfs`, `iscsi`, `gitRepo`, `flexVolume` and what else the kubelet has a plugin for.</summary>
    public const string Other = "other";

    public static ImmutableArray<string> Restricted { get; } =
        [ConfigMap, Csi, DownwardApi, EmptyDir, Ephemeral, Image, PersistentVolumeClaim, Projected, Secret];

    public static ImmutableArray<string> Known { get; } = [.. Restricted, HostPath, Other];
}
