using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Images;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

/// <summary>Exceptions that name one value more for the controls that have lists.</summary>
public sealed class AllowanceTests
{
    private static readonly NodeFacts Node = Given.Node with
    {
        Now = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero),
        Devices = ImmutableDictionary<string, DeviceNode>.Empty.Add("/dev/kvm", new DeviceNode(DeviceKind.Character, 10, 232, "/dev/kvm")),
    };

    private static readonly ContainerFacts Asking = Given.Container.In(Given.Sandbox with { RuntimeHandler = "runsc" }) with
    {
        Image = new ImageFacts("sha256:" + new string('1', 64), "other.example/web:1") { Names = ["other.example/web:1"] },
        Devices = [new DeviceRequest("/dev/kvm", "/dev/kvm", "rw")],
        CdiDevices = ["vendor.com/gpu=0"],
        Annotations = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("run.oci.handler", "wasm"),
        Unified = ["io.max"],
    };

    private static readonly Rule Strict = Given.Rule() with
    {
        Devices = DeviceSetting.None,
        Annotations = AnnotationSetting.None,
        Images = new ImageSetting([new ImageSource("registry.example")], RequiresDigest: false),
        RuntimeHandlers = new RuntimeHandlersSetting(["runc"]),
        Resources = new ResourceSetting(null, null, []),
    };

    [Theory]
    [InlineData(Control.Devices, "/dev/kvm:rw", "vendor.com/gpu=*")]
    [InlineData(Control.Annotations, "run.oci.*")]
    [InlineData(Control.Images, "other.example")]
    [InlineData(Control.RuntimeHandlers, "runsc")]
    [InlineData(Control.Resources, "io.max")]
    public void An_exception_allows_the_value_and_nothing_else(Control control, params string[] values)
    {
        var all = Refused(Judge());

        Assert.Equal(5, all.Count);
        Assert.Equal(all.Except([control]), Refused(Judge(Except(control, values))));
        Assert.Equal(all, Refused(Judge(Except(control, [.. values.Select(static v => v.Replace('i', 'y').Replace('r', 'z'))]))));
    }

    [Theory]
    [InlineData(Control.Devices, "/etc/passwd")]
    [InlineData(Control.Devices, "/dev/../etc/shadow")]
    [InlineData(Control.Images, "registry.example/a@sha256:1")]
    public void An_exception_cannot_allow_what_is_no_value_of_the_control(Control control, string value)
    {
        var error = Assert.Single(Compile(Except(control, value)).Errors);

        Assert.Contains($"`{value}`", error.ToString(), StringComparison.Ordinal);
    }

    private static ExceptionEntry Except(Control control, params string[] values) => new()
    {
        Name = "e",
        Control = control,
        Match = new Match { Namespaces = [new Glob("shop")] },
        Allow = [.. values],
        Reason = "r",
        Owner = "o",
        Expires = Node.Now.AddDays(1),
    };

    private static PolicyReading Compile(params ExceptionEntry[] exceptions) =>
        PolicyCompiler.Compile([new PolicyDocument { Name = "p", Rules = [Strict], Exceptions = [.. exceptions] }]);

    private static Verdict Judge(params ExceptionEntry[] exceptions)
    {
        var reading = Compile(exceptions);
        // A value that is none is said when the policy is read.
        return Engine.Evaluate(reading.Policy ?? Compile().Policy!, Node, Asking);
    }

    private static List<Control> Refused(Verdict verdict) =>
        [.. verdict.Findings.Where(static f => f.Effect == Effect.Refuse).Select(static f => f.Control).Distinct().Order()];
}
