using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>Comparisons by the device: one test body on ILGPU's CPU accelerator and on the driver stand-in.</summary>
public sealed class BridgeComparisonTests(StandInFixture fixture) : StandInTest(fixture)
{
    [Fact]
    public void OnTheCpuAccelerator()
    {
        using HostBridge bridge = HostBridge.Create();
        Compare(bridge);
    }

    [Fact]
    public void OnTheStandIn()
    {
        using CudaBridge bridge = CudaBridge.Create();
        Compare(bridge);
    }

    private static void Compare(AcceleratorBridge bridge)
    {
        using TensorHandle a = Filled(bridge, 1.0);
        using TensorHandle b = Filled(bridge, 1.0);
        using TensorHandle ints = bridge.Cast(a, DType.Int16);
        using TensorHandle turned = b.Transpose();
        Assert.True(bridge.AreEqual(a, b));
        Assert.True(bridge.AreEqual(a, ints));
        Assert.True(bridge.AreEqual(ints, ints));
        Assert.False(bridge.AreEqual(a, turned));
        using (TensorHandle one = b[5, 6])
            bridge.Fill(one, 1.001);
        Assert.False(bridge.AreEqual(a, b));
        Assert.False(bridge.AreClose(a, b));
        Assert.True(bridge.AreClose(a, b, relative: 0, absolute: 0.002));
        using (TensorHandle one = a[5, 6])
            bridge.Fill(one, double.NaN);
        using (TensorHandle one = b[5, 6])
            bridge.Fill(one, double.NaN);
        Assert.False(bridge.AreEqual(a, b));
        Assert.True(bridge.AreEqual(a, b, equalNaN: true));
        Assert.True(bridge.AreClose(a, b, equalNaN: true));
        using TensorHandle column = a[TensorIndex.All, TensorIndex.Slice(0, 1)];
        Assert.False(bridge.AreClose(a, column));
        Assert.True(bridge.AreClose(column, ints));
        using TensorHandle wrong = a[TensorIndex.All, TensorIndex.Slice(0, 4)];
        Assert.Contains("broadcast", Assert.Throws<TensorLayoutException>(() => bridge.AreClose(a, wrong)).Message);
        using TensorHandle complex = bridge.Cast(ints, DType.Complex64);
        Assert.True(bridge.AreEqual(complex, ints));
        using TensorHandle opaque = ints.Reinterpret(DType.Opaque(2));
        using TensorHandle copy = bridge.ToContiguous(opaque, copy: true);
        Assert.True(bridge.AreEqual(opaque, copy));
        Assert.Throws<TensorUnsupportedException>(() => bridge.AreClose(opaque, copy));
    }

    private static TensorHandle Filled(AcceleratorBridge bridge, double value)
    {
        TensorHandle result = bridge.Allocate<double>(7, 9);
        bridge.Fill(result, value);
        return result;
    }
}
