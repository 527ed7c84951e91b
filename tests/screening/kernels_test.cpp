// The kernels of every set that the machine has, against the plain way: where cells end, and what numbers, dates and truths
// mean; and rows of CSV whose cells are found all at once, against rows read one by one.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "io/kernels/kernels.hpp"
#include "io/padded_text.hpp"
#include "io/table.hpp"
#include "text/utf8.hpp"
#include "vm/profile_set.hpp"

namespace {

namespace io = eligo::io;
namespace bytecode = eligo::bytecode;
namespace text = eligo::text;
namespace vm = eligo::vm;

std::vector<const io::Kernels*> all_sets() {
    std::vector<const io::Kernels*> sets{&io::kernels_plain};
#if defined(__x86_64__)
    if (io::machine_has_avx2()) sets.push_back(&io::kernels_avx2);
    if (io::machine_has_avx512()) sets.push_back(&io::kernels_avx512);
#elif defined(__aarch64__)
    sets.push_back(&io::kernels_neon);
#endif
    return sets;
}

// The same numbers on every machine.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : state_(seed) {}
    std::size_t below(std::size_t count) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return (state_ >> 33) % count;
    }
    template <class List>
    const auto& pick(const List& list) {
        return list[below(list.size())];
    }

private:
    std::uint64_t state_;
};

io::PaddedText padded(const std::string& text) {
    io::PaddedText result;
    result.append(text);
    return result;
}

TEST(Kernels, FindWhereCellsEnd) {
    Chance chance(1);
    const std::string letters = "ab,;\n\r\"\xE4\x80\xFF";
    for (int round = 0; round < 400; ++round) {
        std::string text;
        const std::size_t size = chance.below(300);
        const bool seldom = round % 2 == 0;
        for (std::size_t i = 0; i < size; ++i) text += seldom && chance.below(8) != 0 ? 'x' : chance.pick(letters);
        std::vector<std::uint32_t> ends, feeds;
        bool returns = false, lone = false;
        for (std::size_t i = 0; i < size; ++i) {
            if (text[i] == '\n') feeds.push_back(static_cast<std::uint32_t>(ends.size()));
            if (text[i] == ',' || text[i] == '\n') ends.push_back(static_cast<std::uint32_t>(i));
            if (text[i] != '\r') continue;
            returns = true;
            lone = lone || i + 1 == size || text[i + 1] != '\n';
        }
        const io::PaddedText from = padded(text);
        for (const io::Kernels* const set : all_sets()) {
            std::vector<std::uint32_t> found_ends(size + 64), found_feeds(size + 64);
            std::vector<char> beyond(size + 64);
            const io::Ends found = set->find_ends(from.data(), size, ',', found_ends.data(), found_feeds.data(), beyond.data());
            found_ends.resize(found.ends);
            found_feeds.resize(found.feeds);
            EXPECT_EQ(found_ends, ends) << set->name;
            EXPECT_EQ(found_feeds, feeds) << set->name;
            EXPECT_EQ(found.returns, returns) << set->name;
            EXPECT_EQ(found.lone_returns, lone) << set->name << " " << size;
            const io::Survey survey = set->survey(from.data(), size);
            EXPECT_EQ(survey.feeds, feeds.size()) << set->name;
            EXPECT_EQ(survey.quotes, text.find('"') != std::string::npos) << set->name;
        }
    }
}

