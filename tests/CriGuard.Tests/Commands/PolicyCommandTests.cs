using System.CommandLine;
using CriGuard.Commands;
using CriGuard.Tests.Repository;

namespace CriGuard.Tests.Commands;

public sealed class PolicyCommandTests : IDisposable
{
    private const string Policy = """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata: { name: p }
        rules:
        - { name: strict, mode: enforce, privileged: deny, noNewPrivileges: require }
        - { name: b, mode: audit, seccomp: { default: RuntimeDefault } }
        """;

    private const string Request = """
        {
          "RunPodSandbox": {
            "config": { "metadata": { "name": "web", "namespace": "dev" }, "linux": { "security_context": { "privileged": true } } }
          }
        }
        """;

    private readonly TempDirectory folder = new();

    private string Root => folder.Path;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Check_prints_rules_and_revision()
    {
        Write("p.yaml", Policy);
        var (code, output, error) = Run("check", Root);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches("^ok: 2 rules, unknown methods: refuse, revision [0-9a-f]{12}\n", output);
        Assert.EndsWith("  b       audit    seccomp\n  strict  enforce  privileged, noNewPrivileges\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_prints_every_error_and_ends_with_1()
    {
        Write("p.yaml", Policy.Replace("deny", "no", StringComparison.Ordinal).Replace("audit", "warn", StringComparison.Ordinal));
        var (code, output, error) = Run("check", Root);
        Assert.Equal((1, ""), (code, output));
        Assert.Equal(
            $"{Root}/p.yaml:5:46: `privileged` is `no`: write `deny`, or leave the key out\n"
            + $"{Root}/p.yaml:6:20: `mode` is `warn`: write one of `enforce`, `audit`\n",
            error);
    }

    [Fact]
    public void Test_shows_a_difference_ends_with_1_and_update_accepts_it()
    {
        WriteCase("one");
        var (code, output, _) = Run("test", Root);
        Assert.Equal(1, code);
        Assert.StartsWith("one: differs\n  + refuse\n  +   criguard: pod `dev/web` is privileged: ", output, StringComparison.Ordinal);
        Assert.EndsWith("\n1 cases, 1 different\n", output, StringComparison.Ordinal);
        Assert.Equal(0, Run("test", Root, "--update").Code);
        Assert.Equal((0, "1 cases, 0 different\n", ""), Run("test", Root));
        var verdict = Path.Combine(Root, "one", "verdict.txt");
        File.WriteAllText(verdict, File.ReadAllText(verdict).Replace("refuse\n", "permit\n", StringComparison.Ordinal));
        (code, output, _) = Run("test", Root);
        Assert.Equal(1, code);
        Assert.StartsWith("one: differs\n  - permit\n  + refuse\n    ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy.yaml", "rules: 1", "`rules` is a single value: write a list")]
    [InlineData("request.json", "{", "`request.json` is no JSON")]
    [InlineData("request.json", "{ \"RunPodSandbox\": {}, \"Exec\": {} }", "`request.json` must have one key, the method")]
    [InlineData("request.json", "{ \"RunPodSandbox\": { \"config\": 1 } }", "`request.json` is not a message of its method")]
    [InlineData("request.json", "{ \"StartContainer\": {} }", "needs `container.json`")]
    [InlineData("node.json", "{ \"handlers\": [] }", "`node.json` must be a map of `appArmorProfiles` and `runtimeHandlers`")]
    [InlineData("node.json", "{ \"runtimeHandlers\": [1] }", "`runtimeHandlers` of `node.json` must be a list of names")]
    public void A_case_that_cannot_be_decided_differs_and_says_why(string file, string text, string reason)
    {
        WriteCase("one");
        Run("test", Root, "--update");
        Write(Path.Combine("one", file), text);
        var (code, output, _) = Run("test", Root);
        Assert.Equal(1, code);
        Assert.Contains("+ cannot decide", output, StringComparison.Ordinal);
        Assert.Contains(reason, output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_cases_is_no_success()
    {
        Assert.Equal((1, "", $"criguard: no case in `{Root}`: a case is a directory with `request.json`\n"), Run("test", Root));
        var (code, _, error) = Run("test", Root + "/none");
        Assert.Equal(1, code);
        Assert.StartsWith($"criguard: cannot run the cases of `{Root}/none`: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_case_can_be_run_by_itself() =>
        Assert.Equal((0, "1 cases, 0 different\n", ""), Run("test", Checkout.Path("tests", "golden", "privileged-pod-is-refused") + "/"));

    private void WriteCase(string name)
    {
        Write(Path.Combine(name, "policy.yaml"), Policy);
        Write(Path.Combine(name, "request.json"), Request);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = PolicyCommand.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
