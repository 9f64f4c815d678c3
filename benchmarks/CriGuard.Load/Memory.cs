using System.Globalization;

namespace CriGuard.Load;

/// <summary>Memory of a process and its children from proc(5) `status`, in megabytes of 10^6 bytes.</summary>
/// <param name="Resident">`VmRSS`.</param>
/// <param name="Peak">`VmHWM`: the most that was ever resident.</param>
internal sealed record Memory(double Resident, double Peak)
{
    public static Memory Read(IEnumerable<int> processes)
    {
        var states = processes.Select(process => ProcessFiles.TryRead($"/proc/{process}/status") ?? "").ToList();
        return new Memory(states.Sum(state => Megabytes(state, "VmRSS:")), states.Sum(state => Megabytes(state, "VmHWM:")));
    }

    // VmRSS:	   23456 kB
    private static double Megabytes(string state, string field)
    {
        var line = state.Split('\n').FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
        return line is null
            ? 0
            : int.Parse(line[field.Length..^" kB".Length], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
