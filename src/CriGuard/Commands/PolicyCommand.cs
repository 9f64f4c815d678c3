using System.CommandLine;

namespace CriGuard.Commands;

/// <summary>`criguard policy`: what can be done with a policy without a node.</summary>
internal static class PolicyCommand
{
    public static Command Create() =>
        new("policy", "check policies and test what they decide") { PolicyCheckCommand.Create(), PolicyTestCommand.Create() };
}
