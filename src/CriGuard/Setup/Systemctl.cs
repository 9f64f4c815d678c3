using System.Diagnostics;

namespace CriGuard.Setup;

/// <summary>systemctl(1).</summary>
/// <param name="program">Name or path of it.</param>
internal sealed class Systemctl(string program = "systemctl")
{
    /// <exception cref="SetupException">It did not succeed; the message is its own.</exception>
    public void Run(params string[] arguments)
    {
        var (code, _, errors) = Ask(arguments);
        if (code != 0)
            throw new SetupException($"`{program} {string.Join(' ', arguments)}` did not succeed: {errors.ReplaceLineEndings(" ").Trim()}");
    }

    /// <summary>As <see cref="Run"/>, where it does not matter.</summary>
    public void Try(params string[] arguments) => Ask(arguments);

    /// <summary>The first process of a unit; 0 where it does not run.</summary>
    public int MainPid(string unit) => int.TryParse(Property(unit, "MainPID").FirstOrDefault(), out int pid) ? pid : 0;

    public bool IsActive(string unit) => Property(unit, "ActiveState").FirstOrDefault() == "active";

    /// <summary>The values that a unit has of a property, a line for each.</summary>
    public IEnumerable<string> Property(string unit, string name) =>
        Ask("show", "--property", name, unit).Output.Split('\n').Where(line => line.StartsWith(name + "=", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..]);

    private (int Code, string Output, string Errors) Ask(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
