namespace CriGuard.Core.Policy.Controls;

/// <summary>What happens to a container that comes to a pod which runs already.</summary>
/// <param name="Action">What happens.</param>
/// <param name="After">How long the pod has had no new container: a kubelet that pulls images makes those of one pod minutes apart.</param>
public sealed record LateContainersSetting(LateAction Action, TimeSpan After)
{
    /// <summary>Where a document does not say.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(10);
}

/// <summary>What is done about a late container.</summary>
public enum LateAction
{
    Report,
    Deny,
}