// What is left of a text that is mostly ASCII is UTF-8 where the text is, however bytes were lost or changed.
TEST(Kernels, PutTogetherWhatMayNotBeUtf8) {
    Chance chance(7);
    const std::vector<std::string> letters{"\xC3\xA9", "\xE7\x94\xB5", "\xF0\x9D\x84\x9E"};
    int valid = 0, invalid = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string written;
        const std::size_t size = chance.below(400);
        const unsigned one_in = round % 3 == 0 ? 3 : round % 3 == 1 ? 30 : 150;
        while (written.size() < size) written += chance.below(one_in) == 0 ? letters[chance.below(letters.size())] : "x";
        for (std::size_t changes = chance.below(3); changes > 0 && !written.empty(); --changes) {
            const std::size_t at = chance.below(written.size());
            if (chance.below(2) == 0) written.erase(at, 1);
            else written[at] = static_cast<char>(chance.below(256));
        }
        const bool is_valid = !text::first_invalid(written).has_value();
        ++(is_valid ? valid : invalid);
        const io::PaddedText from = padded(written);
        for (const io::Kernels* const set : all_sets()) {
            std::vector<std::uint32_t> ends(written.size() + 64), feeds(written.size() + 64);
            std::vector<char> beyond(written.size() + 64);
            const io::Ends found = set->find_ends(from.data(), written.size(), ',', ends.data(), feeds.data(), beyond.data());
            ASSERT_LE(found.beyond_ascii, beyond.size()) << set->name;
            EXPECT_EQ(!text::first_invalid({beyond.data(), found.beyond_ascii}).has_value(), is_valid) << set->name << " " << testing::PrintToString(written);
        }
    }
    EXPECT_GT(valid, 500);
    EXPECT_GT(invalid, 500);
}

// A column of cells, one a row, each behind a cell of another column.
class Column {
public:
    explicit Column(const std::vector<std::string>& cells) {
        ends_.push_back(0xFFFFFFFF);
        for (const std::string& cell : cells) {
            rows_.push_back(static_cast<std::uint32_t>(ends_.size() - 1));
            text_ += "x,";
            ends_.push_back(static_cast<std::uint32_t>(text_.size() - 1));
            text_ += cell + "\n";
            ends_.push_back(static_cast<std::uint32_t>(text_.size() - 1));
        }
        padded_ = padded(text_);
    }
    io::ColumnCells cells() const { return {padded_.data(), ends_.data(), rows_.data(), rows_.size(), 1, 0}; }

private:
    std::string text_;
    io::PaddedText padded_;
    std::vector<std::uint32_t> ends_, rows_;
};

struct Read {
    std::vector<std::int64_t> values;
    std::vector<std::uint8_t> states;
    std::vector<std::uint32_t> left;
    explicit Read(std::size_t count) : values(count, -7), states(count, 9), left(count + 1) {}
};

// What is taken must be what vm::read_cell says; what is left may be anything but empty. How much is taken.
std::size_t hold_to_read_cell(const std::vector<std::string>& cells, const bytecode::Fact& fact, const Read& read, std::size_t left, const char* name) {
    bytecode::Pack pack;
    std::vector<std::string> texts;
    std::size_t next_left = 0, taken = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (next_left < left && read.left[next_left] == i) {
            ++next_left;
            EXPECT_FALSE(cells[i].empty());
            continue;
        }
        if (cells[i].empty()) {
            EXPECT_EQ(read.states[i], io::cell_absent) << name;
            continue;
        }
        ++taken;
        vm::Cell cell;
        const auto problem = vm::read_cell(pack, fact, vm::Scalar::Plain, cells[i], texts, cell);
        EXPECT_FALSE(problem) << name << " takes `" << cells[i] << "`";
        EXPECT_EQ(read.states[i], io::cell_known) << name << " `" << cells[i] << "`";
        EXPECT_EQ(read.values[i], cell.low) << name << " `" << cells[i] << "`";
        EXPECT_EQ(cell.state, vm::CellState::Known) << name << " `" << cells[i] << "`";
    }
    EXPECT_EQ(next_left, left) << name;
    return taken;
}

