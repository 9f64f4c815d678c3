using CriGuard.Cri.Runtime;
using ProfileType = CriGuard.Cri.Runtime.SecurityProfile.Types.ProfileType;

namespace CriGuard.Manifests;

/// <summary>Seccomp and AppArmor of a container (kubernetes, pkg/kubelet/kuberuntime/helpers.go and pkg/security/apparmor).</summary>
internal static class ProfileConversion
{
    /// <summary>Prefix of the annotations that named AppArmor profiles before 1.30.</summary>
    public const string AppArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";

    private const string SeccompRoot = "/var/lib/kubelet/seccomp/";
    private const string LocalhostPrefix = "localhost/";

    public static SecurityProfile Seccomp(PodTemplate pod, PodContainer container, KubeletSettings settings, Assumptions assumed)
    {
        var own = container.SecurityContext["seccompProfile"];
        var profile = own.Exists ? own : pod.SecurityContext["seccompProfile"];
        if (profile.Exists)
            return Profile(profile, SeccompRoot);
        if (settings.SeccompDefault)
            return new SecurityProfile { ProfileType = ProfileType.RuntimeDefault };
        assumed.Add("a kubelet without `seccompDefault`, which sends Unconfined where no seccomp profile is asked for: give `--seccomp-default` if it has it");
        return new SecurityProfile { ProfileType = ProfileType.Unconfined };
    }

    /// <summary>The deprecated field beside the new one, as kubelets send both.</summary>
    public static void WriteAppArmor(LinuxContainerSecurityContext context, PodTemplate pod, PodContainer container)
    {
        var own = container.SecurityContext["appArmorProfile"];
        var annotation = pod.Metadata["annotations"][AppArmorAnnotation + container.Name];
        var profile = own.Exists || !annotation.Exists
            ? OfField(own.Exists ? own : pod.SecurityContext["appArmorProfile"])
            : OfAnnotation(annotation);
        if (profile is null)
            return;
        context.Apparmor = profile;
        context.ApparmorProfile = profile.ProfileType switch
        {
            ProfileType.RuntimeDefault => "runtime/default",
            ProfileType.Localhost => LocalhostPrefix + profile.LocalhostRef,
            _ => "unconfined",
        };
    }

    private static SecurityProfile? OfField(Field profile) => profile.Exists ? Profile(profile, root: "") : null;

    private static SecurityProfile? OfAnnotation(Field annotation)
    {
        var text = annotation.Text ?? "";
        if (text.StartsWith(LocalhostPrefix, StringComparison.Ordinal))
            return new SecurityProfile { ProfileType = ProfileType.Localhost, LocalhostRef = text[LocalhostPrefix.Length..] };
        if (text is not ("runtime/default" or "unconfined"))
            annotation.Fail($"`{annotation.Path}` is `{text}`: write `runtime/default`, `unconfined` or `localhost/NAME`");
        return new SecurityProfile { ProfileType = text == "runtime/default" ? ProfileType.RuntimeDefault : ProfileType.Unconfined };
    }

    private static SecurityProfile Profile(Field profile, string root)
    {
        var (type, reference) = (profile["type"], profile["localhostProfile"]);
        switch (type.Text)
        {
            case "RuntimeDefault":
                return new SecurityProfile { ProfileType = ProfileType.RuntimeDefault };
            case "Localhost" when reference.Text is { Length: > 0 } name:
                return new SecurityProfile { ProfileType = ProfileType.Localhost, LocalhostRef = root + name };
            case "Localhost":
                profile.Fail($"`{profile.Path}` is `Localhost` without `localhostProfile`: add it");
                break;
            case null when !type.Exists:
                profile.Fail($"`{profile.Path}` has no `type`: add it");
                break;
            case not (null or "Unconfined"):
                type.Fail($"`{type.Path}` is `{type.Text}`: write one of `RuntimeDefault`, `Localhost`, `Unconfined`");
                break;
        }

        return new SecurityProfile { ProfileType = ProfileType.Unconfined };
    }
}
