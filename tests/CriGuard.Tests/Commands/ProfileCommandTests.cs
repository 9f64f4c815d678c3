using System.CommandLine;
using System.Text.Json;
using CriGuard.Commands;

namespace CriGuard.Tests.Commands;

/// <summary>`criguard profile`, from the command line to what is printed.</summary>
public sealed class ProfileCommandTests
{
    [Fact]
    public void The_bases_are_listed_with_whom_they_are_for() =>
        Assert.Equal(["default", "no-modules", "observe", "strict"], Run("list").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ')[0]));

    [Fact]
    public void A_base_is_shown_with_its_reasons_and_as_the_file_that_is_given()
    {
        Assert.Contains("why: ", Run("show", "strict").Output, StringComparison.Ordinal);
        Assert.Contains("\"defaultAction\": \"SCMP_ACT_ERRNO\"", Run("show", "strict", "-o", "json").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"bpf\"", Run("show", "default", "-o", "json").Output, StringComparison.Ordinal);
        Assert.Contains("\"bpf\"", Run("show", "default", "-o", "json", "--capability", "BPF").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "defaultAction": "SCMP_ACT_ALLOW" }""", 1, "denies nothing that a profile is for\n")]
    [InlineData("""{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["mount", "read"], "action": "SCMP_ACT_ALLOW" }] }""", 0, "lets through: mount\n")]
    [InlineData("""{ "defaultAction": "SCMP_ACT_ERRNO" }""", 0, "ok: lets none of the watched calls through\n")]
    [InlineData("{ }", 1, "")]
    [InlineData("profile tenant {\n  /bin/** rix,\n}\n", 0, "ok: no rule lets a child leave the profile\n")]
    [InlineData("profile tenant {\n  /bin/** rux,\n}\n", 1, "")]
    [InlineData("no profile at all", 1, "")]
    public void T_S4_T_A8_a_profile_is_weighed(string profile, int code, string output)
    {
        using var directory = new TempDirectory();
        string file = Path.Combine(directory.Path, "p.json");
        File.WriteAllText(file, profile);

        var run = Run("lint", file);

        Assert.Equal((code, output), (run.Code, run.Output));
    }

    [Fact]
    public void Two_profiles_are_compared_call_by_call()
    {
        Assert.Equal((0, ""), Run("diff", "default", "default"));
        var run = Run("diff", "default", "strict");
        Assert.Equal(1, run.Code);
        Assert.Contains("ptrace                   allow                        errno EPERM\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, Run("diff", "default", "/nowhere.json").Code);
    }

    [Fact]
    public void Programs_are_told_the_same_in_JSON()
    {
        using var directory = new TempDirectory();
        var half = directory.Write("half.json", """{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["mount"], "action": "SCMP_ACT_ALLOW" }] }""");
        var broken = directory.Write("broken.json", "{\n  \"defaultAction\": 7 }");
        var leaving = directory.Write("leaving", "profile tenant {\n  /bin/** rux,\n}\n");
        var policy = directory.Write("policy.yaml", "apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata: { name: n }\nrules: [{ name: tenants, mode: enforce, match: { namespaces: [dev] }, seccomp: { base: strict } }]\n");
        var manifest = directory.Write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: dev }\nspec: { containers: [{ name: web, image: x/web:1 }] }\n");

        Assert.Equal(["default", "no-modules", "observe", "strict"], Json("list").Element.EnumerateArray().Select(static b => b.GetProperty("name").GetString()));
        var (code, weighed) = Json("lint", half);
        Assert.Equal((0, "seccomp", true, "mount"), (code, weighed.GetProperty("kind").GetString(), weighed.GetProperty("sound").GetBoolean(), weighed.GetProperty("permits")[0].GetString()));
        (code, weighed) = Json("lint", broken);
        Assert.Equal((1, false, 2), (code, weighed.GetProperty("sound").GetBoolean(), weighed.GetProperty("errors")[0].GetProperty("line").GetInt32()));
        (code, weighed) = Json("lint", leaving);
        Assert.Equal((1, "appArmor", 2), (code, weighed.GetProperty("kind").GetString(), weighed.GetProperty("errors")[0].GetProperty("line").GetInt32()));
        (code, var calls) = Json("diff", "default", "strict");
        var traced = calls.EnumerateArray().Single(static c => c.GetProperty("call").GetString() == "ptrace");
        Assert.Equal((1, "allow", "errno EPERM"), (code, traced.GetProperty("one").GetString(), traced.GetProperty("other").GetString()));
        Assert.Equal("[]\n", Run("diff", "default", "default", "-o", "json").Output);
        (code, var profiles) = Json("compose", "-f", manifest, "--policy", policy);
        Assert.Equal((0, "composed", "dev/web", "web"), (code, profiles[0].GetProperty("outcome").GetString(), profiles[0].GetProperty("pod").GetString(), profiles[0].GetProperty("container").GetString()));
        Assert.EndsWith(".json", profiles[0].GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.InRange(profiles[0].GetProperty("calls").GetInt32(), 100, 400);
    }

    [Fact]
    public void The_profiles_of_a_manifest_are_composed_as_the_daemon_does_it()
    {
        using var directory = new TempDirectory();
        var policy = directory.Write("policy.yaml", "apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata: { name: n }\nrules: [{ name: tenants, mode: enforce, match: { namespaces: [dev] }, seccomp: { base: strict } }]\n");
        var manifest = directory.Write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: dev }\nspec: { containers: [{ name: web, image: x/web:1 }] }\n");
        var other = directory.Write("other.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: prod }\nspec: { containers: [{ name: web, image: x/web:1 }] }\n");

        var list = Run("compose", "-f", manifest, "--policy", policy);
        var printed = Run("compose", "-f", manifest, "--policy", policy, "--container", "web");
        File.WriteAllText(directory.File("web.json"), printed.Output);

        Assert.Equal(0, list.Code);
        Assert.Contains("container `web` of pod `dev/web`: ", list.Output, StringComparison.Ordinal);
        Assert.Contains("it lets through none", list.Output, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(directory.File("web.json")))) + ".json", list.Output, StringComparison.Ordinal);
        Assert.Equal("ok: lets none of the watched calls through\n", Run("lint", directory.File("web.json")).Output);
        Assert.Equal((1, ""), Run("compose", "-f", manifest, "--policy", policy, "--container", "none"));
        Assert.Contains("no rule gives it a base", Run("compose", "-f", other, "--policy", policy).Output, StringComparison.Ordinal);
        Assert.Equal(2, Run("compose", "-f", directory.File("nothing.yaml"), "--policy", policy).Code);
    }

    private static (int Code, JsonElement Element) Json(params string[] arguments)
    {
        var (code, output) = Run([.. arguments, "-o", "json"]);
        return (code, JsonElement.Parse(output));
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        int code = ProfileCommand.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = errors });
        return (code, output.ToString());
    }
}
