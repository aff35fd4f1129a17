using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Code;

/// <summary>
/// Tells whose code a function is by its name alone. Go's linker names are <c>import/path.Function</c>; paths of the
/// standard library have no dot in their first element, and every other module that can be fetched has one.
/// </summary>
/// <param name="mainModule">Path of the service's module; empty when unknown, and then only package main is known to be its own.</param>
public sealed class CodeOrigins(string mainModule) : IEquatable<CodeOrigins>
{
    // What the main package of a build from files, and of a test, is called.
    private const string FromFiles = "command-line-arguments";

    public static CodeOrigins Of(TargetIdentity target) =>
        new(target.Build.TryGet(out GoBuildInfo? build) ? build.Module.Length > 0 ? build.Module : build.MainPackage : "");

    public CodeOrigin Of(string function)
    {
        if (FunctionNames.IsRuntime(function) || IsMadeByCompiler(function)) return CodeOrigin.Runtime;
        ReadOnlySpan<char> package = FunctionNames.PackageOf(function);
        if (package.IsEmpty) return CodeOrigin.Unknown;
        if (package is "main" || package.StartsWith(FromFiles, StringComparison.Ordinal) || IsWithin(package, mainModule)) return CodeOrigin.Own;
        int slash = package.IndexOf('/');
        ReadOnlySpan<char> first = slash < 0 ? package : package[..slash];
        // The linker writes a dot in a path's last element as %2e: gopkg.in/yaml%2ev3.
        return first.Contains('.') || first.Contains("%2e", StringComparison.Ordinal) ? CodeOrigin.Library : CodeOrigin.Standard;
    }

    public bool Equals(CodeOrigins? other) => other is not null && other.MainModule == mainModule;

    public override bool Equals(object? obj) => Equals(obj as CodeOrigins);

    public override int GetHashCode() => mainModule.GetHashCode(StringComparison.Ordinal);

    private string MainModule => mainModule;

    private static bool IsWithin(ReadOnlySpan<char> package, string module) =>
        module.Length > 0 && package.StartsWith(module, StringComparison.Ordinal) && (package.Length == module.Length || package[module.Length] == '/');

    /// <summary>Comparison and hashing of a type's values: <c>type:.eq.main.T</c>, <c>type..eq.</c> before Go 1.20.</summary>
    private static bool IsMadeByCompiler(string function) =>
        function.StartsWith("type:", StringComparison.Ordinal) || function.StartsWith("type..", StringComparison.Ordinal) || function.StartsWith("go:", StringComparison.Ordinal);
}
