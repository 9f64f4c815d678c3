using System.Globalization;

namespace CriGuard.Load;

/// <summary>What the threads of a process and of its children had of the processor at one moment.</summary>
/// <remarks>By thread and in nanoseconds from `schedstat` (sched-stats.rst): the ticks of `stat` are too coarse for a short run.</remarks>
internal sealed class CpuTime
{
    private readonly Dictionary<int, long> nanoseconds = [];

    private CpuTime()
    {
    }

    public static CpuTime Read(IEnumerable<int> processes)
    {
        var reading = new CpuTime();
        foreach (var process in processes)
        {
            foreach (var thread in ProcessFiles.Threads(process))
            {
                // 181692 2192941 2: time on the processor, time waiting for it, times.
                if (ProcessFiles.TryRead($"{thread}/schedstat") is { } line)
                    reading.nanoseconds[ProcessFiles.Id(thread)] = long.Parse(line.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }

        return reading;
    }

    /// <summary>Microseconds of processor since an earlier reading. What a thread used that has ended meanwhile is not in it.</summary>
    public double MicrosecondsSince(CpuTime earlier) =>
        nanoseconds.Sum(thread => thread.Value - earlier.nanoseconds.GetValueOrDefault(thread.Key)) / 1000.0;
}
