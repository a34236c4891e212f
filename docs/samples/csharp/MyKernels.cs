using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators;

namespace TensorBridge.Samples;

/// <summary>Kernels: public static methods with an index first, then views and scalars.</summary>
public static class MyKernels
{
    public static void Saxpy(Index1D i, float a, ArrayView<float> x, ArrayView<float> y) => y[i] = (a * x[i]) + y[i];

    public static void ScaleAndShift(Index1D i, StridedView<float, Rank2> v, float factor, float shift) => v[i] = (factor * v[i]) + shift;

    public static void Advance(Index1D i, StridedView<Particle, Rank1> particles, float seconds)
    {
        Particle particle = particles[i];
        particle.X += particle.Speed * seconds;
        particles[i] = particle;
    }
}

/// <summary>One element of a record array: the same fields, at the same offsets, as <c>[('X', 'f4'), ('Speed', 'f4'), ('Id', 'i8')]</c>.</summary>
public struct Particle
{
    public float X;
    public float Speed;
    public long Id;
}
