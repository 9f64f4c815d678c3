using System.Buffers.Text;
using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Linux.Processes;

/// <summary>Which ids of the node a process's ids are: `/proc/PID/uid_map` and `gid_map` (user_namespaces(7)).</summary>
public static class IdMapFile
{
    private const int Fields = 3;

    //            0     165536      65536
    //   (1) first id inside    (2) first id of the node, as the reader sees it    (3) how many

    /// <summary>Reads the text of the file; false where a line is odd.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ImmutableArray<IdMapping> mappings)
    {
        var read = ImmutableArray.CreateBuilder<IdMapping>();
        mappings = [];
        Span<long> fields = stackalloc long[Fields];
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (line.IsEmpty)
                continue;
            foreach (ref var field in fields)
            {
                line = line.TrimStart((byte)' ');
                if (!Utf8Parser.TryParse(line, out field, out var used) || field < 0)
                    return false;
                line = line[used..];
            }

            if (!line.IsEmpty)
                return false;
            read.Add(new IdMapping(Host: fields[1], Container: fields[0], fields[2]));
        }

        mappings = read.ToImmutable();
        return true;
    }
}
