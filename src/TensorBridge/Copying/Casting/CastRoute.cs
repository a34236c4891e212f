namespace TensorBridge.Copying;

/// <summary>The stages that lead from one element type to another.</summary>
internal static class CastRoute
{
    /// <summary>Stages from <paramref name="source"/> to <paramref name="destination"/>, both in native byte order; none where the bytes are the same.</summary>
    public static List<CastStage> Build(ElementType source, ElementType destination)
    {
        var route = new List<CastStage>(6);
        Append(route, Ticks(source), Ticks(destination));
        return route;
    }

    /// <summary>Dates and durations are their ticks.</summary>
    private static ElementType Ticks(ElementType type) => type is ElementType.DateTime64 or ElementType.TimeDelta64 ? ElementType.Int64 : type;

    private static void Append(List<CastStage> route, ElementType source, ElementType destination)
    {
        if (destination == ElementType.Boolean)
        {
            AppendTruth(route, source);
        }
        else if (source == ElementType.Boolean)
        {
            route.Add(CastStage.Of<Truth8>());
            Append(route, ElementType.UInt8, destination);
        }
        else if (source.IsComplex())
        {
            AppendFromComplex(route, source, destination);
        }
        else if (destination.IsComplex())
        {
            Append(route, source, RealOf(destination));
            // A float widened with zeros is a complex number without an imaginary part.
            route.Add(destination == ElementType.Complex32 ? CastStage.Of<WidenUInt16>() : destination == ElementType.Complex64 ? CastStage.Of<WidenUInt32>() : CastStage.Of<Complex128OfReal>());
        }
        else if (IsInteger(source))
        {
            AppendFromInteger(route, source, destination);
        }
        else
        {
            AppendFromFloat(route, source, destination);
        }
    }

    private static void AppendTruth(List<CastStage> route, ElementType source)
    {
        if (source is ElementType.Complex64 or ElementType.Float32)
            route.Add(CastStage.Of<DropSign32>(source == ElementType.Complex64 ? 2 : 1));
        else if (source is ElementType.Complex128 or ElementType.Float64)
            route.Add(CastStage.Of<DropSign64>(source == ElementType.Complex128 ? 2 : 1));
        else if (source is ElementType.Complex32 or ElementType.Float16 or ElementType.BFloat16)
            route.Add(CastStage.Of<DropSign16>(source == ElementType.Complex32 ? 2 : 1));
        int size = source.Size();
        if (size == 16)
            route.Add(CastStage.Of<Fold64>(2));
        if (size >= 8)
            route.Add(CastStage.Of<Fold64>());
        if (size >= 4)
            route.Add(CastStage.Of<Truth32>());
        route.Add(size == 1 ? CastStage.Of<Truth8>() : CastStage.Of<Truth16>());
    }

    private static void AppendFromComplex(List<CastStage> route, ElementType source, ElementType destination)
    {
        if (source == destination)
            return;
        if (destination.IsComplex())
        {
            AppendComplex(route, source, destination);
            return;
        }
        route.Add(source == ElementType.Complex32 ? CastStage.Of<Narrow32>() : source == ElementType.Complex64 ? CastStage.Of<Narrow64>() : CastStage.Of<RealOfComplex128>());
        Append(route, RealOf(source), destination);
    }

    /// <summary>Both halves of each number go the same way.</summary>
    private static void AppendComplex(List<CastStage> route, ElementType source, ElementType destination)
    {
        if (source == ElementType.Complex32)
            route.Add(CastStage.Of<Float16ToFloat32>(2));
        if (destination == ElementType.Complex128)
            route.Add(CastStage.Of<WidenFloat32>(2));
        else if (source == ElementType.Complex128)
            route.Add(destination == ElementType.Complex32 ? CastStage.Of<NarrowFloat64ToOdd>(2) : CastStage.Of<NarrowFloat64>(2));
        if (destination == ElementType.Complex32)
            route.Add(CastStage.Of<Float32ToFloat16>(2));
    }

    private static ElementType RealOf(ElementType complex) =>
        complex == ElementType.Complex32 ? ElementType.Float16 : complex == ElementType.Complex64 ? ElementType.Float32 : ElementType.Float64;

