namespace TensorBridge.Accelerators.Kernels;

/// <summary>Reads all arguments into a frame.</summary>
internal delegate void FrameBinder(KernelFrame frame, ParameterBinder[] binders, ReadOnlySpan<KernelArgument> arguments);
