using System.Globalization;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The user that a request comes to, as far as it can be told before the container is made.</summary>
/// <param name="Id">Null where only the image's own files could tell.</param>
/// <param name="Untold">Why it cannot be told.</param>
internal readonly record struct ResolvedUser(long? Id, string Untold = "")
{
    /// <summary>Kubernetes and the runtimes agree on 31 bits: a larger number has been cut to another user, root included (T-U8, CVE-2024-40635).</summary>
    public const long Largest = int.MaxValue;

    /// <summary>In the order of the runtimes: the name asked for, the number asked for, the USER of the image (containerd, container_create_linux.go, CRI-O, utils.GetUserInfo).</summary>
    public static ResolvedUser Of(UserRequest asked, ImageUser? ofImage) => asked switch
    {
        { Name.Length: > 0 } => Named(asked.Name, "asks for"),
        { Id: { } id } => new ResolvedUser(id),
        _ when ofImage is null => new ResolvedUser(null, "runs as the user of its image, which the node does not tell"),
        _ when ofImage.Id is { } id => new ResolvedUser(id),
        _ => Named(ofImage.Name, "runs as the image's"),
    };

    /// <summary>`root`, or digits, with a group behind a colon; any other name means what the image's `/etc/passwd` says.</summary>
    private static ResolvedUser Named(string name, string verb)
    {
        var user = name.Split(':')[0];
        if (user == "root")
            return new ResolvedUser(0);
        if (user.Length == 0 || !user.All(char.IsAsciiDigit))
            return new ResolvedUser(null, $"{verb} user {Words.Quote(user)}, a name that the image gives a meaning to");
        return new ResolvedUser(long.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : long.MaxValue);
    }
}
