using CppSharp;
using TensorBridge.Bindgen;

// dotnet run --project native/bindgen [-- <folder for the result>]
string root = FindRoot(Environment.CurrentDirectory);
string output = args.Length > 0 ? Path.GetFullPath(args[0]) : Path.Combine(root, "src", "TensorBridge", "DLPack");
return ConsoleDriver.Run(new DLPackLibrary(Path.Combine(root, "native", "include"), output)) ? 0 : 1;

static string FindRoot(string start)
{
    for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        if (File.Exists(Path.Combine(folder.FullName, "TensorBridge.sln")))
            return folder.FullName;
    throw new DirectoryNotFoundException($"no TensorBridge.sln in '{start}' or above it; run from inside the repository");
}
