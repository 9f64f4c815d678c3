using System.Buffers.Binary;
using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>The input is a run of steps on one window, five octets each: what to do, and how much. A plain long keeps the score.</summary>
internal static class WindowsTarget
{
    private const int StepSize = 5;

    public static readonly Target Value = new(
        "windows",
        [
            Convert.FromHexString("000000ffff" + "0100000001" + "0100001000" + "00000000ff"),
            Convert.FromHexString("0200000000" + "0000000001" + "0100010000" + "02007fffffff"),
            Convert.FromHexString("017fffffff" + "0180000000" + "0100000000" + "02ffff0001"),
        ],
        Run);

    private static bool Run(byte[] input)
    {
        var window = new FlowWindow(FlowWindow.DefaultSize);
        long model = FlowWindow.DefaultSize;
        var accepted = true;
        for (var rest = input.AsSpan(); rest.Length >= StepSize; rest = rest[StepSize..])
        {
            var octets = BinaryPrimitives.ReadInt32BigEndian(rest[1..]);
            accepted &= (rest[0] % 3) switch
            {
                0 => Consume(ref window, ref model, octets & int.MaxValue),
                1 => Add(window.Grant(octets), octets > 0, ErrorCode.ProtocolError, ref model, octets),
                _ => Add(window.Shift(octets), fits: true, ErrorCode.NoError, ref model, octets),
            };
            Promise.Keep(window.Available == model, "a window is what was given less what was taken");
        }

        return accepted;
    }

    private static bool Consume(ref FlowWindow window, ref long model, int octets)
    {
        var fits = octets == 0 || octets <= model;
        Promise.Keep(window.TryConsume(octets) == fits, "what fits is taken, and nothing else");
        if (fits)
            model -= octets;
        return fits;
    }

    private static bool Add(ErrorCode error, bool fits, ErrorCode otherwise, ref long model, int octets)
    {
        var sum = model + octets;
        var expected = !fits ? otherwise : sum is > int.MaxValue or < int.MinValue ? ErrorCode.FlowControlError : ErrorCode.NoError;
        Promise.Keep(error == expected, "a window grows to its bound and not past it");
        if (error is ErrorCode.NoError)
            model = sum;
        return error is ErrorCode.NoError;
    }
}
