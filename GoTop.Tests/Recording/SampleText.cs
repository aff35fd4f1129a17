using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Tests.Recording;

/// <summary>
/// Writes every field of a sample as text, exactly, so that two samples are equal when their texts are. Records cannot
/// be compared themselves: those that hold arrays compare by reference.
/// </summary>
internal static class SampleText
{
    public static string Of(object? value)
    {
        StringBuilder text = new();
        Append(text, value, "");
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, string path)
    {
        switch (value)
        {
            case null:
                text.Append(path).Append(" = null\n");
                return;
            case double number:
                text.Append(CultureInfo.InvariantCulture, $"{path} = {BitConverter.DoubleToInt64Bits(number):x}\n");
                return;
            case DateTimeOffset time:
                text.Append(CultureInfo.InvariantCulture, $"{path} = {time.Ticks} {time.Offset}\n");
                return;
            case string or bool or byte or int or long or ulong or Enum or CoreSet:
                text.Append(CultureInfo.InvariantCulture, $"{path} = {value}\n");
                return;
            case GoroutineRow row:
                text.Append(CultureInfo.InvariantCulture, $"{path} = {row}\n");
                return;
            case IDictionary map:
                foreach (DictionaryEntry entry in map) Append(text, entry.Value, $"{path}[{entry.Key}]");
                text.Append(CultureInfo.InvariantCulture, $"{path}.Count = {map.Count}\n");
                return;
            case IEnumerable items:
                int index = 0;
                foreach (object? item in items) Append(text, item, $"{path}[{index++}]");
                text.Append(CultureInfo.InvariantCulture, $"{path}.Count = {index}\n");
                return;
        }

        Type type = value.GetType();
        bool absent = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Reading<>) && !(bool)type.GetProperty("HasValue")!.GetValue(value)!;
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            // What is computed follows from the rest; a reading's value has no setter and must be compared.
            if (absent ? property.Name == "Value" : !property.CanWrite && property.DeclaringType is { IsGenericType: false }) continue;
            Append(text, property.GetValue(value), $"{path}.{property.Name}");
        }
    }
}
