using System.CommandLine;

namespace CriGuard.Commands;

/// <summary>`criguard policy`: what can be done with a policy before it decides.</summary>
internal static class PolicyCommand
{
    public static Command Create() =>
        new("policy", "check policies, test what they decide, explain what they make of manifests, try them on this node")
        {
            PolicyCheckCommand.Create(),
            PolicyTestCommand.Create(),
            PolicyExplainCommand.Create(Console.OpenStandardInput, TimeProvider.System),
            PolicyReplayCommand.Create(),
        };
}
