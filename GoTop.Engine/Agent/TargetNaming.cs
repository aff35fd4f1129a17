using System.Globalization;
using GoTop.Engine.Config;

namespace GoTop.Engine.Agent;

/// <summary>What a <c>[[target]]</c> is called while nobody knows its process.</summary>
public static class TargetNaming
{
    public static string NameOf(TargetSettings settings) =>
        settings.Name ?? settings.ProcessName ?? settings.Service ?? settings.Url?.Authority ?? Number(settings.ProcessId);

    /// <summary>What the configuration names, e.g. <c>process checkout</c>.</summary>
    public static string WhatOf(TargetSettings settings) => settings switch
    {
        { Url: { } url } => $"url {url.GetLeftPart(UriPartial.Path)}",
        { Service: { } service } => $"service {service}",
        { ProcessName: { } process } => $"process {process}",
        _ => $"pid {Number(settings.ProcessId)}",
    };

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
