using System.Globalization;
using ILGPU;
using TensorBridge;
using TensorBridge.Accelerators.Kernels;

// Runs one kernel that misbehaves, in a process of its own, and prints what became of it:
//   TensorBridge.KernelProbe ASSEMBLY KERNEL ENGINE NUMBER...
// The kernel gets the numbers, then an int32 tensor of 64 elements (for Index2D kernels of shape (8, 8)).
using KernelModule module = KernelModule.Load(args[0]);
ModuleKernel kernel = module.Kernel(args[1]);
LaunchOptions options = new() { Engine = Enum.Parse<KernelEngine>(args[2]) };
if (kernel.IsExplicitlyGrouped)
    options = options with { Grid = new Index3D(2, 1, 1), Group = new Index3D(32, 1, 1) };

int[] memory = GC.AllocateArray<int>(64, pinned: true);
KernelArgument[] arguments = new KernelArgument[kernel.Parameters.Count];
int number = 3;
for (int i = 0; i < arguments.Length; i++)
{
    arguments[i] = kernel.Parameters[i].Expected.StartsWith("tensor", StringComparison.Ordinal)
        ? Tensor(memory, kernel.Parameters[i].Expected.Contains("*, *", StringComparison.Ordinal) ? [8, 8] : [64])
        : long.Parse(args[number++], CultureInfo.InvariantCulture);
}

try
{
    kernel.Launch(options, arguments);
    Console.WriteLine("no error");
}
catch (Exception failure)
{
    Console.WriteLine(failure.GetType().Name + ": " + failure.Message);
}

Console.WriteLine("alive");

static unsafe TensorHandle Tensor(int[] memory, long[] shape)
{
    fixed (int* data = memory)
        return new TensorHandle(new TensorDescriptor((nuint)data, DType.Int32, Layout.Contiguous(shape, 4), TensorBridge.Device.Cpu), memory);
}
