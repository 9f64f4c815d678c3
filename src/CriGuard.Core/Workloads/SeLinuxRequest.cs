namespace CriGuard.Core.Workloads;

/// <summary>The SELinux label that a workload asks for (`SELinuxOption`); empty parts are the runtime's to choose.</summary>
public sealed record SeLinuxRequest(string User, string Role, string Type, string Level)
{
    public static SeLinuxRequest None { get; } = new("", "", "", "");
}
