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

    /// <summary>Executes the job's parts on up to <paramref name="degree"/> threads, the calling one included.</summary>
    public static void Run(PartJob job, int degree)
    {
        int helpers = (int)long.Min(degree, job.PartsLeft) - 1;
        if (helpers <= 0 || !Owner.TryEnter())
        {
            job.Work(isCaller: true);
            return;
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
                    Workers[i].Finish();
            }
        }
        finally
        {
            Owner.Exit();
        }
    }

    /// <summary>One thread. A job posted to it is either claimed by the thread or taken back by the poster, whoever is first: a copy never waits for a thread that has not begun.</summary>
    private sealed class Worker
    {
        private const int Idle = 0, Posted = 1, Running = 2;

        private readonly SemaphoreSlim _wake = new(0);
        private PartJob? _job;
        private int _state;
        private int _asleep;

        public Worker(int index)
        {
            var thread = new Thread(Loop, maxStackSize: 1 << 20) { IsBackground = true, Name = $"TensorBridge copy {index + 1}" };
            thread.Start();
        }

        public void Start(PartJob job)
        {
            _job = job;
            // Full fences between the post and the look at the sleeper, as in Sleep.
            Interlocked.Exchange(ref _state, Posted);
            if (Interlocked.Exchange(ref _asleep, 0) == 1)
                _wake.Release();
        }

        /// <summary>Takes the job back if the thread has not claimed it, else waits until it is done with it.</summary>
        public void Finish()
        {
            var spinner = new SpinWait();
            while (Interlocked.CompareExchange(ref _state, Idle, Posted) == Running)
                spinner.SpinOnce(sleep1Threshold: -1);
            _job = null;
        }

        private void Loop()
        {
            while (true)
            {
                for (int i = 0; Volatile.Read(ref _state) != Posted && i < SpinRounds; i++)
                    Thread.SpinWait(8);
                if (Volatile.Read(ref _state) != Posted)
                    Sleep();
                if (Interlocked.CompareExchange(ref _state, Running, Posted) != Posted)
                    continue;
                _job!.Help();
                Volatile.Write(ref _state, Idle);
            }
        }

        private void Sleep()
        {
            Interlocked.Exchange(ref _asleep, 1);
            if (Volatile.Read(ref _state) == Posted && Interlocked.Exchange(ref _asleep, 0) == 1)
                return;
            _wake.Wait();
        }
    }
}
