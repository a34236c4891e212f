namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>An accelerator under test: the test bodies are the same for all.</summary>
internal interface ICopyExecutor : IDisposable
{
    /// <summary>Carries out a case in memory of the accelerator, at the case's shifts, and returns the destination's block and the kernels that ran.</summary>
    (byte[] Destination, IReadOnlyList<string> Kernels) Run(CopyCase copy, byte[] source, byte[] destination);
}
