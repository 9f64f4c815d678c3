namespace CriGuard.Core.Policy.Controls;

/// <summary>What happens to calls that enter a workload; null: not demanded.</summary>
public sealed record AccessSetting(AccessDemand? Exec, AccessDemand? ExecSync, AccessDemand? Attach, AccessDemand? PortForward)
{
    /// <summary>The demand on a method of the CRI; null where there is none.</summary>
    public AccessDemand? Of(string method) => method switch
    {
        "Exec" => Exec,
        "ExecSync" => ExecSync,
        "Attach" => Attach,
        "PortForward" => PortForward,
        _ => null,
    };

    /// <summary>The setting without its demands on these keys.</summary>
    public AccessSetting Allowing(IReadOnlyCollection<string> keys) => new(
        keys.Contains("exec") ? null : Exec,
        keys.Contains("execSync") ? null : ExecSync,
        keys.Contains("attach") ? null : Attach,
        keys.Contains("portForward") ? null : PortForward);

    /// <summary>Why an exception cannot allow it; null where it can.</summary>
    public static string? Objection(string key) =>
        key is "exec" or "execSync" or "attach" or "portForward" ? null : "is not a way in: write `exec`, `execSync`, `attach` or `portForward`";
}

/// <summary>From the mildest to the strictest.</summary>
public enum AccessDemand
{
    /// <summary>Each such call is a finding of the rule; the call goes on.</summary>
    Record,

    /// <summary>Refused where the container or sandbox is privileged, or the runtime does not tell (T-U12).</summary>
    DenyPrivileged,

    Deny,
}
