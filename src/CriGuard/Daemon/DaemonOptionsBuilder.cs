using System.Globalization;
using CriGuard.Core.Workloads;
using CriGuard.Store.Configuration;

namespace CriGuard.Daemon;

/// <summary>Makes the daemon's options of flags and the configuration file; tells all that is wrong at once.</summary>
internal sealed class DaemonOptionsBuilder
{
    /// <summary>Keys of the configuration file, in the order of the README.</summary>
    public static readonly IReadOnlyList<string> Keys = ["listen", "runtimeEndpoint", "imageEndpoint", "policy", "stateDir", "podLogsDir", "node", "drainSeconds", "reconcileSeconds", "lifeSeconds", "logMegabytes", "logDays", "whenLogFails",
        "appArmor"];

    private readonly IReadOnlyDictionary<string, string?> _flags;
    private readonly ConfigurationFile? _file;
    private readonly List<string> _errors = [];

    private DaemonOptionsBuilder(IReadOnlyDictionary<string, string?> flags, string? configurationFile)
    {
        _flags = flags;
        _file = Read(configurationFile);
    }

    /// <param name="flags">Values by configuration key; null where the flag was not given.</param>
    /// <param name="configurationFile">Path given by `--config`; null for the default path, which may be absent.</param>
    /// <exception cref="StartException">Something is wrong; the message has a line for each.</exception>
    public static DaemonOptions Build(IReadOnlyDictionary<string, string?> flags, string? configurationFile) =>
        new DaemonOptionsBuilder(flags, configurationFile).Build();

    private DaemonOptions Build()
    {
        foreach (string key in _file?.Keys.Except(Keys) ?? [])
            _errors.Add($"{_file!.Place(key)}: `{key}` is not known: the keys are {string.Join(", ", Keys.Select(static k => $"`{k}`"))}");
        var options = new DaemonOptions
        {
            Listen = Endpoint("listen"),
            Runtime = Endpoint("runtimeEndpoint"),
            Image = Value("imageEndpoint") is null ? null : Endpoint("imageEndpoint"),
            Policy = Required("policy"),
            StateDirectory = Value("stateDir") ?? DaemonOptions.DefaultStateDirectory,
            PodLogs = Directory("podLogsDir", NodeFacts.DefaultPodLogs),
            Node = Value("node") ?? Environment.MachineName,
            Drain = Seconds("drainSeconds", TimeSpan.FromSeconds(20)),
            Reconcile = Seconds("reconcileSeconds", TimeSpan.FromSeconds(60)),
            Lives = Seconds("lifeSeconds", TimeSpan.FromSeconds(5)),
            LogBytes = Number("logMegabytes", 1024, "megabytes") << 20,
            LogAge = TimeSpan.FromDays(Number("logDays", 0, "days")),
            GoOnUnrecorded = GoesOn("whenLogFails"),
            AppArmor = AppArmor("appArmor"),
        };
        if (options.Listen.Path.Length > 0 && options.Listen == options.Runtime)
            _errors.Add($"{Name("listen")} and {Name("runtimeEndpoint")} are the same socket: CriGuard would call itself");
        return _errors.Count == 0 ? options : throw new StartException(string.Join('\n', _errors));
    }

    private ConfigurationFile? Read(string? path)
    {
        if (path is null && !File.Exists(DaemonOptions.DefaultConfigurationFile))
            return null;
        try
        {
            return ConfigurationFile.Read(path ?? DaemonOptions.DefaultConfigurationFile, _errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"cannot read the configuration: {e.Message}", e);
        }
    }

    private string? Value(string key) => _flags.GetValueOrDefault(key) ?? _file?[key];

    private string Required(string key)
    {
        if (Value(key) is { Length: > 0 } value)
            return value;
        _errors.Add($"{Name(key)} is missing: give the flag or set `{key}` in the configuration file");
        return "";
    }

    private UnixEndpoint Endpoint(string key)
    {
        string value = Required(key);
        if (!UnixEndpoint.TryParse(value, out var endpoint, out string error) && value.Length > 0)
            _errors.Add($"{Name(key)} {error}");
        return endpoint;
    }

    private string Directory(string key, string otherwise)
    {
        if (Value(key) is not { } value)
            return otherwise;
        if (value.StartsWith('/') && !value.Split('/').Contains(".."))
            return value;
        _errors.Add($"{Name(key)} `{value}` is not an absolute path: write it as the kubelet's configuration has it");
        return otherwise;
    }

    private TimeSpan Seconds(string key, TimeSpan otherwise)
    {
        if (Value(key) is not { } value)
            return otherwise;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds <= 3600)
            return TimeSpan.FromSeconds(seconds);
        _errors.Add($"{Name(key)} `{value}` is not a number of seconds from 0 to 3600");
        return otherwise;
    }

    private long Number(string key, long otherwise, string what)
    {
        if (Value(key) is not { } value)
            return otherwise;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 1_000_000)
            return number;
        _errors.Add($"{Name(key)} `{value}` is not a number of {what}: write 0 for no bound");
        return otherwise;
    }

    private bool GoesOn(string key)
    {
        if (Value(key) is not { } value || value is "refuse")
            return false;
        if (value is not "go-on")
            _errors.Add($"{Name(key)} `{value}` is not known: write `refuse` or `go-on`");
        return true;
    }

    private string AppArmor(string key)
    {
        var value = Value(key) ?? AppArmorProfiles.Shipped;
        if (value is not (AppArmorProfiles.Shipped or AppArmorProfiles.Off) && !(Path.IsPathRooted(value) && System.IO.Directory.Exists(value)))
            _errors.Add($"{Name(key)} `{value}` is no directory: write `shipped`, `off`, or the absolute path of a directory of profiles");
        return value;
    }

    /// <summary>The place that a message about a key points to: the flag if it was given, else the file's line, else both names.</summary>
    private string Name(string key)
    {
        string flag = "--" + string.Concat(key.Select(static c => char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"));
        return _flags.GetValueOrDefault(key) is null && _file?[key] is not null ? $"{_file.Place(key)}: `{key}`" : $"`{flag}`";
    }
}
