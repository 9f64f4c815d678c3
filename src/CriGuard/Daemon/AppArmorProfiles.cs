using CriGuard.Core.Profiles.AppArmor;
using CriGuard.Linux.AppArmor;
using CriGuard.Store.Profiles;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>
/// The AppArmor profiles that the daemon brings: loaded before it accepts a call, then looked for in the kernel's own list. What is not there in
/// enforce mode is said here once and, by the rules that name it, at each container.
/// </summary>
/// <param name="reader">What the kernel says.</param>
/// <param name="parser">What loads them.</param>
internal sealed class AppArmorProfiles(AppArmorReader reader, AppArmorParser parser)
{
    /// <summary>Values of the key `appArmor` beside the path of a directory.</summary>
    public const string Off = "off";

    public const string Shipped = "shipped";

    /// <param name="setting">`off`, `shipped`, or a directory whose profiles are loaded besides.</param>
    /// <param name="log">The daemon's own.</param>
    /// <exception cref="StartException">The directory cannot be read.</exception>
    public void Load(string setting, ILogger log)
    {
        if (setting == Off)
            return;
        if (!reader.IsEnabled())
        {
            Log.NoAppArmor(log);
            return;
        }

        var sources = Sources(setting).Where(source => IsTight(source, log)).ToList();
        foreach (var source in sources)
        {
            if (parser.Load(source.Text) is { } reason)
                Log.ProfileNotLoaded(log, source.Name, reason);
            else if (reader.ReadEnforced()?.Contains(source.Name) != true)
                Log.ProfileNotLoaded(log, source.Name, "the kernel does not list it in enforce mode; a file is to be named as the profile in it");
            else
                Log.ProfileLoaded(log, source.Name);
        }
    }

    private static IEnumerable<AppArmorSource> Sources(string setting)
    {
        try
        {
            return setting == Shipped ? AppArmorSource.Shipped : AppArmorSource.Shipped.Concat(AppArmorSource.In(setting));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"cannot read the AppArmor profiles: {e.Message}", e);
        }
    }

    /// <summary>A profile that lets a child leave it is not loaded: it would look as if it held (T-A8).</summary>
    private static bool IsTight(AppArmorSource source, ILogger log)
    {
        var faults = AppArmorLint.Check(source.Text);
        foreach (var (line, message) in faults)
            Log.ProfileNotLoaded(log, source.Name, $"line {line}: {message}");
        return faults.IsEmpty;
    }
}
