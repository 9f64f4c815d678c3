using System.ComponentModel;
using System.Diagnostics;

namespace CriGuard.Linux.AppArmor;

/// <summary>`apparmor_parser`(8), which compiles the text of profiles and gives them to the kernel.</summary>
/// <param name="program">Name or path of the program.</param>
public sealed class AppArmorParser(string program = "apparmor_parser")
{
    /// <summary>Far beyond what a profile takes; a parser that hangs must not keep the daemon from starting.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Loads profiles, in the place of those of the same names: processes under these go on under the new ones.</summary>
    /// <returns>Null, or why they are not loaded.</returns>
    public string? Load(string text)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["--replace", "--skip-cache", "--quiet"])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var complaints = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            Write(process.StandardInput, text);
            if (process.WaitForExit(Limit))
                return process.ExitCode == 0 ? null : $"`{program}` ended with {process.ExitCode}: {$"{complaints.Result} {output.Result}".ReplaceLineEndings(" ").Trim()}";
            process.Kill();
            return $"`{program}` did not end within {Limit.TotalSeconds} s";
        }
        catch (Win32Exception e)
        {
            return $"`{program}` cannot be run: {e.Message}";
        }
    }

    /// <summary>A parser that ends before it has read all says why by itself.</summary>
    private static void Write(StreamWriter input, string text)
    {
        try
        {
            using (input)
                input.Write(text);
        }
        catch (IOException)
        {
        }
    }
}
