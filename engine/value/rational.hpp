// Exact rational numbers for everything known before a company is seen: literals, units of
// registers, ends of ranges. Always normalised: the denominator is positive and shares no factor
// with the numerator. Operations that would need more than 128 bits answer nothing.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "int128.hpp"

namespace eligo::value {

class Rational {
public:
    constexpr Rational() = default;
    constexpr Rational(std::int64_t whole) : numerator_(whole) {}  // NOLINT: whole numbers are rationals
    // nullopt when the denominator is zero or normalising overflows.
    [[nodiscard]] static std::optional<Rational> make(Int128 numerator, Int128 denominator);
    // A constant known to be valid (asserts otherwise): `Rational::of(1, 100)`.
    [[nodiscard]] static Rational of(Int128 numerator, Int128 denominator);

    [[nodiscard]] constexpr Int128 numerator() const { return numerator_; }
    [[nodiscard]] constexpr Int128 denominator() const { return denominator_; }
    [[nodiscard]] constexpr bool is_whole() const { return denominator_ == 1; }
    [[nodiscard]] constexpr bool is_zero() const { return numerator_ == 0; }
    [[nodiscard]] constexpr int sign() const { return numerator_ < 0 ? -1 : numerator_ > 0 ? 1 : 0; }
    // True when the number can be written with finitely many decimals (denominator 2^a * 5^b).
    [[nodiscard]] bool is_finite_decimal() const;
    // The fewest decimals that write it exactly; nullopt when it is not a finite decimal.
    [[nodiscard]] std::optional<int> decimals() const;

    friend constexpr bool operator==(const Rational&, const Rational&) = default;

private:
    constexpr Rational(Int128 numerator, Int128 denominator) : numerator_(numerator), denominator_(denominator) {}
    Int128 numerator_ = 0;
    Int128 denominator_ = 1;
};

[[nodiscard]] std::optional<Rational> add(const Rational&, const Rational&);
[[nodiscard]] std::optional<Rational> subtract(const Rational&, const Rational&);
[[nodiscard]] std::optional<Rational> multiply(const Rational&, const Rational&);
[[nodiscard]] std::optional<Rational> divide(const Rational&, const Rational&);  // nullopt for a zero divisor too
[[nodiscard]] std::optional<Rational> negate(const Rational&);
// Exact for all values: never overflows (compares continued fractions when cross products would).
[[nodiscard]] std::strong_ordering compare(const Rational&, const Rational&);
// The largest unit of which both are whole multiples: unit_gcd(1/100, 1/6) = 1/300. Signs are ignored;
// with one operand zero it is the other's absolute value.
[[nodiscard]] std::optional<Rational> unit_gcd(const Rational&, const Rational&);
[[nodiscard]] Int128 floor(const Rational&);
[[nodiscard]] Int128 ceil(const Rational&);

// Plain decimal notation: "12", "-0.75", "1/3" when it is not a finite decimal.
[[nodiscard]] std::string to_string(const Rational&);
// The same of so many times the number, however large that is: 3/4 in percent is "75".
[[nodiscard]] std::string to_string(const Rational&, std::int64_t times);
[[nodiscard]] std::string to_string(Int128);
// Reads "-12", "0.10", "1200000.00"; also exponents ("1.2e3") exactly, since JSON allows them. No
// blanks, no signs but a leading '-', no grouping. nullopt when it is not that, or needs more than 128 bits.
[[nodiscard]] std::optional<Rational> parse_decimal(std::string_view text);

}  // namespace eligo::value
