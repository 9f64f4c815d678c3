using System.Runtime.InteropServices;
using CriGuard.Load;

if (!LoadOptions.TryParse(args, out var options))
{
    await Console.Error.WriteLineAsync(LoadOptions.Usage);
    return 2;
}

// An interrupted run takes everything away that it started, like a finished one.
using var end = new CancellationTokenSource();
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
try
{
    var report = await LoadRun.RunAsync(options, Console.Error.WriteLine, end.Token);
    report.Write(Console.Out);
    Console.WriteLine($"saved as {report.Save()}");
    return options.Assert && report.Promises.Any(promise => !promise.Holds) ? 1 : 0;
}
catch (Exception) when (end.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("interrupted: everything that was started is gone");
    return 130;
}
catch (InvalidOperationException failure)
{
    await Console.Error.WriteLineAsync($"the load run failed: {failure.Message}");
    return 1;
}
