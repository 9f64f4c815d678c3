using Spectre.Console;

namespace CriGuard.Output;

/// <summary>Where a command writes for people.</summary>
internal static class Screen
{
    /// <summary>Coloured only on a terminal whose user did not set NO_COLOR (no-color.org); never wraps, so that a row stays a line for grep.</summary>
    public static IAnsiConsole Of(TextWriter writer)
    {
        var colour = writer == Console.Out && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        screen.Profile.Width = int.MaxValue;
        return screen;
    }
}
