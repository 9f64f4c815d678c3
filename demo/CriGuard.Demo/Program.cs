using CriGuard.Demo;
using CriGuard.TestBed;

// A private containerd, a CriGuard in front of it, and pods as a kubelet sends them. Ends 0 only if each row is as it must be.
using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
try
{
    await using var node = await Node.StartAsync(patience.Token);
    var policy = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "demo", "policy.yaml"), patience.Token);
    await using var guard = await GuardProcess.StartAsync(node, "guard", policy, patience.Token);
    using var through = new Kubelet(node, guard.Socket);
    using var straight = new Kubelet(node, node.RuntimeSocket);

    var trial = new Trial(guard, through, straight);
    var table = Screen.NewTable();
    var good = true;
    foreach (var row in Rows.All)
        good &= Screen.Add(table, row, await trial.RunAsync(row.Pod));
    Screen.Show(table);

    good &= await Screen.ShowAsync(guard, "events");
    good &= await Screen.ShowAsync(guard, "log", "verify");
    return good ? 0 : 1;
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
