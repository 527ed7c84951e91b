// What the sheets of a workbook share: their names and states, the kinds of their numbers, and the texts that cells refer to.
// Tested by workbook_test.cpp.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files.hpp"
#include "office_package.hpp"
#include "sheet_number.hpp"
#include "table.hpp"

namespace eligo::io {

// Texts by number: those that come first in memory, the others in a file without a name.
class SharedTexts {
public:
    // False when there is no room for a file.
    [[nodiscard]] bool add(std::string_view text);
    enum class Found : std::uint8_t { Yes, No, TooLong };
    // Not from several threads at once.
    [[nodiscard]] Found find(std::uint64_t number, std::string& text) const;
    [[nodiscard]] std::uint64_t size() const { return count_; }

private:
    // A file that is read in pieces, one behind the other as a rule.
    struct Spill {
        File file;
        mutable std::string ahead;
        mutable std::uint64_t ahead_at = 0;
        [[nodiscard]] bool write(const void* bytes, std::size_t size);
        [[nodiscard]] bool read(std::uint64_t at, std::size_t size, char* into) const;
    };
    std::string near_;                    // the texts in memory, one behind the other
    std::vector<std::uint32_t> near_ends_;
    Spill far_, far_ends_;                // and the others; of each, where it ends, in eight bytes
    std::uint64_t far_size_ = 0, count_ = 0;
    std::vector<std::uint64_t> too_long_;  // their numbers, in order
};

// A text as cells have it: `_x000D_` is a character (22.9.2.19, ST_Xstring). What is no character becomes a byte that no text has.
inline constexpr char no_text = '\xFF';
void append_text(std::string& text, std::string_view raw);

struct Book {
    struct Sheet {
        std::string name;
        std::string part;       // empty: the workbook names none
        bool is_table = false;  // and not a chart, a dialog
        bool is_hidden = false;
    };
    std::vector<Sheet> sheets;
    bool from_1904 = false;
    // Whoever wrote the workbook has left the results of its formulas to others: what stands there is 0.
    bool has_no_results = false;
    std::vector<NumberKind> kinds;  // by the style of a cell
    SharedTexts texts;

    // False, and a problem, when it cannot be read.
    [[nodiscard]] bool read(Package& package, std::vector<Problem>& problems);
};

}  // namespace eligo::io
