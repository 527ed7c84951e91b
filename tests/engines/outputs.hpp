// One case through everything that prints or writes a number: the explanation, as data, as text and as JSON, the libraries in C++
// and in C, rows of CSV and NDJSON, columns of Arrow. Each must have the digits of the oracle's number, as this folder writes
// them. Used by agree.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "agreement.hpp"

namespace eligo::oracle {

// How many numbers were held to it, by output.
struct NumbersHeld {
    std::size_t shown = 0, hosts = 0, rows = 0, columns = 0;
    std::size_t narrower = 0;  // lets of which the compiler knows more
    void add(const NumbersHeld& other) {
        shown += other.shown;
        hosts += other.hosts;
        rows += other.rows;
        columns += other.columns;
        narrower += other.narrower;
    }
};

class Outputs {
public:
    // The rules must outlive it and must have compiled.
    Outputs(const Rules& rules, sema::Id policy);
    ~Outputs();

    // In which of them a number is another than was told; empty when in none.
    [[nodiscard]] std::string differences(const Case& made, const Answer& told);
    // The rows of all cases so far, laid out as a database and as a workbook in that folder and read again; empty when these have
    // what the rows have.
    [[nodiscard]] std::string tables(const std::string& folder);
    [[nodiscard]] const NumbersHeld& held() const;

private:
    struct Kept;
    std::unique_ptr<Kept> kept_;
};

}  // namespace eligo::oracle
