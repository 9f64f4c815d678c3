using System.CommandLine;
using CriGuard.Output;
using CriGuard.Store.Events;

namespace CriGuard.Commands;

/// <summary>`criguard log`: what concerns the event log as evidence.</summary>
internal static class LogCommand
{
    public static Command Create() => new("log", "prove the event log") { CreateVerify() };

    private static Command CreateVerify()
    {
        var stateDirectory = StateDirectory.Flag();
        var verify = new Command("verify", "find any line of the event log that was changed, taken out, moved or cut off; ends with 1 where there is one") { stateDirectory };
        verify.SetAction((parsed, cancelled) => Task.FromResult(Verify(StateDirectory.Events(parsed.GetRequiredValue(stateDirectory)), parsed.InvocationConfiguration, cancelled)));
        return verify;
    }

    private static int Verify(string directory, InvocationConfiguration streams, CancellationToken cancelled)
    {
        try
        {
            var proof = LogVerifier.Verify(directory, cancelled);
            foreach (string line in ProofText.Of(proof, directory))
                streams.Output.WriteLine(line);
            return proof.Ok ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (EventLogException e)
        {
            streams.Error.WriteLine($"criguard: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
