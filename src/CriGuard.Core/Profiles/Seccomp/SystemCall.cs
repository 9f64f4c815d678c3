using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>One call of the kernel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Numbers">By <see cref="CallArchitecture"/>; null where that has no such call.</param>
/// <param name="Since">The kernel that brought it; 0.0 for those before Linux 3.0.</param>
public sealed record SystemCall(string Name, ImmutableArray<uint?> Numbers, Version Since)
{
    public uint? Number(CallArchitecture architecture) => Numbers[(int)architecture];
}

/// <summary>The calls of the kernel, from the table beside this file.</summary>
public static class SystemCalls
{
    /// <summary>Set in the number of every x32 call (arch/x86/include/uapi/asm/unistd.h).</summary>
    private const uint X32Bit = 0x40000000;

    private static readonly Lazy<ImmutableSortedDictionary<string, SystemCall>> Table = new(Read);

    public static IEnumerable<SystemCall> All => Table.Value.Values;

    /// <summary>Null where there is none of that name.</summary>
    public static SystemCall? Find(string name) => Table.Value.GetValueOrDefault(name);

    /// <summary>Null where the architecture has no call of that number.</summary>
    public static SystemCall? Find(CallArchitecture architecture, uint number) => All.FirstOrDefault(c => c.Number(architecture) == number);

    private static ImmutableSortedDictionary<string, SystemCall> Read()
    {
        using var stream = typeof(SystemCalls).Assembly.GetManifestResourceStream("calls.txt") ?? throw new InvalidOperationException("`calls.txt` is not in the program");
        using var reader = new StreamReader(stream);
        var calls = ImmutableSortedDictionary.CreateBuilder<string, SystemCall>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                Add(calls, line.Split(' '));
        }

        return calls.ToImmutable();
    }

    // accept4 288 364 288 242 366 2.6
    // ^ (1)   ^ (2) x86_64, x86, x32, aarch64, arm   ^ (3) since, may be absent
    private static void Add(ImmutableSortedDictionary<string, SystemCall>.Builder calls, string[] words)
    {
        const int architectures = 5;
        var numbers = words.Skip(1).Take(architectures).Select(static n => n == "-" ? (uint?)null : uint.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        if (numbers[(int)CallArchitecture.X32] is { } number)
            numbers[(int)CallArchitecture.X32] = number | X32Bit;
        calls.Add(words[0], new SystemCall(words[0], [.. numbers], words.Length > architectures + 1 ? Version.Parse(words[^1]) : new Version(0, 0)));
    }
}
