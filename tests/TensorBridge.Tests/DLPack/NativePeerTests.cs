using TensorBridge.DLPack;

namespace TensorBridge.Tests.DLPack;

/// <summary>Import and export against C, in place, without Python.</summary>
public unsafe class NativePeerTests(NativePeer peer) : IClassFixture<NativePeer>
{
    [Fact]
    public void CReadsATensorOfOursAndReleasesItOnItsOwnThread()
    {
        int caller = Environment.CurrentManagedThreadId;
        int releasedOn = 0;
        Span<float> memory = stackalloc float[24];
        for (int i = 0; i < memory.Length; i++)
            memory[i] = i;
        fixed (float* data = memory)
        {
            // Every second element, rows from the last to the first: 18 20 22, 12 14 16, 6 8 10, 0 2 4.
            var layout = new Layout([4, 3], [-24, 8], 4);
            var handle = new TensorHandle(
                new TensorDescriptor((nuint)(data + 18), DType.Float32, layout, Device.Cpu),
                release: () => releasedOn = Environment.CurrentManagedThreadId);
            DLManagedTensorVersioned* versioned = DLPackExporter.ToManagedTensor(handle);
            DLManagedTensor* legacy = DLPackExporter.ToLegacyManagedTensor(handle);
            handle.Dispose();

            double expected = Enumerable.Range(0, 24).Where(i => i % 2 == 0).Sum();
            Assert.Equal(expected, peer.Consume(versioned));
            Assert.Equal(0, releasedOn);
            Assert.Equal(expected, peer.ConsumeLegacy(legacy));
        }

        Assert.NotEqual(0, releasedOn);
        Assert.NotEqual(caller, releasedOn);
    }

    [Fact]
    public void ATensorOfCIsReadInPlaceAndGivenBackOnce()
    {
        int deleted = 0;
        TensorHandle handle = DLPackImporter.Import(peer.Produce(3, 4, DLPackConstants.DLPACK_FLAG_BITMASK_READ_ONLY, &deleted));
        Assert.True(handle.IsReadOnly);
        AssertFortranOrder(handle);
        Assert.Equal(0, deleted);
        handle.Dispose();
        handle.Dispose();
        Assert.Equal(1, deleted);
    }

    [Fact]
    public void ALegacyTensorOfCToo()
    {
        int deleted = 0;
        TensorHandle handle = DLPackImporter.Import(peer.ProduceLegacy(3, 4, &deleted), writable: true);
        Assert.False(handle.IsReadOnly);
        AssertFortranOrder(handle);
        handle.Dispose();
        Assert.Equal(1, deleted);
    }

    [Fact]
    public void ATensorPassesThroughUs()
    {
        int deleted = 0;
        TensorHandle handle = DLPackImporter.Import(peer.Produce(5, 2, 0, &deleted));
        DLManagedTensorVersioned* again = DLPackExporter.ToManagedTensor(handle);
        handle.Dispose();
        Assert.Equal(0, deleted);
        Assert.Equal(45, peer.Consume(again));
        Assert.Equal(1, deleted);
    }

    private static void AssertFortranOrder(TensorHandle handle)
    {
        Assert.Equal([4L, 12], handle.ByteStrides.ToArray());
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 4; column++)
                Assert.Equal(row + (3f * column), *(float*)(handle.Data + (nuint)handle.Layout.OffsetOf(row, column)));
        }
    }
}
