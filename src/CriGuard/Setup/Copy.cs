using System.Diagnostics;

namespace CriGuard.Setup;

/// <summary>cp(1), which keeps what .NET does not: owner, times, access lists and labels.</summary>
internal static class Copy
{
    /// <summary>Copies a file or a link as it is, over whatever file is there.</summary>
    /// <exception cref="IOException">It cannot be copied.</exception>
    public static void Archive(string from, string to)
    {
        using var process = Process.Start(new ProcessStartInfo("cp", ["--archive", "--no-target-directory", "--remove-destination", "--", from, to]) { UseShellExecute = false, RedirectStandardError = true })!;
        string complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new IOException(complaint.Trim());
    }
}
