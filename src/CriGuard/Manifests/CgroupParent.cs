namespace CriGuard.Manifests;

/// <summary>A pod's cgroup under the systemd driver, which follows from its quality of service.</summary>
internal static class CgroupParent
{
    public static string Of(PodTemplate pod, string uid)
    {
        var name = uid.Replace('-', '_');
        return QualityOfService.Of(pod) switch
        {
            ServiceClass.Guaranteed => $"/kubepods.slice/kubepods-pod{name}.slice",
            ServiceClass.Burstable => $"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{name}.slice",
            _ => $"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{name}.slice",
        };
    }
}
