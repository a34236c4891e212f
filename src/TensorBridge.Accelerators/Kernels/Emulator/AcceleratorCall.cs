using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Calls ILGPU's launcher with the arguments of a frame; <paramref name="config"/> counts for grouped kernels only.</summary>
internal delegate void AcceleratorCall(KernelFrame frame, Delegate launcher, AcceleratorStream stream, KernelConfig config);
