using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Security;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;
using Microsoft.Win32;

namespace GoTop.Engine.Control.Services.Windows;

/// <summary>
/// A service's own environment: the value <c>Environment</c> of its key, strings of <c>NAME=value</c> that the service manager
/// adds to the machine's when it starts the service.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class ServiceRegistry
{
    private const string Value = "Environment";

    public static Reading<ImmutableArray<KeyValuePair<string, string>>> ReadEnvironment(string service)
    {
        try
        {
            using RegistryKey? key = Registry.LocalMachine.OpenSubKey(Path(service));
            return key?.GetValue(Value) switch
            {
                null => Reading.Of(ImmutableArray<KeyValuePair<string, string>>.Empty),
                string[] entries => Reading.Of<ImmutableArray<KeyValuePair<string, string>>>(
                    [.. from entry in entries let at = entry.IndexOf('=', StringComparison.Ordinal) where at > 0 select KeyValuePair.Create(entry[..at], entry[(at + 1)..])]),
                _ => Reading.Failed<ImmutableArray<KeyValuePair<string, string>>>("the value Environment of its key in the registry is no list of strings"),
            };
        }
        catch (Exception refused) when (refused is SecurityException or UnauthorizedAccessException or IOException)
        {
            return Reading.Denied<ImmutableArray<KeyValuePair<string, string>>>($"its key in the registry cannot be read: {refused.Message}");
        }
    }

    /// <summary>The command line that starts it.</summary>
    public static Reading<string> ReadCommand(string service)
    {
        try
        {
            using RegistryKey? key = Registry.LocalMachine.OpenSubKey(Path(service));
            return key?.GetValue("ImagePath", null, RegistryValueOptions.DoNotExpandEnvironmentNames) is string command
                ? Reading.Of(PlainText.Clean(command, 1000))
                : Reading.Failed<string>($"service {service} has no command in the registry");
        }
        catch (Exception refused) when (refused is SecurityException or UnauthorizedAccessException or IOException)
        {
            return Reading.Denied<string>($"its key in the registry cannot be read: {refused.Message}");
        }
    }

    /// <exception cref="ControlException"></exception>
    public static void WriteEnvironment(string service, ImmutableArray<KeyValuePair<string, string>> environment)
    {
        try
        {
            using RegistryKey key = Registry.LocalMachine.OpenSubKey(Path(service), writable: true) ?? throw new ControlException($"service {service} has no key in the registry");
            if (environment.IsEmpty) key.DeleteValue(Value, throwOnMissingValue: false);
            else key.SetValue(Value, environment.Select(entry => $"{entry.Key}={entry.Value}").ToArray(), RegistryValueKind.MultiString);
        }
        catch (Exception refused) when (refused is SecurityException or UnauthorizedAccessException)
        {
            throw new ControlException($"its key in the registry cannot be written: {refused.Message} (run GoTop as administrator)") { IsDenied = true };
        }
    }

    private static string Path(string service) => @"SYSTEM\CurrentControlSet\Services\" + service.Replace('\\', '_');
}
