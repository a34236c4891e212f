namespace TensorBridge.Tests;

public class TensorHandleTests
{
    private static TensorDescriptor Anything => new(4096, DType.Float32, Layout.Contiguous([3], 4), Device.Cpu);

    [Fact]
    public void TheLastViewReleasesOnce()
    {
        int released = 0;
        var first = new TensorHandle(Anything, release: () => released++);
        TensorHandle second = first.Share();
        first.Dispose();
        first.Dispose();
        Assert.Equal(0, released);
        Assert.Throws<ObjectDisposedException>(() => first.Data);
        Assert.Throws<ObjectDisposedException>(() => first.Share());
        Assert.Equal((nuint)4096, second.Data);
        second.Dispose();
        Assert.Equal(1, released);
    }

    [Fact]
    public void ManyThreadsReleaseOnce()
    {
        for (int round = 0; round < 200; round++)
        {
            int released = 0;
            var handle = new TensorHandle(Anything, release: () => Interlocked.Increment(ref released));
            Parallel.For(0, 8, _ =>
            {
                using TensorHandle view = handle.Share();
                Assert.Equal((nuint)4096, view.Data);
            });
            Parallel.For(0, 8, _ => handle.Dispose());
            Assert.Equal(1, released);
        }
    }

    [Fact]
    public void ADroppedHandleIsReleasedOnceAndNotOnTheFinalizerThread()
    {
        var released = new StrongBox();
        MakeAndDrop(released);
        for (int i = 0; i < 10 && Volatile.Read(ref released.Count) == 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            SpinWait.SpinUntil(() => Volatile.Read(ref released.Count) > 0, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, Volatile.Read(ref released.Count));
        Assert.True(released.OnPool, "a release may block, which the finalizer's thread must not");

        static void MakeAndDrop(StrongBox box) => _ = new TensorHandle(Anything, release: () =>
        {
            box.OnPool = Thread.CurrentThread.IsThreadPoolThread;
            Interlocked.Increment(ref box.Count);
        });
    }

    [Fact]
    public void DescriptorsAreValidated()
    {
        Layout layout = Layout.Contiguous([3], 4);
        Assert.Contains("NULL", Assert.Throws<TensorFormatException>(() => new TensorDescriptor(0, DType.Float32, layout, Device.Cpu)).Message);
        Assert.Contains("stream 0", Assert.Throws<TensorFormatException>(() => new TensorDescriptor(64, DType.Float32, layout, Device.Cuda(), stream: 0)).Message);
        Assert.Throws<TensorFormatException>(() => new TensorDescriptor(64, DType.Float64, layout, Device.Cpu));
        Assert.Throws<OverflowException>(() => new TensorDescriptor(nuint.MaxValue - 4, DType.Float32, layout, Device.Cpu));
        Assert.Equal(0, new TensorDescriptor(0, DType.Float32, Layout.Contiguous([0], 4), Device.Cpu).ByteLength);
    }

    private sealed class StrongBox
    {
        public bool OnPool;
        public int Count;
    }
}
