namespace GoTop.Engine.Alerts.Conditions;

public enum Side : byte
{
    Above,
    Below,
}

/// <summary>A limit, and the value at which passing it is over (hysteresis).</summary>
/// <param name="Clear">Not beyond the limit; the limit itself for none.</param>
public readonly record struct Bound(Side Side, double Limit, double Clear)
{
    public Bound(Side side, double limit)
        : this(side, limit, limit)
    {
    }

    public bool IsPassed(double value, bool isActive)
    {
        double limit = isActive ? Clear : Limit;
        return Side == Side.Above ? value > limit : value < limit;
    }

    public string Describe(Func<double, string> write) => $"{Word} {write(Limit)}{(Clear == Limit ? "" : $" until {Opposite} {write(Clear)}")}";

    public string Explain(double value, bool isActive, Func<double, string> write)
    {
        bool passed = IsPassed(value, isActive);
        double limit = isActive ? Clear : Limit;
        string ending = isActive && passed && Clear != Limit && !IsPassed(value, false) ? ", where it ends" : "";
        return $"{write(value)} is {(passed ? "" : "not ")}{Word} {write(limit)}{ending}";
    }

    private string Word => Side == Side.Above ? "above" : "below";

    private string Opposite => Side == Side.Above ? "not above" : "not below";
}