TEST(Kernels, ReadDecimals) {
    Chance chance(2);
    const std::vector<std::string> odd = {"",
                                          "",
                                          "-1",
                                          "-",
                                          ".",
                                          "1.",
                                          ".5",
                                          "1..2",
                                          "1.2.3",
                                          "00",
                                          "007",
                                          "0.00",
                                          "0",
                                          "?",
                                          " 1",
                                          "1 ",
                                          "1e5",
                                          "+1",
                                          "1,",
                                          "12a",
                                          "\xEF\xBC\x91",
                                          "99999999999999999999",
                                          "123456789012345",
                                          "1234567890123456",
                                          "0.000000",
                                          "1.1",
                                          "1.10",
                                          "1.100",
                                          "1.123456",
                                          "3 .. 5",
                                          "0.5",
                                          "10.00",
                                          "010.00",
                                          "/",
                                          ":",
                                          "1/2",
                                          "1:2",
                                          "9999999999.99",
                                          "12345678901234.5",
                                          "1000000000000.00"};
    for (int round = 0; round < 300; ++round) {
        bytecode::Fact fact;
        fact.kind = bytecode::Kind::Number;
        const int decimals = round % 7;
        fact.unit.denominator = 1;
        for (int i = 0; i < decimals; ++i) fact.unit.denominator *= 10;
        fact.low = round % 3 == 0 ? 0 : round % 3 == 1 ? -1'000'000 : 50;
        fact.high = round % 2 == 0 ? 1'000'000'000'000'000 : 99'999;
        std::vector<std::string> cells;
        const std::size_t usual = chance.below(4);
        for (std::size_t i = 0, count = 1 + chance.below(200); i < count; ++i) {
            std::string cell = std::to_string(chance.below(chance.below(2) == 0 ? 1000 : 2'000'000'000));
            if (usual > 0) cell += "." + std::to_string(1000 + chance.below(9000)).substr(1, usual);
            cells.push_back(chance.below(round % 5 == 0 ? 2 : 12) == 0 ? chance.pick(odd) : cell);
        }
        const Column column(cells);
        for (const io::Kernels* const set : all_sets()) {
            Read read(cells.size());
            const io::DecimalsRead all = set->read_decimals(column.cells(), {decimals, fact.low, fact.high}, read.values.data(), read.states.data(), read.left.data());
            hold_to_read_cell(cells, fact, read, all.left, set->name);
            std::vector<bool> is_left(cells.size());
            for (std::size_t i = 0; i < all.left; ++i) is_left[read.left[i]] = true;
            std::int64_t least = 0, greatest = 0;
            for (std::size_t i = 0; i < cells.size(); ++i) {
                if (is_left[i] || read.states[i] != io::cell_known) continue;
                least = std::min(least, read.values[i]);
                greatest = std::max(greatest, read.values[i]);
            }
            EXPECT_EQ(all.least, least) << set->name;
            EXPECT_EQ(all.greatest, greatest) << set->name;
        }
    }
    // Of what is plain nothing is left.
    bytecode::Fact fact;
    fact.kind = bytecode::Kind::Number;
    fact.unit.denominator = 100;
    fact.high = 1'000'000'000'000;
    const std::vector<std::string> plain(100, "1234.50"), whole(100, "17");
    for (const io::Kernels* const set : all_sets()) {
        for (const auto* const cells : {&plain, &whole}) {
            Read read(cells->size());
            const std::size_t left = set->read_decimals(Column(*cells).cells(), {2, fact.low, fact.high}, read.values.data(), read.states.data(), read.left.data()).left;
            EXPECT_EQ(hold_to_read_cell(*cells, fact, read, left, set->name), 100U);
        }
    }
}

TEST(Kernels, ReadDatesAndTruths) {
    Chance chance(3);
    bytecode::Fact date;
    date.kind = bytecode::Kind::Date;
    date.low = eligo::value::first_day;
    date.high = eligo::value::last_day;
    bytecode::Fact truth;
    truth.kind = bytecode::Kind::Bool;
    truth.high = 1;
    const std::vector<std::string> odd = {"",           "2018-6-1",   "2018/06/01", "20180601",   "2018-06-01 ", "1899-12-31",  "2200-01-01",    "2018-13-01",
                                          "2018-00-10", "2018-01-00", "2018-19-01", "a018-06-01", "2018-06-0a",  "2018-0606-1", "2018-06-01 .. "};
    const std::vector<std::string> truths = {"true", "false", "", "TRUE", "tru", "fals", "falsE", "truth", "0", "1", "?", "fabse"};
    for (int round = 0; round < 100; ++round) {
        std::vector<std::string> dates, answers;
        for (std::size_t i = 0; i < 150; ++i) {
            const auto two = [](std::size_t number) { return std::string(number < 10 ? "-0" : "-") + std::to_string(number); };
            const std::size_t year = 1895 + chance.below(310), month = 1 + chance.below(12), day = 1 + chance.below(31);
            dates.push_back(chance.below(10) == 0 ? chance.pick(odd) : std::to_string(year) + two(month) + two(day));
            answers.push_back(chance.pick(truths));
        }
        dates.insert(dates.end(), {"1900-02-28", "1900-02-29", "2000-02-29", "2100-02-28", "2100-02-29", "2199-12-31", "1900-01-01", "2016-02-29", "2017-02-29"});
        for (const io::Kernels* const set : all_sets()) {
            Read read(dates.size());
            const std::size_t left = set->read_dates(Column(dates).cells(), date.low, date.high, read.values.data(), read.states.data(), read.left.data());
            EXPECT_GT(hold_to_read_cell(dates, date, read, left, set->name), 90U);
            Read others(answers.size());
            const std::size_t others_left = set->read_truths(Column(answers).cells(), others.values.data(), others.states.data(), others.left.data());
            hold_to_read_cell(answers, truth, others, others_left, set->name);
        }
    }
}

// The chunk of a table that has a header and nothing else.
TEST(Kernels, FindNothingInATextThatNeverHadRoom) {
    const io::PaddedText nothing;
    for (const io::Kernels* const set : all_sets()) {
        std::vector<std::uint32_t> ends(64), feeds(64);
        std::vector<char> beyond(64);
        EXPECT_EQ(set->find_ends(nothing.data(), nothing.size(), ',', ends.data(), feeds.data(), beyond.data()).ends, 0U) << set->name;
        EXPECT_EQ(set->survey(nothing.data(), nothing.size()).feeds, 0U) << set->name;
    }
}

TEST(Kernels, FindBytesAndOddNumbers) {
    Chance chance(4);
    for (std::size_t count = 0; count < 300; count += 7) {
        std::vector<std::uint8_t> bytes(count);
        std::vector<std::int64_t> numbers(count);
        for (std::size_t i = 0; i < count; ++i) {
            bytes[i] = static_cast<std::uint8_t>(chance.below(3));
            numbers[i] = static_cast<std::int64_t>(chance.below(2));
        }
        for (const io::Kernels* const set : all_sets()) {
            std::vector<std::uint64_t> bits(count / 64 + 1, 0xAAAA), odd(count / 64 + 1, 0xAAAA);
            EXPECT_EQ(set->find_bytes(bytes.data(), count, 2, bits.data()), static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), 2))) << set->name;
            set->find_odd(numbers.data(), count, odd.data());
            for (std::size_t i = 0; i < (count + 63) / 64 * 64; ++i) {
                EXPECT_EQ(bits[i / 64] >> (i % 64) & 1, i < count && bytes[i] == 2 ? 1U : 0U) << set->name << " " << i;
                EXPECT_EQ(odd[i / 64] >> (i % 64) & 1, i < count && numbers[i] == 1 ? 1U : 0U) << set->name << " " << i;
            }
        }
    }
}

