using System.Globalization;

namespace CriGuard.TestBed;

/// <summary>What the kernel says of one process: the bed's own reading of proc(5), apart from CriGuard's.</summary>
public sealed record ProcessView
{
    /// <summary>`Seccomp`: 0 none, 1 strict, 2 filter.</summary>
    public required int Seccomp { get; init; }

    /// <summary>`Seccomp_filters`: how many filters are attached.</summary>
    public required int SeccompFilters { get; init; }

    public required bool NoNewPrivileges { get; init; }

    /// <summary>`CapEff`, a bit for each capability of linux/capability.h.</summary>
    public required ulong Effective { get; init; }

    public required ulong Permitted { get; init; }

    public required ulong Bounding { get; init; }

    /// <summary>Real user id on the host.</summary>
    public required uint UserId { get; init; }

    /// <summary>The LSM label, `attr/current`; empty where no LSM gives one.</summary>
    public required string Label { get; init; }

    /// <summary>Executable's first argument, to tell a workload from gVisor's sentry.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Namespace by kind, as `net:[4026531840]`.</summary>
    public required IReadOnlyDictionary<string, string> Namespaces { get; init; }

    /// <exception cref="IOException">There is no such process.</exception>
    public static ProcessView Read(int pid)
    {
        var root = $"/proc/{pid}";
        var fields = File.ReadLines(root + "/status")
            .Select(line => line.Split(':', 2))
            .ToDictionary(field => field[0], field => field[1].Trim());
        return new ProcessView
        {
            Seccomp = int.Parse(fields["Seccomp"], CultureInfo.InvariantCulture),
            SeccompFilters = int.Parse(fields["Seccomp_filters"], CultureInfo.InvariantCulture),
            NoNewPrivileges = fields["NoNewPrivs"] == "1",
            Effective = Hexadecimal(fields["CapEff"]),
            Permitted = Hexadecimal(fields["CapPrm"]),
            Bounding = Hexadecimal(fields["CapBnd"]),
            UserId = uint.Parse(fields["Uid"].Split('\t')[0], CultureInfo.InvariantCulture),
            Label = ReadLabel(root + "/attr/current"),
            CommandLine = File.ReadAllText(root + "/cmdline").Replace('\0', ' ').Trim(),
            Namespaces = System.IO.Directory.GetFiles(root + "/ns").ToDictionary(
                link => Path.GetFileName(link), link => File.ResolveLinkTarget(link, returnFinalTarget: false)!.Name),
        };
    }

    public bool Has(Capability capability) => (Effective & Bit(capability)) != 0;

    public bool MayHave(Capability capability) => (Bounding & Bit(capability)) != 0;

    private static ulong Bit(Capability capability) => 1UL << (int)capability;

    private static ulong Hexadecimal(string digits) => ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // The file exists without an LSM too, and then cannot be read (EINVAL).
    private static string ReadLabel(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim('\0', '\n');
        }
        catch (IOException)
        {
            return "";
        }
    }
}

/// <summary>Capabilities that the scenarios ask about, numbered as in linux/capability.h.</summary>
public enum Capability
{
    Chown = 0,
    NetBindService = 10,
    NetAdmin = 12,
    NetRaw = 13,
    SysModule = 16,
    SysAdmin = 21,
    Mknod = 27,
}
