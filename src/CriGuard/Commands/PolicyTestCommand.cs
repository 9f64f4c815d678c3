using System.CommandLine;
using CriGuard.Golden;
using CriGuard.Output;

namespace CriGuard.Commands;

/// <summary>`criguard policy test`: decides cases and compares with the verdicts that are right.</summary>
internal static class PolicyTestCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "a case (policy.yaml, request.json, verdict.txt), or a directory of cases" };
        var update = new Option<bool>("--update") { Description = "write the verdicts of now as the right ones: read them before you commit" };
        var command = new Command("test", "decide cases and print each verdict that is not the expected one; ends with 1 where there is one")
        {
            folder,
            update,
        };
        command.SetAction(parsed => Test(parsed.GetRequiredValue(folder), parsed.GetValue(update), parsed.InvocationConfiguration));
        return command;
    }

    private static int Test(string folder, bool update, InvocationConfiguration streams)
    {
        try
        {
            var cases = GoldenRun.Find(folder);
            if (cases.Count > 0)
                return Run(cases, update, streams.Output);
            streams.Error.WriteLine($"criguard: no case in `{folder}`: a case is a directory with `{GoldenCaseReader.RequestFile}`");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            streams.Error.WriteLine($"criguard: cannot run the cases of `{folder}`: {e.Message}");
        }

        return ExitCode.Failed;
    }

    private static int Run(IReadOnlyList<string> cases, bool update, TextWriter output)
    {
        var different = 0;
        foreach (var folder in cases)
        {
            var result = GoldenRun.Run(folder);
            if (result.Passed)
                continue;
            different++;
            output.WriteLine($"{result.Name}: {(update ? "updated" : "differs")}");
            foreach (var line in Difference.Lines(result.Expected, result.Actual))
                output.WriteLine($"  {line}");
            if (update)
                GoldenRun.Accept(folder, result);
        }

        output.WriteLine($"{cases.Count} cases, {different} {(update ? "updated" : "different")}");
        return different == 0 || update ? ExitCode.Ok : ExitCode.Failed;
    }
}
