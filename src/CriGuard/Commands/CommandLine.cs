using System.CommandLine;
using CriGuard.Output;

namespace CriGuard.Commands;

/// <summary>Runs what was asked for on the command line.</summary>
internal static class CommandLine
{
    /// <summary>What cannot be read ends with a code of its own: 1 is an answer of some commands.</summary>
    public static async Task<int> InvokeAsync(ParseResult parsed, InvocationConfiguration streams)
    {
        var code = await parsed.InvokeAsync(streams);
        return parsed.Errors.Count > 0 ? ExitCode.Unreadable : code;
    }
}
