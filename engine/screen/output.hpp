// Rows of results as text: CSV, or JSON a line. Each thread writes its rows into a buffer of its own.
// Tested by screen_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../explain/language.hpp"
#include "../explain/why.hpp"
#include "../io/padded_text.hpp"
#include "evaluate.hpp"
#include "intake.hpp"

namespace eligo::screen {

enum class RowFormat : std::uint8_t { Csv, Ndjson };
enum class Reasons : std::uint8_t { LeftOut, Added };

// "company_id", the columns that are kept, "NAME", "NAME.BENEFIT", …, where an amount may be open "NAME.BENEFIT.from" and "NAME.BENEFIT.to" behind it, and with
// reasons "NAME.reasons".
[[nodiscard]] std::vector<std::string> output_header(const std::vector<PolicyColumns>& columns, Reasons reasons, const std::vector<Kept>& kept = {});

// A spreadsheet takes a cell of CSV that begins with `=`, `+`, `-`, `@`, a tab or a line end for a formula and runs it. Behind an
// apostrophe it is a text. Amounts are ours, and stay numbers.
enum class Cells : std::uint8_t { AsTheyAre, SafeInExcel };

void append_csv_cell(std::string& out, std::string_view text, Cells cells = Cells::AsTheyAre);
void append_tsv_cell(std::string& out, std::string_view text, Cells cells = Cells::AsTheyAre);
[[nodiscard]] std::string csv_line(const std::vector<std::string>& texts, Cells cells = Cells::AsTheyAre);

class RowWriter {
public:
    RowWriter(const bytecode::Pack& pack, const Needs& needs, const std::vector<PolicyColumns>& columns, RowFormat format, Reasons reasons, explain::Language language, Cells cells = Cells::AsTheyAre, const std::vector<Kept>& kept = {});
    ~RowWriter();
    // `rows` of the block, in their order.
    void write(io::PaddedText& out, const Block& block, std::span<const std::uint32_t> rows, const Results& results);

private:
    // How amounts are written as decimals; `decimals` < 0: not so.
    struct Decimal {
        int decimals = -1, least = 0;
    };
    struct ShownAmount;
    struct ShownPolicy;
    void look_at(const Results& results);
    static void write_decimals(ShownAmount& of, const std::uint16_t* versions, std::span<const std::uint32_t> rows);
    [[nodiscard]] std::size_t csv_room(const Block& block) const;
    void csv(io::PaddedText& out, const Block& block, std::span<const std::uint32_t> rows, const Results& results);
    template <class Text>
    char* csv_amount(Text& text, char* to, const ShownAmount& shown, std::size_t row, std::uint16_t version) const;
    void ndjson(std::string& out, const Block& block, std::size_t row, const Results& results);
    [[nodiscard]] std::string reasons(const Block& block, std::size_t row, std::size_t policy, vm::Verdict verdict);
    void append_amount(std::string& out, const bytecode::Measure& measure, value::Int128 value) const;

    const bytecode::Pack& pack_;
    const Needs& needs_;
    const std::vector<PolicyColumns>& columns_;
    RowFormat format_;
    Reasons reasons_;
    explain::Language language_;
    Cells cells_;
    std::vector<explain::Explainer> explainers_;
    std::vector<std::string> json_keys_;
    std::vector<std::vector<std::vector<Decimal>>> decimals_;  // by policy, benefit and version
    std::vector<ShownPolicy> shown_;                           // of the results at hand
    std::string line_;                                         // room for a row
    vm::Profile profile_;
    const Block* filled_from_ = nullptr;
    std::size_t filled_row_ = 0;
};

// "line,column,value,reason,position,company_id,table"
[[nodiscard]] std::string reject_header();
[[nodiscard]] std::string reject_line(const Reject& reject, explain::Language language, Cells cells = Cells::AsTheyAre);
[[nodiscard]] const std::string& reason_of(const Reject& reject, explain::Language language);

}  // namespace eligo::screen
