using CriGuard.TestBed;

namespace CriGuard.Node;

/// <summary>Something that a process tries of the kernel, in Perl, which makes any system call: numbers are those of x86-64.</summary>
/// <param name="Name">For people.</param>
/// <param name="Script">Statements that leave a negative `$r` where it failed.</param>
public sealed record Attempt(string Name, string Script)
{
    /// <summary>What the kernel may answer here; any other number is shown as it is.</summary>
    private static readonly Dictionary<string, string> Errors = new()
    {
        ["0"] = Done, ["1"] = "EPERM", ["2"] = "ENOENT", ["13"] = "EACCES", ["17"] = "EEXIST", ["19"] = "ENODEV", ["22"] = "EINVAL", ["30"] = "EROFS",
        ["38"] = "ENOSYS", ["93"] = "EPROTONOSUPPORT", ["94"] = "ESOCKTNOSUPPORT", ["97"] = "EAFNOSUPPORT",
    };

    /// <summary>The outcome of what was not refused.</summary>
    public const string Done = "done";

    /// <summary>socket(2).</summary>
    public static Attempt Socket(string name, int family, int type, int protocol) => new(name, $"$r = syscall(41, {family}, {type}, {protocol});");

    /// <summary>finit_module(2) of a file.</summary>
    public static Attempt Load(string path) =>
        new("finit_module", $"my ($f, $none) = (undef, ''); $r = open($f, '<', '{path}') ? syscall(313, fileno $f, $none, 0) : -1;");

    /// <summary>write(2) to a file that is there.</summary>
    public static Attempt Write(string path, string text) =>
        new($"write {path}", $"my $f; $r = open($f, '+<', '{path}') && defined syswrite($f, '{text}') ? 0 : -1;");

    /// <summary>read(2) of one byte.</summary>
    public static Attempt Read(string name, string path) => new(name, $"my $f; $r = open($f, '<', '{path}') && defined sysread($f, my $b, 1) ? 0 : -1;");

    /// <summary>mount(2) of a file system without a source.</summary>
    public static Attempt Mount(string type, string directory) =>
        new($"mount {type}", $"mkdir '{directory}'; my ($s, $d, $t, $n) = ('none', '{directory}', '{type}', ''); $r = syscall(165, $s, $d, $t, 0, $n);");

    /// <summary>Makes attempts inside a container, one after the other.</summary>
    /// <returns>What came of each: <see cref="Done"/> or the name of the error.</returns>
    public static async Task<IReadOnlyList<string>> InAsync(Kubelet kubelet, string container, IEnumerable<Attempt> attempts)
    {
        var script = string.Concat(attempts.Select(static a => $"{{ my $r = -1; $! = 0; {a.Script} print($r < 0 ? $! + 0 : 0, \"\\n\"); }}"));
        var answer = await kubelet.ExecAsync(container, "/usr/bin/perl", "-e", script);
        var said = answer.Stdout.ToStringUtf8().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(answer.ExitCode == 0, $"`{script}` ended with {answer.ExitCode}: {answer.Stderr.ToStringUtf8()}");
        return [.. said.Select(static number => Errors.GetValueOrDefault(number, number))];
    }
}
