namespace CriGuard.Store.Tests.Policies;

/// <summary>What is wrong with a floor, an exception or a selector, with its place and the words that a person reads.</summary>
public sealed class ExceptionErrorTests
{
    private const string Rules = "rules:\n- { name: a, mode: enforce, privileged: deny, capabilities: { allow: [CHOWN], action: fix }, access: { exec: deny } }\n";
    private const string Rest = "reason: r, owner: o, expires: 2027-01-01";

    [Theory]
    [InlineData("{ name: e, control: privileged, match: { namespaces: [x] }, " + Rest + " }")]
    [InlineData("{ name: e, control: capabilities, match: { callers: [/usr/bin/kubelet] }, allow: [SYS_TIME], reason: r, owner: o, expires: 2027-01-01T06:00:00Z }")]
    [InlineData(
        "{ name: e, control: privileged, match: { podLabels: { a: b } }, " + Rest + " }",
        "p.yaml:7:44: `podLabels` is not a key of `match`: write one of `namespaces`, `imageDigests`, `configSources`, `callers`")]
    [InlineData(
        "{ name: e, control: privileged, match: {}, " + Rest + " }",
        "p.yaml:7:42: `match` of an exception is empty: name what it is for by `namespaces`, `imageDigests`, `configSources`, `callers`")]
    [InlineData(
        "{ name: e, control: priviledged, match: { namespaces: [x] }, " + Rest + " }",
        "p.yaml:7:23: `priviledged` is not a control: the nearest is `privileged`")]
    [InlineData(
        "{ name: e, control: privileged, match: { namespaces: [x] }, reason: r, owner: ' ', expires: soon }",
        "p.yaml:7:81: `owner` is empty: whoever reads the record must know",
        "p.yaml:7:95: `soon` is not a time: write `2027-01-31` or `2027-01-31T18:00:00Z`")]
    [InlineData(
        "{ name: e, control: seccomp, match: { namespaces: [x] }, " + Rest + " }",
        "p.yaml:7:11: exception `e` loosens `seccomp`, which no rule demands: remove it")]
    [InlineData(
        "{ name: e, control: privileged, match: { imageDigests: [sha256:12] }, " + Rest + " }",
        "p.yaml:7:59: `sha256:12` is not a digest: write `sha256:` and 64 hexadecimal digits",
        "p.yaml:7:11: exception `e` matches images, but `privileged` is decided when the sandbox is run, before any image is named: match `namespaces`")]
    [InlineData(
        "{ name: a, control: privileged, match: { configSources: [disk] }, allow: [x], " + Rest + " }",
        "p.yaml:7:60: `disk` is not where pods come from: write one of `api`, `file`, `http`, `unknown`",
        "p.yaml:7:11: `a` is already at p.yaml:5:11: give each exception a name of its own",
        "p.yaml:7:11: exception `a` has `allow`, but `privileged` can only be lifted as a whole: leave `allow` out")]
    [InlineData(
        "{ name: e, control: capabilities, match: { namespaces: [x] }, allow: [SYS_MODULE], " + Rest + " }",
        "p.yaml:7:11: `SYS_MODULE` in exception `e` cannot be allowed: it loads code into the node's kernel; load the module on the node instead")]
    [InlineData(
        "{ name: e, control: access, match: { namespaces: [x] }, allow: [exec, logs], " + Rest + " }",
        "p.yaml:7:11: `logs` in exception `e` is not a way in: write `exec`, `execSync`, `attach` or `portForward`")]
    public void An_exception_is_checked(string exception, params string[] errors) =>
        Assert.Equal(errors.Order(), PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}{Rules}exceptions:\n- {exception}\n").Order());

    // T-K4, T-K5: what a pod can be given by whoever may create it in a namespace does not make it an exception.
    [Theory]
    [InlineData("podLabels: { trusted: 'true' }")]
    [InlineData("podSelector: { matchLabels: { trusted: 'true' } }")]
    [InlineData("annotationSelector: { matchLabels: { trusted: 'true' } }")]
    [InlineData("podNames: [trusted]")]
    [InlineData("workloads: [trusted]")]
    [InlineData("containers: [trusted]")]
    [InlineData("images: [trusted]")]
    [InlineData("runtimeHandlers: [trusted]")]
    public void T_K5_an_exception_is_never_for_what_a_tenant_writes(string match)
    {
        var exception = "{ name: e, control: privileged, match: { namespaces: [x], " + match + " }, " + Rest + " }";
        Assert.Contains(
            PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}{Rules}exceptions:\n- {exception}\n"),
            static error => error.EndsWith("is not a key of `match`: write one of `namespaces`, `imageDigests`, `configSources`, `callers`", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{ privileged: deny }", "p.yaml:4:8: `floor` has no `mode`: add it")]
    [InlineData("{ mode: enforce }", "p.yaml:4:8: `floor` demands nothing: give it a control, such as `privileged: deny`")]
    public void A_floor_is_checked(string floor, params string[] errors) =>
        Assert.Equal(errors, PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}floor: {floor}\n"));

    [Fact]
    public void A_floor_matches_nothing_in_particular() => Assert.StartsWith(
        "p.yaml:4:25: `match` is not a key of `floor`: ",
        Assert.Single(PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}floor: {{ mode: enforce, match: {{}}, privileged: deny }}\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("{ matchLabels: { a: b }, matchExpressions: [{ key: c, operator: NotIn, values: [d] }, { key: e, operator: Exists }] }")]
    [InlineData("{}", "p.yaml:5:67: `podSelector` is empty: leave it out to match everything")]
    [InlineData(
        "{ matchExpressions: [{ key: c, operator: Equals }] }",
        "p.yaml:5:108: `operator` is `Equals`: write one of `In`, `NotIn`, `Exists`, `DoesNotExist`")]
    [InlineData("{ matchExpressions: [{ key: c, operator: In }] }", "p.yaml:5:88: `matchExpressions` has no `values`: add it")]
    [InlineData(
        "{ matchExpressions: [{ key: c, operator: Exists, values: [d] }] }",
        "p.yaml:5:124: `values` belong to `In` and `NotIn`: leave them out with `Exists`")]
    public void A_selector_is_checked(string selector, params string[] errors) => Assert.Equal(
        errors,
        PolicyDirectory.ErrorsOf($"{PolicyDirectory.Head}rules:\n- {{ name: a, mode: audit, privileged: deny, match: {{ podSelector: {selector} }} }}\n"));
}
