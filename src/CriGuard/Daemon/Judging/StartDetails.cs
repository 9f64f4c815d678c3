using System.Globalization;
using CriGuard.Core.Workloads;

namespace CriGuard.Daemon.Judging;

/// <summary>What the event of a start says beside its verdict: what runs, and what of it the image brought (T-I4). Arguments and values are not kept.</summary>
internal static class StartDetails
{
    public static IEnumerable<KeyValuePair<string, string>> Of(StartFacts facts)
    {
        if (facts.Spec is not { } spec)
            yield break;
        yield return new("executable", spec.Launch.Executable);
        yield return new("arguments", spec.Launch.Arguments.ToString(CultureInfo.InvariantCulture));
        yield return new("user", string.Create(CultureInfo.InvariantCulture, $"{spec.UserId}:{spec.GroupId}"));
        if (facts.Asked is not { User: var user } || spec.Launch.FromImage is not { } fromImage)
            yield break;
        yield return new("entryPointFrom", fromImage ? "image" : "request");
        yield return new("userFrom", user.Id is null && user.Name.Length == 0 ? "image" : "request");
        yield return new("environmentBeyondRequest", string.Join(' ', spec.Launch.Environment));
    }
}
