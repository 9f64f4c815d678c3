using CriGuard.Cri.Requests;

namespace CriGuard.Cri.Facts;

/// <summary>How a command ended that was run by ExecSync.</summary>
public static class ExecReader
{
    private const int ExitCodeField = 3;

    /// <summary>Of an `ExecSyncResponse`, without a copy of what the command said; null where it is none.</summary>
    public static int? ExitCode(ReadOnlySpan<byte> reply)
    {
        var fields = new WireReader(reply);
        int code = 0;
        while (fields.TryRead(out var field))
        {
            if (field is { Number: ExitCodeField, Type: WireType.Varint })
                code = (int)field.Varint;
        }

        return fields.Malformed ? null : code;
    }
}
