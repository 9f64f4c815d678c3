using System.Collections.Immutable;
using System.CommandLine;
using CriGuard.Manifests;

namespace CriGuard.Commands;

/// <summary>What to explain, and by what.</summary>
internal sealed record ExplainQuery(
    IReadOnlyList<string> Files, string Policy, bool Json, string? Node, string? Namespace, bool SeccompDefault, string ConfigSource,
    IReadOnlyList<string> RuntimeClasses, IReadOnlyList<string> ImageIds, IReadOnlyList<string> ImageUsers)
{
    /// <exception cref="ManifestException">A value is not what its flag takes.</exception>
    public KubeletSettings Settings() => new()
    {
        SeccompDefault = SeccompDefault,
        ConfigSource = ConfigSource,
        Namespace = Namespace,
        RuntimeClasses = Pairs(RuntimeClasses, "--runtime-class", "NAME=HANDLER"),
        ImageIds = Pairs(ImageIds, "--image-id", "IMAGE=ID"),
        ImageUsers = Pairs(ImageUsers, "--image-user", "IMAGE=USER"),
    };

    private static ImmutableDictionary<string, string> Pairs(IEnumerable<string> given, string flag, string form)
    {
        var pairs = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            // The reference of an image has no `=` in it.
            var split = text.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0 || split == text.Length - 1)
                throw new ManifestException($"`{flag}` is `{text}`: write `{form}`");
            pairs[text[..split]] = text[(split + 1)..];
        }

        return pairs.ToImmutable();
    }
}

/// <summary>Flags of `criguard policy explain`.</summary>
internal sealed class ExplainFlags
{
    /// <summary>Where the daemon's policy lies by the documentation.</summary>
    private const string DefaultPolicy = "/etc/criguard/policy.d";

    private readonly Option<string[]> files = new("-f", "--filename")
    {
        Description = "manifest: a file, a directory, or - for standard input; may be given more than once",
        HelpName = "FILE|DIR|-",
    };

    private readonly Option<string> policy = new("--policy")
    {
        Description = "policy file, or a directory of *.yaml files",
        HelpName = "FILE|DIR",
        DefaultValueFactory = static _ => DefaultPolicy,
    };

    private readonly Option<string> output = new("-o", "--output")
    {
        Description = "text, or json for pipelines",
        HelpName = "text|json",
        DefaultValueFactory = static _ => "text",
    };

    private readonly Option<string> node = new("--node") { Description = "what the node offers, as the node.json of a case: appArmorProfiles, runtimeHandlers", HelpName = "FILE" };

    private readonly Option<string> @namespace = new("-n", "--namespace") { Description = "namespace of objects that name none", HelpName = "NAME" };

    private readonly Option<bool> seccompDefault = new("--seccomp-default") { Description = "the kubelet has seccompDefault: true" };

    private readonly Option<string> configSource = new("--config-source")
    {
        Description = "where the kubelet has the pods from; static pods are of file or http",
        HelpName = "api|file|http",
        DefaultValueFactory = static _ => "api",
    };

    private readonly Option<string[]> runtimeClasses = new("--runtime-class")
    {
        Description = "handler of a RuntimeClass; otherwise that of its manifest, if one is given, or the same name",
        HelpName = "NAME=HANDLER",
    };

    private readonly Option<string[]> imageIds = new("--image-id") { Description = "id of an image on the node, as the manifest names the image", HelpName = "IMAGE=ID" };

    private readonly Option<string[]> imageUsers = new("--image-user") { Description = "USER of an image, as the manifest names the image", HelpName = "IMAGE=USER" };

    public ExplainFlags()
    {
        output.AcceptOnlyFromAmong("text", "json");
        configSource.AcceptOnlyFromAmong("api", "file", "http");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { files, policy, output, node, @namespace, seccompDefault, configSource, runtimeClasses, imageIds, imageUsers })
            command.Options.Add(option);
    }

    /// <exception cref="ManifestException">A value is not what its flag takes.</exception>
    public ExplainQuery Query(ParseResult parsed)
    {
        var given = parsed.GetValue(files) ?? [];
        if (given.Length == 0)
            throw new ManifestException("no manifest is given: give `-f FILE`, or `-f -` for standard input");
        return new ExplainQuery(
            given, parsed.GetValue(policy) ?? DefaultPolicy, parsed.GetValue(output) == "json", parsed.GetValue(node), parsed.GetValue(@namespace),
            parsed.GetValue(seccompDefault), parsed.GetValue(configSource) ?? "api", parsed.GetValue(runtimeClasses) ?? [], parsed.GetValue(imageIds) ?? [], parsed.GetValue(imageUsers) ?? []);
    }
}
