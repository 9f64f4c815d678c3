using CriGuard.Core.Policy;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Requests;

/// <summary>Edits of CreateContainer.</summary>
internal static class ContainerPatch
{
    public static void Write(CreateContainerRequest request, Edit edit)
    {
        var context = Context(request);
        switch (edit)
        {
            case Edit.Seccomp seccomp:
                context.Seccomp = ProfileWriter.Message(context.Seccomp, seccomp.Profile);
                context.SeccompProfilePath = ProfileWriter.Deprecated(seccomp.Profile);
                break;
            case Edit.AppArmor apparmor:
                context.Apparmor = ProfileWriter.Message(context.Apparmor, apparmor.Profile);
                context.ApparmorProfile = ProfileWriter.Deprecated(apparmor.Profile);
                break;
            case Edit.Capabilities capabilities:
                Write(context.Capabilities ??= new Capability(), capabilities);
                break;
            case Edit.NoNewPrivileges:
                context.NoNewPrivs = true;
                break;
            case Edit.ReadOnlyRootFilesystem:
                context.ReadonlyRootfs = true;
                break;
            case Edit.MaskedPaths masked:
                context.MaskedPaths.Clear();
                context.MaskedPaths.AddRange(masked.Paths);
                break;
            case Edit.ReadonlyPaths held:
                context.ReadonlyPaths.Clear();
                context.ReadonlyPaths.AddRange(held.Paths);
                break;
            default:
                throw new ArgumentException($"edit `{edit.GetType().Name}` has no place in CreateContainer", nameof(edit));
        }
    }

    private static void Write(Capability message, Edit.Capabilities edit)
    {
        message.AddCapabilities.Clear();
        message.AddCapabilities.AddRange(edit.Add);
        message.DropCapabilities.Clear();
        message.DropCapabilities.AddRange(edit.Drop);
        message.AddAmbientCapabilities.Clear();
    }

    private static LinuxContainerSecurityContext Context(CreateContainerRequest request)
    {
        request.Config ??= new ContainerConfig();
        request.Config.Linux ??= new LinuxContainerConfig();
        // Without a security context CRI-O gives its default seccomp profile, with an empty one none.
        return request.Config.Linux.SecurityContext ??= new LinuxContainerSecurityContext
        {
            Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
        };
    }
}
