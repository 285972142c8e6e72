extension DeviceRoutines {
    /// CUDA C++ without any header, compiled for the device when a timing worker opens.
    ///
    /// Elements are read and made bit by bit as `DataType` does on the host; the numbers of `Kind` are `elementKind`'s.
    static let source = #"""
        typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
        typedef signed char i8; typedef short i16; typedef int i32; typedef long long i64;

        struct Report { u64 off, first_off, untouched, first_untouched, nan, first_nan, finite; double squares; };
        struct Small { int exponent, mantissa; u32 greatest, overflow, nan; };

        enum Kind { b8, s8, s16, s32, s64, u8_, u16_, u32_, u64_, f32, f64, f16, bf16, e4m3, e5m2 };

        static __device__ Small small(int kind) {
            switch (kind) {
            case f16: return {5, 10, 0x7BFF, 0x7C00, 0x7E00};
            case bf16: return {8, 7, 0x7F7F, 0x7F80, 0x7FC0};
            case e4m3: return {4, 3, 0x7E, 0x7E, 0x7F};
            default: return {5, 2, 0x7B, 0x7C, 0x7E};
            }
        }
        static __device__ double power_of_2(int exponent) { return __longlong_as_double((i64)(exponent + 1023) << 52); }
        static __device__ bool is_finite(double x) { return fabs(x) <= 1.7976931348623157e308; }

        static __device__ double decode_small(Small format, u64 bits) {
            int sign_shift = format.exponent + format.mantissa;
            u32 pattern = (u32)bits & ((1u << sign_shift) - 1);
            int bias = (1 << (format.exponent - 1)) - 1;
            double magnitude;
            if (pattern > format.greatest) {
                magnitude = __longlong_as_double(pattern == format.overflow ? 0x7FF0000000000000 : 0x7FF8000000000000);
            } else {
                int exponent = pattern >> format.mantissa;
                u32 mantissa = pattern & ((1u << format.mantissa) - 1);
                magnitude = exponent == 0 ? mantissa * power_of_2(1 - bias - format.mantissa)
                    : (mantissa | 1u << format.mantissa) * power_of_2(exponent - bias - format.mantissa);
            }
            return bits >> sign_shift & 1 ? -magnitude : magnitude;
        }
        static __device__ double decode(int kind, u64 bits) {
            switch (kind) {
            case b8: return bits != 0;
            case s8: return (i8)bits;
            case s16: return (i16)bits;
            case s32: return (i32)bits;
            case s64: return (i64)bits;
            case u8_: case u16_: case u32_: case u64_: return bits;
            case f32: return __uint_as_float((u32)bits);
            case f64: return __longlong_as_double(bits);
            default: return decode_small(small(kind), bits);
            }
        }
        static __device__ u64 encode_small(Small format, double value) {
            u64 bits = __double_as_longlong(value);
            int sign_shift = format.exponent + format.mantissa;
            u64 sign = (bits >> 63) << sign_shift;
            u64 magnitude = bits & 0x7FFFFFFFFFFFFFFF;
            if (magnitude > 0x7FF0000000000000) return sign | format.nan;
            int exponent = (int)(magnitude >> 52) - 1023;
            if (exponent == -1023) return sign;
            if (exponent == 1024) return sign | format.overflow;
            u64 significand = (magnitude & 0xFFFFFFFFFFFFF) | 1ull << 52;
            int least = 2 - (1 << (format.exponent - 1));
            int shift = 52 - format.mantissa + (least > exponent ? least - exponent : 0);
            if (shift > 53) return sign;
            u64 half = 1ull << (shift - 1), rest = significand & ((half << 1) - 1), rounded = significand >> shift;
            if (rest > half || (rest == half && (rounded & 1))) rounded += 1;
            u64 steps = (exponent > least ? exponent : least) - least;
            u64 pattern = rounded + (steps << format.mantissa);
            return sign | (pattern > format.greatest ? format.overflow : pattern);
        }
        static __device__ u64 clamped(double value, double least, double greatest) {
            return (u64)(i64)(value < least ? least : value > greatest ? greatest : value);
        }
        static __device__ u64 encode(int kind, double value) {
            double whole = rint(value);
            bool is_nan = value != value;
            switch (kind) {
            case b8: return value == 0 ? 0 : 1;
            case s8: return is_nan ? 0 : clamped(whole, -128, 127);
            case s16: return is_nan ? 0 : clamped(whole, -32768, 32767);
            case s32: return is_nan ? 0 : clamped(whole, -2147483648.0, 2147483647.0);
            case s64: return is_nan ? 0 : (u64)__double2ll_rn(whole);
            case u8_: return is_nan ? 0 : clamped(whole, 0, 255);
            case u16_: return is_nan ? 0 : clamped(whole, 0, 65535);
            case u32_: return is_nan ? 0 : clamped(whole, 0, 4294967295.0);
            case u64_: return is_nan || whole < 0 ? 0 : __double2ull_rn(whole);
            case f32: return __float_as_uint(__double2float_rn(value));
            case f64: return __double_as_longlong(value);
            default: return encode_small(small(kind), value);
            }
        }
        static __device__ int width(int kind) {
            switch (kind) {
            case b8: case s8: case u8_: case e4m3: case e5m2: return 1;
            case s16: case u16_: case f16: case bf16: return 2;
            case s32: case u32_: case f32: return 4;
            default: return 8;
            }
        }
        static __device__ u64 load(const void *values, int width, u64 index) {
            switch (width) {
            case 1: return ((const u8 *)values)[index];
            case 2: return ((const u16 *)values)[index];
            case 4: return ((const u32 *)values)[index];
            default: return ((const u64 *)values)[index];
            }
        }
        static __device__ void store(void *values, int width, u64 index, u64 bits) {
            switch (width) {
            case 1: ((u8 *)values)[index] = bits; break;
            case 2: ((u16 *)values)[index] = bits; break;
            case 4: ((u32 *)values)[index] = bits; break;
            default: ((u64 *)values)[index] = bits;
            }
        }
        #define ALL(count) u64 index = blockIdx.x * (u64)blockDim.x + threadIdx.x; index < (count); \
            index += gridDim.x * (u64)blockDim.x

        static __device__ void tell(u64 *number, u64 *first, u64 count, u64 least) {
            if (count == 0) return;
            atomicAdd(number, count);
            atomicMin(first, least);
        }

        extern "C" __global__ void autotune_compare(Report *report, const void *values, const void *reference,
                u64 count, int kind, double relative, double floor, int exact) {
            u64 off = 0, first = ~0ull;
            int bytes = width(kind);
            for (ALL(count)) {
                u64 bits = load(values, bytes, index), expected_bits = load(reference, bytes, index);
                double value = decode(kind, bits), expected = decode(kind, expected_bits);
                if (exact ? bits == expected_bits : value == expected) continue;
                if (!exact && is_finite(expected) && fabs(value - expected) <= floor + relative * fabs(expected)) continue;
                if (off++ == 0) first = index;
            }
            tell(&report->off, &report->first_off, off, first);
        }

        extern "C" __global__ void autotune_inspect(Report *report, const void *values, const void *reference,
                u64 count, int kind, u64 poison) {
            u64 untouched = 0, first_untouched = ~0ull, nan = 0, first_nan = ~0ull, finite = 0;
            double squares = 0;
            int bytes = width(kind);
            for (ALL(count)) {
                u64 bits = load(values, bytes, index);
                if (bits == poison && (reference == nullptr || load(reference, bytes, index) != poison)) {
                    if (untouched++ == 0) first_untouched = index;
                }
                double value = decode(kind, bits);
                if (value != value) { if (nan++ == 0) first_nan = index; }
                else if (is_finite(value)) { finite++; squares += value * value; }
            }
            tell(&report->untouched, &report->first_untouched, untouched, first_untouched);
            tell(&report->nan, &report->first_nan, nan, first_nan);
            if (finite > 0) { atomicAdd(&report->finite, finite); atomicAdd(&report->squares, squares); }
        }

        extern "C" __global__ void autotune_differ(Report *report, const u8 *values, const u8 *expected, u64 count) {
            u64 off = 0, first = ~0ull;
            for (ALL(count / 8)) {
                if (((const u64 *)values)[index] != ((const u64 *)expected)[index] && off++ == 0) first = index * 8;
            }
            u64 last = count / 8 * 8 + blockIdx.x * (u64)blockDim.x + threadIdx.x;
            if (last < count && values[last] != expected[last] && off++ == 0) first = last;
            tell(&report->off, &report->first_off, off, first);
        }

        static __device__ u64 mix(u64 word) {
            word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9ull;
            word = (word ^ word >> 27) * 0x94D049BB133111EBull;
            return word ^ word >> 31;
        }

        extern "C" __global__ void autotune_checksum(Report *report, const u8 *bytes, u64 count) {
            u64 sum = 0;
            for (ALL(count / 8)) sum += mix(((const u64 *)bytes)[index] + index * 0x9E3779B97F4A7C15ull);
            u64 last = count / 8 * 8 + blockIdx.x * (u64)blockDim.x + threadIdx.x;
            if (last < count) sum += mix(bytes[last] + last * 0x9E3779B97F4A7C15ull);
            atomicAdd(&report->off, sum);
        }

        __device__ const double centre[] = {
            3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
            4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
            1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
            3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3 };
        __device__ const double middle[] = {
            1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
            1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
            1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
            1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9 };
        __device__ const double far[] = {
            6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
            2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
            1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
            7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15 };

        static __device__ double polynomial(const double *c, double x) {
            return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
        }
        static __device__ double ratio(const double *c, double x) { return polynomial(c, x) / polynomial(c + 8, x); }

        static __device__ double logarithm(double x) {
            u64 bits = __double_as_longlong(x);
            double exponent = (int)(bits >> 52) - 1023;
            double significand = __longlong_as_double((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
            if (significand > 1.4142135623730951) { significand /= 2; exponent += 1; }
            double s = (significand - 1) / (significand + 1), square = s * s, sum = 1.0 / 23;
            for (double odd = 21; odd >= 1; odd -= 2) sum = sum * square + 1 / odd;
            return exponent * 0x1.62E42FEFA38p-1 + (2 * s * sum + exponent * 0x1.EF35793C7673p-45);
        }
        static __device__ double quantile(double p) {
            double q = p - 0.5;
            if (fabs(q) <= 0.425) {
                double r = 0.180625 - q * q;
                return q * polynomial(centre, r) / polynomial(centre + 8, r);
            }
            double r = sqrt(-logarithm(q < 0 ? p : 1 - p));
            double tail = r <= 5 ? ratio(middle, r - 1.6) : ratio(far, r - 5);
            return q < 0 ? -tail : tail;
        }

        enum Fill { constant, uniform, normal, arange, integers };

        extern "C" __global__ void autotune_fill(void *values, u64 count, int kind, int fill, double first,
                double second, double third, i64 low, u64 span, u64 seed) {
            u64 key = mix(seed);
            int bytes = width(kind);
            for (ALL(count)) {
                u64 word = mix(key + (index + 1) * 0x9E3779B97F4A7C15ull);
                u64 bits;
                if (fill == integers) {
                    i64 number = low + (i64)(span == 0 ? word : __umul64hi(word, span));
                    bits = kind == b8 || kind >= f32 ? encode(kind, number) : (u64)number;
                } else {
                    double value = first;
                    if (fill == uniform) {
                        value = first + second * ((word >> 11) * 0x1p-53);
                        value = value < third ? value : third;
                    }
                    if (fill == normal) value = first + second * quantile(((word >> 12) + 0.5) * 0x1p-52);
                    if (fill == arange) value = first + second * index;
                    bits = encode(kind, value);
                }
                store(values, bytes, index, bits);
            }
        }
        """#
}
