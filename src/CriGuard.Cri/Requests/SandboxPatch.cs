using CriGuard.Core.Policy;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Requests;

/// <summary>Edits of RunPodSandbox.</summary>
internal static class SandboxPatch
{
    public static void Write(RunPodSandboxRequest request, Edit edit)
    {
        switch (edit)
        {
            case Edit.RuntimeHandler handler:
                request.RuntimeHandler = handler.Handler;
                break;
            case Edit.Seccomp seccomp:
                var context = Context(request);
                context.Seccomp = ProfileWriter.Message(context.Seccomp, seccomp.Profile);
                context.SeccompProfilePath = ProfileWriter.Deprecated(seccomp.Profile);
                break;
            default:
                throw new ArgumentException($"edit `{edit.GetType().Name}` has no place in RunPodSandbox", nameof(edit));
        }
    }

    private static LinuxSandboxSecurityContext Context(RunPodSandboxRequest request)
    {
        request.Config ??= new PodSandboxConfig();
        request.Config.Linux ??= new LinuxPodSandboxConfig();
        return request.Config.Linux.SecurityContext ??= new LinuxSandboxSecurityContext();
    }
}