// What ends before it begins is empty, wherever it lies: rows that are read otherwise look so.
TEST(Kernels, CellsThatEndBeforeTheyBeginAreEmpty) {
    const io::PaddedText text = padded("12");
    const std::vector<std::uint32_t> ends(40, 0), rows(32, 3);
    const io::ColumnCells cells{text.data(), ends.data(), rows.data(), rows.size(), 2, 0};
    for (const io::Kernels* const set : all_sets()) {
        Read numbers(32), dates(32), truths(32);
        EXPECT_EQ(set->read_decimals(cells, {2, 0, 1000}, numbers.values.data(), numbers.states.data(), numbers.left.data()).left, 0U) << set->name;
        EXPECT_EQ(set->read_dates(cells, 0, 1000, dates.values.data(), dates.states.data(), dates.left.data()), 0U) << set->name;
        EXPECT_EQ(set->read_truths(cells, truths.values.data(), truths.states.data(), truths.left.data()), 0U) << set->name;
        for (const Read* const read : {&numbers, &dates, &truths}) EXPECT_EQ(read->states, std::vector<std::uint8_t>(32, io::cell_absent)) << set->name;
    }
}

// Rows of every shape, found all at once and read one by one.
TEST(CellIndex, FindsTheRowsThatNextReads) {
    const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "eligo_cell_index.csv";
    Chance chance(5);
    const std::vector<std::string> cells = {"1",      "",       " x ",  "\"q\"", "\"a, b\"", "\"two\nlines\"",     "\"\"\"\"", "5\" pipe",
                                            "\"open", "\"x\"y", "企业", "\xFF",  "\"\"",     "\"crlf\r\nwithin\"", "?"};
    for (int round = 0; round < 300; ++round) {
        const std::size_t columns = 1 + chance.below(3);
        const std::string line_end = round % 3 == 0 ? "\r\n" : "\n";
        const std::size_t plainness = 1 + chance.below(40);
        std::string csv;
        for (std::size_t i = 0; i < columns; ++i) csv += (i == 0 ? "c" : ",c") + std::to_string(i);
        // Columns at the end without a name, as spreadsheets leave them.
        const std::string nameless(round % 4 == 1 ? 1 + chance.below(3) : 0, ',');
        csv += nameless + line_end;
        for (std::size_t row = 0; row < 60; ++row) {
            const std::size_t count = chance.below(plainness) != 0 ? columns : chance.below(4);
            for (std::size_t i = 0; i < count; ++i) csv += (i == 0 ? "" : ",") + (chance.below(plainness) == 0 ? chance.pick(cells) : std::to_string(chance.below(1000)));
            csv += chance.below(plainness) != 0 ? nameless : chance.below(2) == 0 ? nameless + " " : nameless + ",x";
            const bool other_end = chance.below(plainness * 4) == 0;
            csv += !other_end ? line_end : row % 2 == 0 && round % 2 == 0 ? "\r" : "\n";
        }
        if (chance.below(2) == 0) csv.resize(csv.size() - line_end.size());
        std::ofstream(file, std::ios::binary) << csv;
        io::TableOptions options;
        options.stream.encoding = io::Encoding::Utf8;
        std::vector<io::Problem> problems;
        const auto table = io::open_table(file.string(), options, problems);
        ASSERT_TRUE(table);
        const auto one_by_one = table->reader(), at_once = table->reader();
        io::Chunk chunk;
        while (table->next(chunk)) {
            one_by_one->begin(chunk);
            at_once->begin(chunk);
            io::CellIndex index;
            ASSERT_TRUE(at_once->find_cells(index));
            std::size_t number = 0, irregular = 0;
            io::TableRow row, again;
            for (; one_by_one->next(row); ++number) {
                ASSERT_LT(number, index.rows.size()) << csv;
                const bool is_irregular = irregular < index.irregular.size() && index.irregular[irregular].row == number;
                EXPECT_EQ(chunk.begin.line + index.lines[number], row.line) << csv;
                ASSERT_EQ(is_irregular, row.problem != nullptr) << csv;
                if (is_irregular) {
                    at_once->go_to(index.irregular[irregular++].at, chunk.begin.line + index.lines[number]);
                    ASSERT_TRUE(at_once->next(again));
                    EXPECT_EQ(again.source, row.source);
                    ASSERT_NE(again.problem, nullptr);
                    EXPECT_EQ(again.problem->english, row.problem->english);
                    continue;
                }
                const std::uint32_t* const ends = index.ends.get() + index.rows[number];
                for (std::size_t i = 0; i < columns; ++i) {
                    const std::uint32_t begin = ends[i] + 1, end = ends[i + 1] - (i + 1 == columns ? index.behind : 0);
                    const io::TableCell cell = at_once->cell(chunk.text.view().substr(begin, end - begin));
                    EXPECT_EQ(cell.text, row.cells[i].text) << csv;
                    EXPECT_EQ(cell.kind, row.cells[i].kind) << csv;
                }
            }
            EXPECT_EQ(number, index.rows.size()) << csv;
        }
    }
    std::filesystem::remove(file);
}

}  // namespace
