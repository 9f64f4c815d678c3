using System.CommandLine;

namespace CriGuard.Commands;

/// <summary>`criguard profile`: what the shipped profiles say, for people and for the node.</summary>
internal static class ProfileCommand
{
    public static Command Create() => new("profile", "rules for the node out of the shipped profiles") { ProfileModprobeCommand.Create() };
}