    private static void AppendFromInteger(List<CastStage> route, ElementType source, ElementType destination)
    {
        if (IsInteger(destination))
        {
            AppendResize(route, source, destination.Size());
            return;
        }
        if (source.Size() < 4)
        {
            AppendResize(route, source, 4);
            source = ElementType.Int32;
        }
        if (destination == ElementType.Float64)
        {
            route.Add(IntegerToDouble(source));
            return;
        }
        if (source == ElementType.UInt32)
        {
            // Exact in binary64, so the rounding to binary32 is the only one.
            route.Add(CastStage.Of<UInt32ToFloat64>());
            route.Add(CastStage.Of<NarrowFloat64>());
        }
        else
        {
            route.Add(source == ElementType.Int32 ? CastStage.Of<Int32ToFloat32>() : source == ElementType.Int64 ? CastStage.Of<Int64ToFloat32>() : CastStage.Of<UInt64ToFloat32>());
        }
        Append(route, ElementType.Float32, destination);
    }

    private static CastStage IntegerToDouble(ElementType source) => source switch
    {
        ElementType.Int32 => CastStage.Of<Int32ToFloat64>(),
        ElementType.UInt32 => CastStage.Of<UInt32ToFloat64>(),
        ElementType.Int64 => CastStage.Of<Int64ToFloat64>(),
        _ => CastStage.Of<UInt64ToFloat64>(),
    };

    private static void AppendFromFloat(List<CastStage> route, ElementType source, ElementType destination)
    {
        if (source == destination)
            return;
        if (source is ElementType.Float16 or ElementType.BFloat16)
        {
            route.Add(source == ElementType.Float16 ? CastStage.Of<Float16ToFloat32>() : CastStage.Of<BFloat16ToFloat32>());
            Append(route, ElementType.Float32, destination);
        }
        else if (destination is ElementType.Float16 or ElementType.BFloat16)
        {
            AppendToSmallFloat(route, source, destination);
        }
        else if (source == ElementType.Float32 && !FitsInt32(destination))
        {
            route.Add(CastStage.Of<WidenFloat32>());
            Append(route, ElementType.Float64, destination);
        }
        else if (destination == ElementType.Float32)
        {
            route.Add(CastStage.Of<NarrowFloat64>());
        }
        else if (FitsInt32(destination))
        {
            route.Add(source == ElementType.Float32 ? CastStage.Of<Float32ToInt32>() : CastStage.Of<Float64ToInt32>());
            AppendResize(route, ElementType.Int32, destination.Size());
        }
        else
        {
            route.Add(destination == ElementType.UInt64 ? CastStage.Of<Float64ToUInt64>() : CastStage.Of<Float64ToInt64>());
            AppendResize(route, ElementType.Int64, destination.Size());
        }
    }

    private static void AppendToSmallFloat(List<CastStage> route, ElementType source, ElementType destination)
    {
        bool half = destination == ElementType.Float16;
        if (source == ElementType.Float64)
            route.Add(half ? CastStage.Of<NarrowFloat64ToOdd>() : CastStage.Of<NarrowFloat64>());
        route.Add(half ? CastStage.Of<Float32ToFloat16>() : CastStage.Of<Float32ToBFloat16>());
    }

    /// <summary>Halves or doubles until the size is right; the sign of the source decides how bits are added.</summary>
    private static void AppendResize(List<CastStage> route, ElementType source, int size)
    {
        bool signed = source is ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64;
        int now = source.Size();
        for (; now < size; now *= 2)
            route.Add(signed ? WidenSigned(now) : WidenUnsigned(now));
        for (; now > size; now /= 2)
            route.Add(now == 8 ? CastStage.Of<Narrow64>() : now == 4 ? CastStage.Of<Narrow32>() : CastStage.Of<Narrow16>());
    }

    private static CastStage WidenSigned(int size) =>
        size == 1 ? CastStage.Of<WidenInt8>() : size == 2 ? CastStage.Of<WidenInt16>() : CastStage.Of<WidenInt32>();

    private static CastStage WidenUnsigned(int size) =>
        size == 1 ? CastStage.Of<WidenUInt8>() : size == 2 ? CastStage.Of<WidenUInt16>() : CastStage.Of<WidenUInt32>();

    /// <summary>Integers that C reaches through a 32-bit conversion.</summary>
    private static bool FitsInt32(ElementType type) => type is ElementType.Int32 || (IsInteger(type) && type.Size() < 4);

    private static bool IsInteger(ElementType type) => type is >= ElementType.Int8 and <= ElementType.UInt64;
}
