using System.Reflection;
using TensorBridge.Python.Scenarios;

// usage: SCENARIO; runs the static method of that name and prints what it has to say.
string name = args.Length > 0 ? args[0] : "?";
MethodInfo? scenario = typeof(Scenario).GetMethod(name, BindingFlags.Static | BindingFlags.Public | BindingFlags.IgnoreCase);
if (scenario is null)
{
    Console.Error.WriteLine($"no scenario '{name}'");
    return 64;
}

try
{
    scenario.Invoke(null, null);
    return 0;
}
catch (TargetInvocationException error)
{
    Console.WriteLine($"{error.InnerException!.GetType().Name}: {error.InnerException.Message}");
    return 1;
}
