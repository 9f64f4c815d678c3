using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using CriGuard.Core.Events;
using CriGuard.Output;
using CriGuard.Store.Events;

namespace CriGuard.Commands;

/// <summary>`criguard log`: what concerns the event log as evidence.</summary>
internal static class LogCommand
{
    public static Command Create() => new("log", "prove the event log") { CreateVerify(), CreateKey() };

    private static Command CreateVerify()
    {
        var stateDirectory = StateDirectory.Flag();
        var keys = new Option<string[]>("--key") { HelpName = "FILE", Description = "public key of `criguard log key`, kept elsewhere: all checkpoints must be signed with it; may be given again", DefaultValueFactory = static _ => [] };
        var checkpoint = new Option<ChainPosition?>("--checkpoint")
        {
            HelpName = "SEQUENCE:HASH", Description = "a checkpoint as the daemon's own log or the journal has it: the log must hold it still", CustomParser = Position,
        };
        var excerpt = new Option<string?>("--excerpt") { HelpName = "DIR", Description = "a part of a log, as `criguard export --proof DIR` writes it, in the place of the whole one" };
        var verify = new Command("verify", "find any line of the event log that was changed, taken out, moved or cut off; ends with 1 where there is one") { stateDirectory, keys, checkpoint, excerpt };
        verify.SetAction((parsed, cancelled) => Task.FromResult(Verify(
            parsed.GetValue(excerpt) ?? StateDirectory.Events(parsed.GetRequiredValue(stateDirectory)),
            new ProofDemands { Includes = parsed.GetValue(checkpoint), Excerpt = parsed.GetValue(excerpt) is not null },
            parsed.GetRequiredValue(keys),
            parsed.InvocationConfiguration,
            cancelled)));
        return verify;
    }

    private static Command CreateKey()
    {
        var stateDirectory = StateDirectory.Flag();
        var key = new Command("key", "write the public key that the checkpoints of this node are proved with: keep it elsewhere") { stateDirectory };
        key.SetAction(parsed => Key(parsed.GetRequiredValue(stateDirectory), parsed.InvocationConfiguration));
        return key;
    }

    private static int Key(string stateDirectory, InvocationConfiguration streams)
    {
        try
        {
            using var key = SigningKey.Find(stateDirectory);
            if (key is null)
            {
                streams.Error.WriteLine($"criguard: there is no `{SigningKey.PathIn(stateDirectory)}`: the daemon makes it at its first start");
                return ExitCode.Failed;
            }

            streams.Output.WriteLine(key.PublicPem);
            streams.Error.WriteLine($"criguard: key {key.Fingerprint}");
            return ExitCode.Ok;
        }
        catch (EventLogException e)
        {
            streams.Error.WriteLine($"criguard: {e.Message}");
            return ExitCode.Failed;
        }
    }

    private static int Verify(string directory, ProofDemands demands, string[] keyFiles, InvocationConfiguration streams, CancellationToken cancelled)
    {
        var keys = new List<CheckpointKey>();
        try
        {
            foreach (string file in keyFiles)
                keys.Add(Read(file));
            var proof = LogVerifier.Verify(directory, demands with { Keys = [.. keys] }, cancelled);
            foreach (string line in ProofText.Of(proof, directory, keys.Count > 0))
                streams.Output.WriteLine(line);
            return proof.Ok ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException e)
        {
            streams.Error.WriteLine($"criguard: {e.Message}");
            return ExitCode.Failed;
        }
        finally
        {
            keys.ForEach(static key => key.Dispose());
        }
    }

    private static CheckpointKey Read(string file)
    {
        try
        {
            return CheckpointKey.FromPem(File.ReadAllText(file));
        }
        catch (Exception e) when (e is FormatException or UnauthorizedAccessException)
        {
            throw new IOException($"`{file}` cannot be used as a key: {e.Message}", e);
        }
    }

    private static ChainPosition? Position(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text.Split(':') is [var sequence, var hash]
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && LineHash.TryParse(Encoding.UTF8.GetBytes(hash), out var value))
        {
            return new ChainPosition(number, value);
        }

        result.AddError($"`{text}` is no checkpoint: write SEQUENCE:HASH as the daemon logged it");
        return null;
    }
}
