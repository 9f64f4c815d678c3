using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using Google.Protobuf;
using SecurityProfile = CriGuard.Core.Workloads.SecurityProfile;

namespace CriGuard.Fuzz.Targets;

/// <summary>The input is a CreateContainerRequest: facts, verdict and patch, as one call takes them.</summary>
internal static class CreateContainerTarget
{
    public static readonly Target Value = new(
        "create-container",
        [
            Request(new LinuxContainerSecurityContext()),
            Request(new LinuxContainerSecurityContext { Privileged = true, NoNewPrivs = true }),
            Request(new LinuxContainerSecurityContext
            {
                Capabilities = new Capability { AddCapabilities = { "ALL", "cap_chown" }, DropCapabilities = { "CAP_MKNOD" }, AddAmbientCapabilities = { "KILL" } },
                NamespaceOptions = new NamespaceOption { Network = Cri.Runtime.NamespaceMode.Node },
                Seccomp = new Cri.Runtime.SecurityProfile { ProfileType = Cri.Runtime.SecurityProfile.Types.ProfileType.Unconfined },
                ApparmorProfile = "localhost/tenant",
                SeccompProfilePath = "unconfined",
            }),
        ],
        Run);

    private static readonly NodeFacts Node = new() { AppArmorProfiles = ["tenant"] };

    private static readonly SandboxFacts Sandbox = new() { Pod = new PodIdentity("team-a", "web-0", "2f1c"), Privileged = false };

    private static readonly CompiledPolicy Policy = PolicyCompiler.Compile(
    [
        new PolicyDocument
        {
            Name = "fuzz",
            Rules =
            [
                new Rule
                {
                    Name = "strict",
                    Seccomp = SecurityProfile.RuntimeDefault,
                    AppArmor = SecurityProfile.RuntimeDefault,
                    Capabilities = new CapabilitySetting(CapabilitySet.Of("CHOWN", "KILL"), CapabilityAction.Fix),
                    DeniesPrivileged = true,
                    HostNamespaces = HostNamespacesSetting.All,
                    RequiresNoNewPrivileges = true,
                },
            ],
        },
    ]).Policy!;

    private static bool Run(byte[] input)
    {
        if (!Received.TryParse<CreateContainerRequest>(input, out var request))
            return false;
        var verdict = Engine.Evaluate(Policy, Node, ContainerReader.Read(request, Sandbox));
        if (!verdict.TryPermit(out var permit, out var refusal))
        {
            Promise.Keep(refusal.Message.Length <= Refusal.MaxMessage && !refusal.Message.Any(char.IsControl), "a refusal is one short line");
            return true;
        }

        var forwarded = RequestPatcher.Apply(request, permit.Changes);
        Promise.Keep(Received.TryParse<CreateContainerRequest>(forwarded, out var patched), "what goes on is a message");
        Promise.Keep(!patched!.Ambiguous, "what goes on can be read in one way only");
        var facts = ContainerReader.Read(patched, Sandbox);
        Promise.Keep(Engine.Evaluate(Policy, Node, facts) is { IsRefusal: false, Changes.IsEmpty: true }, "what goes on needs no further change");
        Promise.Keep(!facts.Privileged && facts.NoNewPrivileges && facts.Seccomp is { Kind: not SecurityProfileKind.Unconfined }, "what goes on is confined");
        return true;
    }

    private static byte[] Request(LinuxContainerSecurityContext context) => new CreateContainerRequest
    {
        PodSandboxId = "5a0dbc",
        Config = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = "web" },
            Linux = new LinuxContainerConfig { SecurityContext = context },
        },
        SandboxConfig = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Namespace = "team-a", Name = "web-0", Uid = "2f1c" },
            Labels = { ["app"] = "web" },
        },
    }.ToByteArray();
}
