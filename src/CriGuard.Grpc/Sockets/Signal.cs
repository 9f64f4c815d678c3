namespace CriGuard.Grpc.Sockets;

/// <summary>A gate in front of a thread, open at first. It has nothing to dispose: it is made of the monitor of an object.</summary>
internal sealed class Signal
{
    // Not a Lock: those have no Wait and Pulse.
    private readonly object _monitor = new();
    private bool _set = true;

    public void Set()
    {
        lock (_monitor)
        {
            if (_set)
                return;
            _set = true;
            Monitor.PulseAll(_monitor);
        }
    }

    public void Reset()
    {
        lock (_monitor)
            _set = false;
    }

    public void Wait()
    {
        lock (_monitor)
        {
            while (!_set)
                Monitor.Wait(_monitor);
        }
    }
}
