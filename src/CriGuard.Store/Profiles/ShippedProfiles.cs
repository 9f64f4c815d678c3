using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Profiles.Modules;
using CriGuard.Core.Profiles.Seccomp.Bases;

namespace CriGuard.Store.Profiles;

/// <summary>What lies in `profiles/` of the repository, as it is inside the program: a node cannot have an older or an edited one.</summary>
public static class ShippedProfiles
{
    private const string ModulesFile = "kernel-modules.yaml";

    private static readonly Lazy<KernelModules> Modules = new(static () => Read(ModulesFile, KernelModulesFile.Read));

    /// <summary>Names of the seccomp bases, which need not be read to be known: each command line of the program is made with them.</summary>
    public static ImmutableArray<string> SeccompNames { get; } = [SeccompCatalog.Default, SeccompCatalog.NoModules, "observe", "strict"];

    private static readonly Lazy<SeccompCatalog> Bases = new(ReadBases);

    /// <summary>The seccomp bases.</summary>
    public static SeccompCatalog Seccomp => Bases.Value;

    /// <summary>Modules that a process can make the kernel load without CAP_SYS_MODULE.</summary>
    public static KernelModules KernelModules => Modules.Value;

    /// <summary>The file of a base as it was written, with its reasons; null where there is no such base.</summary>
    public static string? SeccompText(string name) => SeccompNames.Contains(name) ? Text($"seccomp/{name}.yaml") : null;

    private static SeccompCatalog ReadBases()
    {
        var bases = ImmutableSortedDictionary.CreateBuilder<string, SeccompBase>(StringComparer.Ordinal);
        foreach (var name in SeccompNames)
            bases.Add(name, Read($"seccomp/{name}.yaml", (file, text, errors) => SeccompBaseFile.Read(file, text, bases.GetValueOrDefault, errors)));
        return new SeccompCatalog(bases.ToImmutable());
    }

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
