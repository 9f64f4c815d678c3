using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;
using ProfileType = CriGuard.Cri.Runtime.SecurityProfile.Types.ProfileType;
using SecurityProfile = CriGuard.Core.Workloads.SecurityProfile;

namespace CriGuard.Cri.Tests.Facts;

public sealed class ProfileReaderTests
{
    private const string None = "none";

    [Theory]
    [InlineData(None, "", None)]
    [InlineData("RuntimeDefault", "", "RuntimeDefault")]
    [InlineData("Unconfined", "", "Unconfined")]
    [InlineData("Localhost/p", "", "Localhost/p")]
    [InlineData("RuntimeDefault", "runtime/default", "RuntimeDefault")]
    [InlineData("Localhost/p", "localhost/p", "Localhost/p")]
    [InlineData("Unconfined", "unconfined", "Unconfined")]
    public void Fields_that_agree_read_as_they_stand(string current, string deprecated, string read)
    {
        var facts = ReadBoth(current, deprecated);

        Assert.Equal(read, Name(facts.Seccomp));
        Assert.Equal(read, Name(facts.AppArmor));
        Assert.Empty(facts.Anomalies);
    }

    [Fact]
    public void What_is_odd_is_said_in_one_line_whatever_was_sent() => Assert.All(
        ReadBoth("RuntimeDefault", "x\u001b[2J\nforged line`").Anomalies.Concat(ReadBoth(None, "localhost/\n").Anomalies),
        static anomaly => Assert.DoesNotContain(anomaly.Message, static c => char.IsControl(c)));

    [Theory]
    [InlineData("RuntimeDefault", "unconfined", "Unconfined")]
    [InlineData("Unconfined", "runtime/default", "Unconfined")]
    [InlineData("Localhost/p", "runtime/default", "Localhost/p")]
    [InlineData("RuntimeDefault", "localhost/p", "Localhost/p")]
    [InlineData("Localhost/p", "localhost/q", "Localhost/p")]
    [InlineData("RuntimeDefault", "docker/default", "RuntimeDefault", 0)]
    public void T_A1_fields_that_disagree_read_as_the_weaker_and_are_odd(string current, string deprecated, string read, int anomalies = 2)
    {
        var facts = ReadBoth(current, deprecated);

        Assert.Equal(read, Name(facts.Seccomp));
        Assert.Equal(read, Name(facts.AppArmor));
        Assert.Equal(anomalies, facts.Anomalies.Length);
    }

    [Theory]
    [InlineData("runtime/default")]
    [InlineData("localhost//etc/p.json")]
    public void A_seccomp_profile_in_the_deprecated_field_alone_counts_for_nothing(string deprecated)
    {
        var facts = Read(c => (c.Seccomp, c.SeccompProfilePath) = (null, deprecated));

        Assert.Equal(SecurityProfile.Unconfined, facts.Seccomp);
        Assert.Equal("config.linux.security_context.seccomp_profile_path", Assert.Single(facts.Anomalies).Field);
    }

    [Theory]
    [InlineData("runtime/default", "RuntimeDefault")]
    [InlineData("localhost/web", "Localhost/web")]
    [InlineData("unconfined", "Unconfined")]
    public void An_apparmor_profile_in_the_deprecated_field_alone_is_what_older_kubelets_send(string deprecated, string read)
    {
        var facts = Read(c => (c.Seccomp, c.ApparmorProfile) = (null, deprecated));

        Assert.Equal(read, Name(facts.AppArmor));
        Assert.Empty(facts.Anomalies);
    }

    [Fact]
    public void A_string_that_names_no_profile_is_unconfined_and_odd()
    {
        var facts = Read(static c => (c.Seccomp, c.ApparmorProfile) = (null, "Runtime/Default"));

        Assert.Equal(SecurityProfile.Unconfined, facts.AppArmor);
        Assert.Equal("config.linux.security_context.apparmor_profile", Assert.Single(facts.Anomalies).Field);
    }

    [Fact]
    public void A_type_that_no_version_has_is_unconfined_and_odd()
    {
        var facts = Read(static c => c.Seccomp = new Runtime.SecurityProfile { ProfileType = (ProfileType)7 });

        Assert.Equal(SecurityProfile.Unconfined, facts.Seccomp);
        Assert.Equal("config.linux.security_context.seccomp.profile_type", Assert.Single(facts.Anomalies).Field);
    }

    [Fact]
    public void The_prefix_that_runtimes_cut_off_the_new_field_is_cut_off_here_too()
    {
        var facts = Read(static c => c.Apparmor = Profile("Localhost/localhost/web"));

        Assert.Equal(SecurityProfile.Localhost("web"), facts.AppArmor);
    }

    private static ContainerFacts ReadBoth(string current, string deprecated) => Read(c =>
    {
        (c.Seccomp, c.SeccompProfilePath) = (Profile(current), deprecated);
        (c.Apparmor, c.ApparmorProfile) = (Profile(current), deprecated);
    });

    private static ContainerFacts Read(Action<LinuxContainerSecurityContext> with) =>
        ContainerReader.Read(Messages.Receive(Messages.CreateContainer(with)), new SandboxFacts { Pod = new PodIdentity("", "", "") });

    private static string Name(SecurityProfile? profile) => profile?.ToString() ?? None;

    private static Runtime.SecurityProfile? Profile(string text) => text.Split('/', 2) switch
    {
        [None] => null,
        [var type] => new Runtime.SecurityProfile { ProfileType = Enum.Parse<ProfileType>(type) },
        [var type, var reference] => new Runtime.SecurityProfile { ProfileType = Enum.Parse<ProfileType>(type), LocalhostRef = reference },
        _ => throw new ArgumentException("no profile", nameof(text)),
    };
}
