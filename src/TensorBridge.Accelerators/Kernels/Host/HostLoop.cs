namespace TensorBridge.Accelerators.Kernels;

/// <summary>Runs a kernel for the indices from <paramref name="start"/> to before <paramref name="end"/>, counted in C order of the frame's space.</summary>
internal delegate void HostLoop(KernelFrame frame, long start, long end);
