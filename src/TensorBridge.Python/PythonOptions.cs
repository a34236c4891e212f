namespace TensorBridge.Python;

/// <summary>How <see cref="PythonRuntime.Start"/> finds and starts Python.</summary>
public sealed record PythonOptions
{
    /// <summary>
    /// The interpreter whose installation (and virtual environment) is used. Null: the variable <c>TENSORBRIDGE_PYTHON</c>, the active
    /// virtual environment, then <c>python3</c> on PATH.
    /// </summary>
    public string? Interpreter { get; init; }

    /// <summary>The folder that holds the package folder <c>tensorbridge</c>. Null: <c>python</c> beside the program.</summary>
    public string? PackagePath { get; init; }

    /// <summary>
    /// True when Ctrl-C is to be a <c>KeyboardInterrupt</c> while Python code runs through <see cref="PythonRuntime"/> on the thread that
    /// started it. Outside of such calls Ctrl-C keeps the meaning it has in the .NET program.
    /// </summary>
    public bool HandlesInterrupts { get; init; } = true;
}
