using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>The sandbox's own process, which only a verbose status tells.</summary>
public static class SandboxPid
{
    /// <summary>0 where the runtime does not tell it, or the sandbox has ended.</summary>
    public static int Read(PodSandboxStatusResponse response) =>
        VerboseJson.Read(response.Info, "info", 0, static root => root.At("pid").Number() is > 0 and <= int.MaxValue and var pid ? (int)pid : 0);
}
