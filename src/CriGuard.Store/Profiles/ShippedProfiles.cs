using CriGuard.Core.Policy;
using CriGuard.Core.Profiles.Modules;

namespace CriGuard.Store.Profiles;

/// <summary>What lies in `profiles/` of the repository, as it is inside the program: a node cannot have an older or an edited one.</summary>
public static class ShippedProfiles
{
    private const string ModulesFile = "kernel-modules.yaml";

    private static readonly Lazy<KernelModules> Modules = new(static () => Read(ModulesFile, KernelModulesFile.Read));

    /// <summary>Modules that a process can make the kernel load without CAP_SYS_MODULE.</summary>
    public static KernelModules KernelModules => Modules.Value;

    private static T Read<T>(string name, Func<string, string, List<PolicyError>, T?> read)
        where T : class
    {
        var errors = new List<PolicyError>();
        var value = read(name, Text(name), errors);
        return value is not null && errors.Count == 0 ? value : throw new InvalidOperationException($"a shipped profile has errors: {string.Join("; ", errors)}");
    }

    private static string Text(string name)
    {
        using var stream = typeof(ShippedProfiles).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"`{name}` is not in the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
