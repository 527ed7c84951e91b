// The oracle's numbers: rationals of any size. Nearly all that a policy meets fit a numerator and a denominator of 64 bits,
// which are worked with in 128 and never leave them unnoticed; all others are Boost's. Shares nothing with engine/value/.
// Compared with Boost's by number_test.cpp.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

namespace eligo::oracle {

class Number {
public:
    using Whole = boost::multiprecision::cpp_int;
    using Big = boost::multiprecision::cpp_rational;
    __extension__ typedef __int128 Wide;

    Number() = default;
    template <std::integral Integer>
    Number(Integer whole)
        : Number(std::in_range<std::int64_t>(whole) && whole != Integer(least) ? Number(static_cast<std::int64_t>(whole), Small()) : of_big(Big(Whole(whole)))) {
    }                                                           // NOLINT: whole numbers are rationals
    Number(const Whole& whole) : Number(of_big(Big(whole))) {}  // NOLINT
    // The denominator is not zero.
    Number(const Whole& numerator, const Whole& denominator) : Number(of_big(Big(numerator, denominator))) {}
    Number(std::int64_t numerator, std::int64_t denominator) : Number(reduced(numerator, denominator)) {}

    Number(const Number& other) : numerator_(other.numerator_), denominator_(other.denominator_), big_(other.big_ ? std::make_unique<Big>(*other.big_) : nullptr) {}
    Number(Number&&) noexcept = default;
    Number& operator=(const Number& other) {
        numerator_ = other.numerator_;
        denominator_ = other.denominator_;
        if (big_ || other.big_) big_ = other.big_ ? std::make_unique<Big>(*other.big_) : nullptr;
        return *this;
    }
    Number& operator=(Number&&) noexcept = default;
    ~Number() = default;

    // The denominator is not zero.
    static Number of(Wide numerator, Wide denominator) { return reduced(numerator, denominator); }

    // As Boost has it.
    [[nodiscard]] Big big() const { return big_ ? *big_ : Big(numerator_, denominator_); }
    [[nodiscard]] Whole numerator() const { return big_ ? Whole(boost::multiprecision::numerator(*big_)) : Whole(numerator_); }
    [[nodiscard]] Whole denominator() const { return big_ ? Whole(boost::multiprecision::denominator(*big_)) : Whole(denominator_); }
    [[nodiscard]] bool is_whole() const { return big_ ? boost::multiprecision::denominator(*big_) == 1 : denominator_ == 1; }
    // One over its denominator: the greatest step of which it is a multiple and in which one is counted whole.
    [[nodiscard]] Number step() const { return big_ ? Number(Whole(1), denominator()) : reduced(1, denominator_); }
    [[nodiscard]] bool is_small() const { return !big_; }
    [[nodiscard]] std::string str() const { return big().str(); }

    friend Number operator+(const Number& a, const Number& b) {
        if (a.big_ || b.big_) return of_big(a.big() + b.big());
        if (a.denominator_ == b.denominator_) return reduced(Wide{a.numerator_} + b.numerator_, a.denominator_);
        return reduced(Wide{a.numerator_} * b.denominator_ + Wide{b.numerator_} * a.denominator_, Wide{a.denominator_} * b.denominator_);
    }
    friend Number operator-(const Number& a, const Number& b) { return a + -b; }
    friend Number operator-(const Number& a) {
        if (a.big_) return of_big(-*a.big_);
        Number result;
        result.numerator_ = -a.numerator_;
        result.denominator_ = a.denominator_;
        return result;
    }
    friend Number operator*(const Number& a, const Number& b) {
        if (a.big_ || b.big_) return of_big(a.big() * b.big());
        return reduced(Wide{a.numerator_} * b.numerator_, Wide{a.denominator_} * b.denominator_);
    }
    // The divisor is not zero.
    friend Number operator/(const Number& a, const Number& b) {
        if (a.big_ || b.big_) return of_big(a.big() / b.big());
        return reduced(Wide{a.numerator_} * b.denominator_, Wide{a.denominator_} * b.numerator_);
    }
    Number& operator+=(const Number& other) { return *this = *this + other; }

    // In lowest terms there is one way to write a number, and what fits 64 bits is written so.
    friend bool operator==(const Number& a, const Number& b) {
        if (a.big_ || b.big_) return a.big_ && b.big_ && *a.big_ == *b.big_;
        return a.numerator_ == b.numerator_ && a.denominator_ == b.denominator_;
    }
    friend std::strong_ordering operator<=>(const Number& a, const Number& b) {
        if (a.big_ || b.big_) {
            const int order = a.big().compare(b.big());
            return order <=> 0;
        }
        if (a.denominator_ == b.denominator_) return a.numerator_ <=> b.numerator_;
        const Wide left = Wide{a.numerator_} * b.denominator_, right = Wide{b.numerator_} * a.denominator_;
        return left < right ? std::strong_ordering::less : left > right ? std::strong_ordering::greater : std::strong_ordering::equal;
    }

    // The greatest whole number that is not greater.
    friend Number floor_of(const Number& a) {
        if (a.big_) return big_floor(*a.big_);
        if (a.denominator_ == 1) return a;
        return Number(a.numerator_ / a.denominator_ - (a.numerator_ < 0 ? 1 : 0));
    }
    friend Number ceiling_of(const Number& a) { return -floor_of(-a); }
    // The greatest of which both are whole multiples; of zero and another, the other.
    friend Number common_step(const Number& a, const Number& b);
    // Of a whole number.
    friend bool is_odd(const Number& a) { return a.big_ ? boost::multiprecision::bit_test(Whole(abs(a.numerator())), 0) : (a.numerator_ & 1) != 0; }
    // The whole number below it, which must fit.
    friend std::int64_t small(const Number& a);

private:
    struct Small {};
    static constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();  // has no opposite
    Number(std::int64_t whole, Small) : numerator_(whole) {}

    static Number of_big(const Big& big);
    static Number big_floor(const Big& big);
    static Number reduced(Wide numerator, Wide denominator) {
        if (denominator == 1) {
            if (numerator <= std::numeric_limits<std::int64_t>::max() && numerator > least) return Number(static_cast<std::int64_t>(numerator), Small());
        }
        return lowest_terms(numerator, denominator);
    }
    static Number lowest_terms(Wide numerator, Wide denominator);

    std::int64_t numerator_ = 0, denominator_ = 1;  // of what is not big: in lowest terms, the denominator positive
    std::unique_ptr<Big> big_;                      // of what does not fit
};

}  // namespace eligo::oracle
