namespace CriGuard.Core.Profiles.AppArmor;

/// <summary>What makes a profile confine less than it seems to.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Message">For people, with the remedy.</param>
public sealed record AppArmorFault(int Line, string Message);
