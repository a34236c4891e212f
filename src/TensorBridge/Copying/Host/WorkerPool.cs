namespace TensorBridge.Copying.Host;

/// <summary>A few threads that wait for copies: started when first needed, spinning for some microseconds after each, then asleep.</summary>
/// <remarks>
/// One copy at a time has the pool; a copy that finds it taken runs on its own thread, since the cores are busy anyway.
/// </remarks>
internal static class WorkerPool
{
    private const int SpinRounds = 2000;

    private static readonly Lock Owner = new();
    private static readonly List<Worker> Workers = [];

    /// <summary>Executes the job on up to <paramref name="degree"/> threads, the calling one included; false if its hook stopped it.</summary>
    public static bool Run(PartJob job, int degree)
    {
        int helpers = (int)long.Min(degree, job.PartsLeft) - 1;
        if (helpers <= 0 || !Owner.TryEnter())
        {
            job.Work(isCaller: true);
            return job.Completed;
        }
        try
        {
            while (Workers.Count < helpers)
                Workers.Add(new Worker(Workers.Count));
            for (int i = 0; i < helpers; i++)
                Workers[i].Start(job);
            try
            {
                job.Work(isCaller: true);
            }
            finally
            {
                // The buffers belong to the caller: nobody may touch them after this, come what may.
                for (int i = 0; i < helpers; i++)
                    Workers[i].Wait();
            }
        }
        finally
        {
            Owner.Exit();
        }
        job.CallHook();
        return job.Completed;
    }

    private sealed class Worker
    {
        private readonly SemaphoreSlim _wake = new(0);
        private volatile PartJob? _job;
        private int _asleep;

        public Worker(int index)
        {
            var thread = new Thread(Loop, maxStackSize: 1 << 20) { IsBackground = true, Name = $"TensorBridge copy {index + 1}" };
            thread.Start();
        }

        public void Start(PartJob job)
        {
            _job = job;
            // Full fence between the job and the look at the sleeper, as in Sleep.
            if (Interlocked.Exchange(ref _asleep, 0) == 1)
                _wake.Release();
        }

        public void Wait()
        {
            var spinner = new SpinWait();
            while (_job is not null)
                spinner.SpinOnce(sleep1Threshold: -1);
        }

        private void Loop()
        {
            while (true)
            {
                for (int i = 0; _job is null && i < SpinRounds; i++)
                    Thread.SpinWait(8);
                if (_job is null)
                    Sleep();
                if (_job is not { } job)
                    continue;
                job.Work(isCaller: false);
                _job = null;
            }
        }

        private void Sleep()
        {
            Interlocked.Exchange(ref _asleep, 1);
            if (_job is not null && Interlocked.Exchange(ref _asleep, 0) == 1)
                return;
            _wake.Wait();
        }
    }
}
