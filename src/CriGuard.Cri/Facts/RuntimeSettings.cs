using System.Collections.Immutable;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>What containerd's configuration lets containers have beyond what is asked for; CRI-O does not tell its own.</summary>
public sealed record RuntimeSettings
{
    public ImmutableArray<HandlerSettings> Handlers { get; init; } = [];

    /// <summary>`disable_apparmor`: no container has a profile, whatever is asked for.</summary>
    public bool AppArmorOff { get; init; }

    /// <summary>Directories of CDI specs (`cdi_spec_dirs`); empty where `enable_cdi` is not on.</summary>
    public ImmutableArray<string> CdiDirectories { get; init; } = [];

    /// <summary>From a verbose status; null where the runtime does not tell.</summary>
    public static RuntimeSettings? Read(StatusResponse response) => VerboseJson.Read<RuntimeSettings?>(response.Info, "config", null, static root =>
    {
        var runtimes = root.At("containerd", "runtimes");
        return !runtimes.IsObject() ? null : new RuntimeSettings
        {
            Handlers = [.. runtimes.EnumerateObject().Select(static r => HandlerSettings.Read(r.Name, r.Value)).OrderBy(static h => h.Name, StringComparer.Ordinal)],
            AppArmorOff = root.At("disableApparmor").IsTrue(),
            CdiDirectories = root.At("enableCDI").IsTrue() ? [.. root.At("cdiSpecDirs").Items().Select(VerboseJson.Text)] : [],
        };
    });
}
