namespace TensorBridge.Cli.Commands;

/// <summary>Turns the errors that a user can cause or cure into one line and an exit code, without a stack trace.</summary>
internal static class CommandRunner
{
    // What shells report for a program that Ctrl-C ended.
    private const int CancelledExitCode = 130;

    /// <summary>Runs a command; exit code 1 with a message on standard error when it fails.</summary>
    /// <remarks>Set <c>TENSORBRIDGE_TRACE=1</c> to see where an error came from.</remarks>
    public static int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (Exception error) when (error is TensorException or IOException or UnauthorizedAccessException or OverflowException
            or ArgumentException or InvalidOperationException or PlatformNotSupportedException or DllNotFoundException
            or TensorBridge.Python.PythonException)
        {
            Console.Error.WriteLine($"tensorbridge: {error.Message}");
            if (Environment.GetEnvironmentVariable("TENSORBRIDGE_TRACE") == "1")
                Console.Error.WriteLine(error);
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("tensorbridge: cancelled");
            return CancelledExitCode;
        }
    }

    /// <summary>Runs a command that may take long, so that Ctrl-C can cancel it and it can tidy up.</summary>
    public static Task<int> RunLong(Func<int> command) => Task.Run(() => Run(command));
}
