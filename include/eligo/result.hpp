// A value, or the reason why there is none.
//
// What throws: nothing here but the standard library, when memory runs out (std::bad_alloc, or std::length_error for a size that no
// container can have). Whatever was to be changed is then as it was. What allocates nothing is noexcept or says so.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace eligo {

// Why something could not be done, in one sentence a language.
struct Error {
    std::string chinese, english;
};

namespace detail {

[[noreturn]] inline void stop(const std::string& message) {
    std::fprintf(stderr, "eligo: %s\n", message.c_str());
    std::abort();
}

}  // namespace detail

// A value or an Error. Asking for the one that is not there ends the program with the error's message: ask has_value()
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
        if (has_value()) detail::stop("error() of a result that has a value");
        return error_;
    }

private:
    void require_value() const {
        if (!has_value()) detail::stop(error_.english);
    }

    std::optional<T> value_;
    Error error_;
};

}  // namespace eligo
