using System.Collections.Immutable;
using CriGuard.Core.Profiles.Modules;
using CriGuard.Store.Profiles;

namespace CriGuard.Doctor;

/// <summary>Files by which others change containers, or the node keeps modules out. A directory that is not there has none.</summary>
/// <param name="root">What their paths are below.</param>
internal sealed class HostFiles(string root)
{
    private static readonly string[] ModprobeDirectories = ["/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"];

    /// <summary>containerd's `plugin_path`, and CRI-O's `nri_plugin_dir`.</summary>
    public IEnumerable<string> NriPlugins => In("/opt/nri/plugins", "");

    /// <summary>CRI-O's `hooks_dir` as it comes.</summary>
    public ImmutableArray<string> Hooks => [.. In("/usr/share/containers/oci/hooks.d", ".json"), .. In("/etc/containers/oci/hooks.d", ".json")];

    public bool ModulesDisabled => Text("/proc/sys/kernel/modules_disabled").StartsWith('1');

    /// <param name="directories">Those that the runtime reads; null for the usual ones.</param>
    public ImmutableArray<string> CdiSpecs(ImmutableArray<string>? directories) =>
        [.. (directories ?? ["/etc/cdi", "/var/run/cdi"]).SelectMany(directory => In(directory, ".json").Concat(In(directory, ".yaml")))];

    /// <summary>Modules of our list that no rule of modprobe.d(5) refuses.</summary>
    public ImmutableArray<string> LoadableModules()
    {
        var refused = ModprobeDirectories.SelectMany(directory => In(directory, ".conf")).SelectMany(file => ModprobeRules.Refused(Text(file))).ToHashSet(StringComparer.Ordinal);
        return [.. ModprobeRules.Refused(ModprobeRules.Write(ShippedProfiles.KernelModules, [])).Where(module => !refused.Contains(module))];
    }

    private IEnumerable<string> In(string directory, string ending)
    {
        try
        {
            return [.. Directory.EnumerateFiles(root + directory).Where(file => file.EndsWith(ending, StringComparison.Ordinal)).Select(file => file[root.Length..]).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string Text(string path)
    {
        try
        {
            return File.ReadAllText(root + path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
