using System.Diagnostics;

namespace CriGuard.TestBed;

/// <summary>A program that ran to its end.</summary>
public sealed record Command(int ExitCode, string Output, string Errors)
{
    public static async Task<Command> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation = default)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new Command(process.ExitCode, await output, await errors);
    }

    /// <summary>The same, for a program that must succeed.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message has what it said.</exception>
    public static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        var command = await RunAsync(program, arguments);
        return command.ExitCode == 0
            ? command.Output
            : throw new InvalidOperationException($"`{program}` ended with {command.ExitCode}: {command.Errors}{command.Output}");
    }
}
