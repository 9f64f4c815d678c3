using CriGuard.Fuzz;

if (!Options.TryParse(args, out var options, out var complaint))
{
    await Console.Error.WriteLineAsync(complaint);
    await Console.Error.WriteLineAsync(Options.Usage);
    return 2;
}

var broken = 0;
foreach (var target in options.Targets)
{
    var taken = 0L;
    var runs = Math.Min(options.Runs, target.MostRuns);
    var crash = options.Input is null ? Campaign.Run(target, runs, options.Seed, out taken) : Campaign.Replay(target, options.Input);
    if (crash is null)
    {
        Console.WriteLine(options.Input is null
            ? $"{target.Name}: {runs} runs from seed {options.Seed}, {taken} accepted, no crash"
            : $"{target.Name}: no crash");
        continue;
    }

    broken++;
    var path = crash.Save();
    await Console.Error.WriteLineAsync($"{target.Name}: crash on run {crash.Run} from seed {options.Seed}, input in `{path}`: {crash.Cause}");
}

return broken == 0 ? 0 : 1;
