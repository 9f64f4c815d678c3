using System.Reflection;
using CriGuard.Daemon;
using Microsoft.Extensions.Logging;

namespace CriGuard.Tests.Repository;

/// <summary>What somebody on call finds in the journal is in the runbook.</summary>
public sealed class RunbookTests
{
    [Fact]
    public void Every_line_of_the_daemon_that_is_worth_an_alarm_is_in_the_runbook()
    {
        var runbook = File.ReadAllText(Checkout.Path("node-setup", "README.md"));
        var alarms = typeof(GuardDaemon).Assembly.GetTypes().SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .Where(static line => line.Level >= LogLevel.Warning).ToList();

        Assert.True(alarms.Count > 20, "the lines are found");
        Assert.All(alarms, line => Assert.Contains($"`{line.EventName}`", runbook, StringComparison.Ordinal));
    }
}
