// A value, or the reason why there is none.
//
// What throws, in all of this library: the standard library when memory runs out (std::bad_alloc, or std::length_error for a size that
// no container can have), and whatever was to be changed is then as it was; and Result, when it is asked for what it does not hold.
// Nothing else, and nothing that is passed in ends the program.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "limits.hpp"

namespace eligo {

// Why something could not be done, in one sentence a language.
struct Error {
    std::string chinese, english;
    Refusal refusal = Refusal::None;  // where the caller's limits or wish are the reason
};

namespace detail {

// Throws std::logic_error. A library that was built without exceptions writes the message and ends the program.
[[noreturn]] void misused(const std::string& message);

}  // namespace detail

// A value or an Error. Asking for the one that is not there throws std::logic_error with the error's message: ask has_value()
// first wherever the answer is not certain.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : value_(std::move(value)) {}        // NOLINT: a value is a result
    Result(Error error) : error_(std::move(error)) {}  // NOLINT: so is an error

    [[nodiscard]] bool has_value() const { return value_.has_value(); }
    explicit operator bool() const { return has_value(); }

    [[nodiscard]] const T& value() const& {
        require_value();
        return *value_;
    }
    [[nodiscard]] T& value() & {
        require_value();
        return *value_;
    }
    [[nodiscard]] T value() && {
        require_value();
        return std::move(*value_);
    }
    [[nodiscard]] const Error& error() const {
        if (has_value()) detail::misused("error() of a result that has a value");
        return error_;
    }

private:
    void require_value() const {
        if (!has_value()) detail::misused(error_.english);
    }

    std::optional<T> value_;
    Error error_;
};

}  // namespace eligo
