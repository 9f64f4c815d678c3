using System.Diagnostics;

namespace CriGuard.Linux.Tests;

/// <summary>A real process beside ours, ended with the test; says `ready` once it is what the test wants to look at.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Starts a program and waits for its first line, which must be `ready`; the program then waits for its input to end.</summary>
    public static Child Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        var child = new Child(Process.Start(start)!);
        Assert.Equal("ready", child.Output.ReadLine());
        return child;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
            _process.Kill();
        _process.Dispose();
    }
}
