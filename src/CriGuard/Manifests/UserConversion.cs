using System.Globalization;
using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>Who a process is: users, groups, SELinux.</summary>
internal static class UserConversion
{
    public static Int64Value? Value(Field id) => id.Number is { } number ? new Int64Value { Value = number } : null;

    public static SELinuxOption? SELinux(Field options) => !options.Exists
        ? null
        : new SELinuxOption
        {
            User = options["user"].Text ?? "",
            Role = options["role"].Text ?? "",
            Type = options["type"].Text ?? "",
            Level = options["level"].Text ?? "",
        };

    /// <summary>`fsGroup` is one of them for processes.</summary>
    public static IEnumerable<long> Groups(PodTemplate pod) =>
        pod.SecurityContext["supplementalGroups"].Items.Prepend(pod.SecurityContext["fsGroup"]).Select(static group => group.Number).OfType<long>();

    public static SupplementalGroupsPolicy GroupsPolicy(PodTemplate pod)
    {
        var policy = pod.SecurityContext["supplementalGroupsPolicy"];
        if (policy.Text is not (null or "Merge" or "Strict"))
            policy.Fail($"`{policy.Path}` is `{policy.Text}`: write one of `Merge`, `Strict`");
        return policy.Text == "Strict" ? SupplementalGroupsPolicy.Strict : SupplementalGroupsPolicy.Merge;
    }

    /// <summary>The container's user, the pod's, or the image's, which a manifest does not tell.</summary>
    public static void Write(LinuxContainerSecurityContext context, PodTemplate pod, PodContainer container, KubeletSettings settings, Assumptions assumed)
    {
        var own = container.SecurityContext["runAsUser"];
        context.RunAsUser = Value(own.Exists ? own : pod.SecurityContext["runAsUser"]);
        if (context.RunAsUser is not null)
            return;
        if (!settings.ImageUsers.TryGetValue(container.Image, out var user))
            assumed.Add($"the USER of image `{container.Image}` is not known and not sent: give `--image-user {container.Image}=USER`");
        else if (long.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var uid))
            context.RunAsUser = new Int64Value { Value = uid };
        else
            context.RunAsUsername = user;
    }
}
