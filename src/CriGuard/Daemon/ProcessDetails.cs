using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Enforcement;
using CriGuard.Core.Workloads;

namespace CriGuard.Daemon;

/// <summary>What the event of an observed process says: the kernel's evidence, and what of it is not as its spec says.</summary>
internal static class ProcessDetails
{
    public static ImmutableArray<KeyValuePair<string, string>> Of(ProcessFacts process, ImmutableArray<Deviation> drift)
    {
        var sets = process.Capabilities;
        var details = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        Add("pid", Number(process.Pid));
        Add("started", process.Started.ToString(CultureInfo.InvariantCulture));
        Add("executable", process.Executable);
        Add("drift", string.Join("; ", drift.Select(static d => d.Text)));
        Add("isolated", Isolator.Is(process) ? "true" : "false");
        if (Isolator.Is(process))
        {
            Add("sandboxArguments", string.Join(' ', process.Arguments));
            Add("notApplied", Isolator.NotApplied(process));
        }

        Add("seccompMode", Number(process.SeccompMode));
        Add("seccompFilters", Number(process.SeccompFilters));
        Add("capabilities.bounding", Mask(sets.Bounding));
        Add("capabilities.effective", Mask(sets.Effective));
        Add("capabilities.permitted", Mask(sets.Permitted));
        Add("capabilities.inheritable", Mask(sets.Inheritable));
        Add("capabilities.ambient", Mask(sets.Ambient));
        Add("noNewPrivileges", process.NoNewPrivileges ? "true" : "false");
        Add("uid", Number(process.UserId));
        Add("uidMap", Map(process.Users));
        Add("gidMap", Map(process.Groups));
        Add("label", process.Label);
        Add("appArmor", process.AppArmor);
        Add("namespaces", string.Join(' ', process.Namespaces.Values));
        Add("nodeNamespaces", string.Join(' ', process.NodeNamespaces));
        return details.ToImmutable();

        void Add(string key, string value) => details.Add(new(key, value));
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Mask(ulong set) => set.ToString("x16", CultureInfo.InvariantCulture);

    // As the file writes them: first id inside, first id of the node, how many.
    private static string Map(ImmutableArray<IdMapping> map) =>
        string.Join(", ", map.Select(static m => string.Create(CultureInfo.InvariantCulture, $"{m.Container} {m.Host} {m.Length}")));
}
