namespace TensorBridge.Python.Hosting;

/// <summary>An interpreter on this machine, as it describes itself.</summary>
/// <param name="Executable">The interpreter; with a virtual environment, the one inside it.</param>
/// <param name="Version">Major, minor and micro version.</param>
/// <param name="LibraryPath">Its libpython.</param>
internal sealed record PythonInstallation(string Executable, Version Version, string LibraryPath);
