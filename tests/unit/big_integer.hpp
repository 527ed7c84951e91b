// The reference that exact arithmetic is held to: Boost's big integers, and numbers drawn where 64 and 128 bits
// end.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <random>
#include <string>

#include "value/int128.hpp"
#include "value/rational.hpp"

namespace eligo::test {

using BigInteger = boost::multiprecision::cpp_int;
using BigRational = boost::multiprecision::cpp_rational;

// By two halves, so that nothing rests on Boost's own idea of the compiler's type.
inline BigInteger to_big(value::Int128 number) {
    const BigInteger high = static_cast<std::int64_t>(number >> 64);
    const BigInteger low = static_cast<std::uint64_t>(number);
    return high * (BigInteger(1) << 64) + low;
}

inline BigRational to_big(const value::Rational& number) {
    return BigRational(to_big(number.numerator()), to_big(number.denominator()));
}

inline bool fits_int128(const BigInteger& number) {
    return number >= to_big(value::int128_min) && number <= to_big(value::int128_max);
}

inline bool fits_rational(const BigRational& number) {
    return fits_int128(boost::multiprecision::numerator(number)) &&
           fits_int128(boost::multiprecision::denominator(number));
}

// Floor division; the denominator is positive.
inline BigInteger big_floor(const BigInteger& numerator, const BigInteger& denominator) {
    const BigInteger quotient = numerator / denominator;
    return quotient * denominator > numerator ? BigInteger(quotient - 1) : quotient;
}

// A number as all outputs write it: a decimal with all its digits, the quotient in lowest terms where it is none.
inline std::string exact_text(const BigRational& number, std::size_t least_decimals = 0) {
    BigInteger top = abs(boost::multiprecision::numerator(number));
    const BigInteger bottom = boost::multiprecision::denominator(number);
    const std::string sign = number < 0 ? "-" : "";
    BigInteger odd = bottom;
    for (const int prime : {2, 5})
        while (odd % prime == 0) odd /= prime;
    if (odd != 1) return sign + top.str() + "/" + bottom.str();
    const std::string whole = BigInteger(top / bottom).str();
    std::string decimals;
    for (top %= bottom; top != 0; top %= bottom) {
        top *= 10;
        decimals += BigInteger(top / bottom).str();
    }
    while (decimals.size() < least_decimals) decimals += '0';
    return sign + whole + (decimals.empty() ? "" : "." + decimals);
}

// Whole numbers of every length, with those beside the powers of two drawn often. The seed is fixed, so that
// a failure comes again.
class BorderNumbers {
public:
    explicit BorderNumbers(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }

    value::Int128 next(int most_bits = 128) {
        const value::UInt128 random = (static_cast<value::UInt128>(engine_()) << 64) | engine_();
        const auto bits = static_cast<int>(below(static_cast<std::uint64_t>(most_bits)));  // the sign takes one
        const value::UInt128 power = value::UInt128{1} << bits;
        const value::UInt128 step = below(5);
        value::UInt128 magnitude = random & (power - 1);
        if (below(3) == 0) magnitude = power - step;  // wraps for the smallest powers, which is a number as well
        if (below(6) == 0) magnitude = power + step;
        if (below(2) == 0) magnitude = value::UInt128{0} - magnitude;
        return narrowed(static_cast<value::Int128>(magnitude), most_bits);
    }

    value::Int128 next_positive(int most_bits = 128) {
        const value::Int128 number = next(most_bits);
        if (number == 0 || number == value::int128_min) return 1;
        return number < 0 ? -number : number;
    }

private:
    static value::Int128 narrowed(value::Int128 number, int bits) {
        const int unused = 128 - bits;
        return static_cast<value::Int128>(static_cast<value::UInt128>(number) << unused) >> unused;
    }

    std::mt19937_64 engine_;
};

}  // namespace eligo::test
