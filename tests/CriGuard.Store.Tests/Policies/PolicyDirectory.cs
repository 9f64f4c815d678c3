using CriGuard.Core.Policy;
using CriGuard.Store.Policies;

namespace CriGuard.Store.Tests.Policies;

/// <summary>A directory of policy files that is gone after the test.</summary>
internal sealed class PolicyDirectory : IDisposable
{
    /// <summary>Everything that a document needs around its rules: line 1 to 3, rules from line 4.</summary>
    public const string Head = "apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata: { name: test }\n";

    public string Root { get; } = Directory.CreateTempSubdirectory("criguard-policy").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public PolicyDirectory Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(Root, name), text);
        return this;
    }

    /// <summary>Errors of the directory as people read them, without its own path.</summary>
    public string[] Errors()
    {
        var reading = PolicyReader.Read(Root);
        Assert.Equal(reading.Errors.IsEmpty, reading.Policy is not null);
        return [.. reading.Errors.Select(e => e.ToString().Replace(Root + "/", "", StringComparison.Ordinal))];
    }

    public CompiledPolicy Policy()
    {
        Assert.Empty(Errors());
        return PolicyReader.Read(Root).Policy!;
    }

    public static string[] ErrorsOf(string text)
    {
        using var directory = new PolicyDirectory();
        return directory.Write("p.yaml", text).Errors();
    }

    public static CompiledPolicy PolicyOf(string rules)
    {
        using var directory = new PolicyDirectory();
        return directory.Write("p.yaml", Head + rules).Policy();
    }
}
