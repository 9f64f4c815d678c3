using System.CommandLine;
using CriGuard.Output;
using CriGuard.Setup;

namespace CriGuard.Commands;

/// <summary>What `install` and `uninstall` share: flags, the question, and how errors are said.</summary>
internal sealed class SetupConsole(InvocationConfiguration streams, bool agreed)
{
    private const string LockFile = "/run/criguard-install.lock";

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "do not ask" };

    public static Option<TimeSpan> Wait() => new("--wait")
    {
        HelpName = "SPAN",
        Description = "how long the node may take to be well afterwards: 90s, 5m",
        DefaultValueFactory = static _ => TimeSpan.FromMinutes(2),
        CustomParser = static result =>
        {
            if (Moment.TryParseSpan(result.Tokens[0].Value, out var span) && span > TimeSpan.Zero)
                return span;
            result.AddError($"`{result.Tokens[0].Value}` is no time: write 90s or 5m");
            return default;
        },
    };

    public void Say(string line) => streams.Output.WriteLine(line);

    /// <summary>True where whoever started it wants it done.</summary>
    public bool Agrees()
    {
        if (agreed)
            return true;
        if (Console.IsInputRedirected)
            throw new SetupException("nobody can be asked: give `--yes`");
        streams.Output.Write("go on? [y/N] ");
        if (Console.ReadLine()?.Trim() is "y" or "Y" or "yes")
            return true;
        streams.Output.WriteLine("nothing was changed");
        return false;
    }

    /// <summary>Runs one of them: as root, under systemd, and no two at once.</summary>
    public async Task<int> RunAsync(Func<Task<int>> run)
    {
        try
        {
            if (!Environment.IsPrivilegedProcess)
                throw new SetupException("only root may do this");
            if (!Directory.Exists("/run/systemd/system"))
                throw new SetupException("this machine is not run by systemd: see `criguard daemon` for how to start it otherwise");
            using var alone = Alone();
            return await run();
        }
        catch (SetupException e)
        {
            foreach (string line in e.Message.Split('\n'))
                await streams.Error.WriteLineAsync($"criguard: {Printable.Of(line)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await streams.Error.WriteLineAsync($"criguard: {Printable.Of(e.Message)}");
        }
        catch (OperationCanceledException)
        {
            await streams.Error.WriteLineAsync("criguard: interrupted: nothing was changed");
            return ExitCode.Interrupted;
        }

        return ExitCode.Failed;
    }

    private static FileStream Alone()
    {
        try
        {
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new SetupException($"another `criguard install` or `uninstall` runs (`{LockFile}`): wait for it", e);
        }
    }
}
