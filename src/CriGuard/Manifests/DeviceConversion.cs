using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>Block volumes, the only devices that a manifest names (kubernetes, pkg/kubelet/kubelet_pods.go, makeBlockVolumes).</summary>
internal static class DeviceConversion
{
    public static IEnumerable<Device> Convert(PodTemplate pod, PodContainer container, string uid, Assumptions assumed)
    {
        foreach (var device in container.Field["volumeDevices"].Items)
        {
            var volume = Volumes.Find(pod, device["name"]);
            yield return new Device
            {
                HostPath = $"{Volumes.Directory(uid)}/volumeDevices/kubernetes.io~csi/{Volumes.Claimed(device["name"].Text ?? "", assumed)}",
                ContainerPath = device["devicePath"].Text ?? "",
                Permissions = volume["persistentVolumeClaim"]["readOnly"].Flag == true ? "r" : "mrw",
            };
        }
    }
}
