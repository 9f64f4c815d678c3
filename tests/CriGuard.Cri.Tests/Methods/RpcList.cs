using CriGuard.Cri.Methods;

namespace CriGuard.Cri.Tests.Methods;

/// <summary>One RPC in one of the two packages, as `rpcs.txt` lists it.</summary>
public sealed record Rpc(string Path, string Since, Treatment Treatment);

/// <summary>The checked-in list of all RPCs: taken from the published versions of cri-api, not from the table under test.</summary>
internal static class RpcList
{
    public static IReadOnlyList<Rpc> All { get; } = [.. Lines().SelectMany(Read)];

    private static IEnumerable<Rpc> Read(string line)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var treatment = Enum.Parse<Treatment>(columns[3]);
        if (columns[1] != "-")
            yield return new Rpc($"/runtime.v1alpha2.{columns[0]}", columns[1], treatment);
        if (columns[2] != "-")
            yield return new Rpc($"/runtime.v1.{columns[0]}", columns[2], treatment);
    }

    private static IEnumerable<string> Lines()
    {
        using var reader = new StreamReader(typeof(RpcList).Assembly.GetManifestResourceStream("rpcs.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                yield return line;
        }
    }
}
