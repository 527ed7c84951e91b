// An Excel workbook (.xlsx): a sheet read row by row, as text that stands in the file. Texts that cells share are kept in
// a file of their own while the sheet is read, so that memory does not grow with them.
#include <expat.h>
#include <minizip/unzip.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "../text/suggest.hpp"
#include "../value/date.hpp"
#include "../value/rational.hpp"
#include "formats.hpp"
#include "packed_rows.hpp"

namespace eligo::io {
namespace {

constexpr std::size_t piece = 64 * 1024;

std::string_view local_name(const char* name) {
    const std::string_view text(name);
    const std::size_t colon = text.rfind(':');
    return colon == std::string_view::npos ? text : text.substr(colon + 1);
}

std::string attribute(const char** attributes, std::string_view wanted) {
    for (std::size_t i = 0; attributes[i] != nullptr; i += 2) {
        if (local_name(attributes[i]) == wanted) return attributes[i + 1];
    }
    return {};
}

// One part of the archive, parsed as it is unpacked.
class Part {
public:
    explicit Part(unzFile archive) : archive_(archive), parser_(XML_ParserCreate(nullptr)) {}
    virtual ~Part() {
        XML_ParserFree(parser_);
        if (open_) unzCloseCurrentFile(archive_);
    }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    [[nodiscard]] bool open(const std::string& name) {
        if (unzLocateFile(archive_, name.c_str(), 2) != UNZ_OK || unzOpenCurrentFile(archive_) != UNZ_OK) return false;
        open_ = true;
        XML_SetUserData(parser_, this);
        XML_SetElementHandler(
            parser_, [](void* self, const XML_Char* element, const XML_Char** attributes) { static_cast<Part*>(self)->begin(local_name(element), attributes); },
            [](void* self, const XML_Char* element) { static_cast<Part*>(self)->end(local_name(element)); });
        XML_SetCharacterDataHandler(parser_, [](void* self, const XML_Char* text, int size) { static_cast<Part*>(self)->text({text, static_cast<std::size_t>(size)}); });
        // No entity of an input may make it grow.
        XML_SetDoctypeDeclHandler(
            parser_, [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) { XML_StopParser(static_cast<Part*>(self)->parser_, XML_FALSE); }, [](void*) {});
        return true;
    }
    // Some more of it; false behind the end, or when it is broken.
    [[nodiscard]] bool advance() {
        if (ended_ || broken_) return false;
        char* const buffer = static_cast<char*>(XML_GetBuffer(parser_, piece));
        const int got = unzReadCurrentFile(archive_, buffer, piece);
        read_ += static_cast<std::uint64_t>(std::max(got, 0));
        if (got < 0 || XML_ParseBuffer(parser_, got, got == 0) != XML_STATUS_OK) {
            broken_ = true;
            return false;
        }
        // Its checksum tells whether all of it was there.
        if (got == 0 && unzCloseCurrentFile(archive_) != UNZ_OK) broken_ = true;
        if (got == 0) {
            open_ = false;
            ended_ = true;
        }
        return got > 0;
    }
    [[nodiscard]] bool read_all() {
        while (advance()) {}
        return !broken_;
    }
    [[nodiscard]] bool broken() const { return broken_; }
    [[nodiscard]] std::uint64_t read() const { return read_; }

protected:
    virtual void begin(std::string_view element, const char** attributes) = 0;
    virtual void end(std::string_view element) = 0;
    virtual void text(std::string_view text) = 0;

private:
    unzFile archive_;
    XML_Parser parser_;
    bool open_ = false, broken_ = false, ended_ = false;
    std::uint64_t read_ = 0;
};

struct Sheet {
    std::string name, relation, path;
};

class WorkbookPart : public Part {
public:
    using Part::Part;
    std::vector<Sheet> sheets;
    bool from_1904 = false;

protected:
    void begin(std::string_view element, const char** attributes) override {
        if (element == "sheet") sheets.push_back({attribute(attributes, "name"), attribute(attributes, "id"), {}});
        if (element == "workbookPr") {
            const std::string from = attribute(attributes, "date1904");
            from_1904 = from == "1" || from == "true";
        }
    }
    void end(std::string_view) override {}
    void text(std::string_view) override {}
};

class RelationsPart : public Part {
public:
    using Part::Part;
    std::map<std::string, std::string> targets;

protected:
    void begin(std::string_view element, const char** attributes) override {
        if (element == "Relationship") targets[attribute(attributes, "Id")] = attribute(attributes, "Target");
    }
    void end(std::string_view) override {}
    void text(std::string_view) override {}
};

// Whether a format shows a date: a day or a year outside of texts and brackets.
bool shows_date(std::string_view code) {
    bool quoted = false, bracketed = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        if (c == '"') quoted = !quoted;
        else if (c == '[') bracketed = true;
        else if (c == ']') bracketed = false;
        else if (c == '\\') ++i;
        else if (!quoted && !bracketed && (c == 'y' || c == 'Y' || c == 'd' || c == 'D')) return true;
        else if (c == ';') return false;
    }
    return false;
}

// Which styles of cells show dates.
class StylesPart : public Part {
public:
    using Part::Part;
    std::vector<bool> dates;

protected:
    void begin(std::string_view element, const char** attributes) override {
        if (element == "numFmt") {
            if (shows_date(attribute(attributes, "formatCode"))) own_dates_.insert(attribute(attributes, "numFmtId"));
        } else if (element == "cellXfs") {
            in_cells_ = true;
        } else if (element == "xf" && in_cells_) {
            const std::string id = attribute(attributes, "numFmtId");
            const int number = std::atoi(id.c_str());
            // Built in: dates, those of East Asian languages among them; times of day are none.
            const bool built_in = (number >= 14 && number <= 17) || number == 22 || (number >= 27 && number <= 31) || number == 36 || (number >= 50 && number <= 54) || number == 57 || number == 58;
            dates.push_back(built_in || own_dates_.contains(id));
        }
    }
    void end(std::string_view element) override {
        if (element == "cellXfs") in_cells_ = false;
    }
    void text(std::string_view) override {}

private:
    std::set<std::string> own_dates_;
    bool in_cells_ = false;
};

// Texts by number, on disk: their ends in one file, the texts in another, both without a name.
class TextStore {
public:
    ~TextStore() {
        if (texts_ != nullptr) std::fclose(texts_);
        if (ends_ != nullptr) std::fclose(ends_);
    }
    bool add(std::string_view text) {
        if (texts_ == nullptr) {
            texts_ = std::tmpfile();
            ends_ = std::tmpfile();
        }
        if (texts_ == nullptr || ends_ == nullptr) return false;
        end_ += text.size();
        ++count_;
        return std::fwrite(text.data(), 1, text.size(), texts_) == text.size() && std::fwrite(&end_, sizeof end_, 1, ends_) == 1;
    }
    bool finish() { return texts_ == nullptr || (std::fflush(texts_) == 0 && std::fflush(ends_) == 0); }
    bool get(std::uint64_t number, std::string& text) const {
        if (number >= count_) return false;
        std::uint64_t around[2]{0, 0};
        const auto wanted = number == 0 ? sizeof around[0] : sizeof around;
        const auto at = static_cast<off_t>(number == 0 ? 0 : (number - 1) * sizeof around[0]);
        if (::pread(fileno(ends_), number == 0 ? around + 1 : around, wanted, at) != static_cast<ssize_t>(wanted)) return false;
        text.resize(around[1] - around[0]);
        return ::pread(fileno(texts_), text.data(), text.size(), static_cast<off_t>(around[0])) == static_cast<ssize_t>(text.size());
    }

private:
    std::FILE* texts_ = nullptr;
    std::FILE* ends_ = nullptr;
    std::uint64_t end_ = 0, count_ = 0;
};

// Runs of one text are joined; how a syllable is read aloud (`rPh`) is no part of it.
class TextsPart : public Part {
public:
    TextsPart(unzFile archive, TextStore& store) : Part(archive), store_(store) {}
    bool stored = true;

protected:
    void begin(std::string_view element, const char**) override {
        if (element == "si") text_.clear();
        if (element == "rPh") in_reading_ = true;
        in_text_ = element == "t" && !in_reading_;
    }
    void end(std::string_view element) override {
        if (element == "si") stored = store_.add(text_) && stored;
        if (element == "rPh") in_reading_ = false;
        if (element == "t") in_text_ = false;
    }
    void text(std::string_view text) override {
        if (in_text_) text_ += text;
    }

private:
    TextStore& store_;
    std::string text_;
    bool in_text_ = false, in_reading_ = false;
};

// What Excel shows of a number that it keeps as binary floating point: 15 digits. Done on the digits as they stand in the
// file; a number with fewer stays as it is.
std::string as_shown(const std::string& text) {
    const std::size_t exponent_at = text.find_first_of("eE");
    std::string digits;
    int point = 0;
    bool behind = false, negative = false;
    for (const char c : text.substr(0, exponent_at)) {
        if (c == '-') negative = true;
        else if (c == '.') behind = true;
        else if (c >= '0' && c <= '9') {
            digits += c;
            point += behind ? 0 : 1;
        } else {
            return text;
        }
    }
    if (exponent_at != std::string::npos) point += std::atoi(text.c_str() + exponent_at + 1);
    const std::size_t first = digits.find_first_not_of('0');
    if (first == std::string::npos) return "0";
    digits.erase(0, first);
    point -= static_cast<int>(first);
    constexpr std::size_t shown = 15;
    if (digits.size() > shown) {
        const bool up = digits[shown] >= '5';
        digits.resize(shown);
        std::size_t at = shown;
        while (up && at > 0 && digits[at - 1] == '9') digits[--at] = '0';
        if (up && at > 0) {
            ++digits[at - 1];
        } else if (up) {
            digits.insert(digits.begin(), '1');
            ++point;
        }
    }
    while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
    if (point < -20 || point > 40) return text;
    if (point <= 0) digits.insert(0, static_cast<std::size_t>(1 - point), '0');
    const std::size_t whole = point <= 0 ? 1 : static_cast<std::size_t>(point);
    if (digits.size() < whole) digits.append(whole - digits.size(), '0');
    std::string result = (negative ? "-" : "") + digits.substr(0, whole);
    return digits.size() > whole ? result + "." + digits.substr(whole) : result;
}

// A day's number as Excel counts it. 1900 has a 29 February there, so that days before March 1900 lie one off.
std::string date_of(const std::string& serial, bool from_1904) {
    const std::string shown = as_shown(serial);
    const std::string whole = shown.substr(0, shown.find('.'));
    if (whole.empty() || whole.size() > 7 || whole.find_first_not_of("0123456789") != std::string::npos) return shown;
    const long number = std::atol(whole.c_str());
    const value::Day begin = from_1904 ? value::day_from_civil(1904, 1, 1) : value::day_from_civil(1899, 12, number < 60 ? 31 : 30);
    const auto day = static_cast<value::Day>(begin + number);
    return day < value::first_day || day > value::last_day ? shown : value::format_date(day);
}

struct SheetCell {
    std::size_t column = 0;
    NodeKind kind = NodeKind::Absent;
    std::string text;
};

class SheetPart : public Part {
public:
    SheetPart(unzFile archive, const TextStore& texts, const std::vector<bool>& dates, bool from_1904) : Part(archive), texts_(texts), dates_(dates), from_1904_(from_1904) {}

    struct Row {
        std::uint64_t number = 0;
        std::vector<SheetCell> cells;
    };
    std::vector<Row> rows;  // whole ones, to be taken by whoever reads

protected:
    void begin(std::string_view element, const char** attributes) override {
        if (element == "row") {
            const std::string number = attribute(attributes, "r");
            row_ = {number.empty() ? last_row_ + 1 : std::strtoull(number.c_str(), nullptr, 10), {}};
            last_row_ = row_.number;
            next_column_ = 0;
        } else if (element == "c") {
            type_ = attribute(attributes, "t");
            const std::string style = attribute(attributes, "s");
            const auto number = style.empty() ? 0 : std::strtoull(style.c_str(), nullptr, 10);
            is_date_ = number < dates_.size() && dates_[number];
            column_ = column_of(attribute(attributes, "r"));
            next_column_ = column_ + 1;
            text_.clear();
        }
        if (element == "rPh") in_reading_ = true;
        in_value_ = (element == "v" || element == "t") && !in_reading_;
    }
    void end(std::string_view element) override {
        if (element == "v" || element == "t") in_value_ = false;
        if (element == "rPh") in_reading_ = false;
        if (element == "c" && !text_.empty()) cell();
        if (element == "row") rows.push_back(std::move(row_));
    }
    void text(std::string_view text) override {
        if (in_value_) text_ += text;
    }

private:
    // "AB12" -> 27.
    std::size_t column_of(const std::string& place) const {
        std::size_t column = 0;
        for (const char c : place) {
            if (c < 'A' || c > 'Z') break;
            column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
        }
        return column == 0 ? next_column_ : column - 1;
    }

    void cell() {
        SheetCell cell{column_, NodeKind::Plain, {}};
        if (type_ == "s") {
            if (!texts_.get(std::strtoull(text_.c_str(), nullptr, 10), cell.text)) cell.text = text_;
        } else if (type_ == "b") {
            cell.text = text_ == "1" ? "true" : "false";
        } else if (type_.empty() || type_ == "n") {
            cell.text = is_date_ ? date_of(text_, from_1904_) : as_shown(text_);
        } else if (type_ == "d") {
            cell.text = text_.substr(0, 10);
        } else {
            cell.text = text_;  // texts in place, results of formulas, errors such as #N/A, which no fact takes
        }
        const std::size_t first = cell.text.find_first_not_of(" \t\r\n");
        if (first == std::string::npos) return;
        cell.text = cell.text.substr(first, cell.text.find_last_not_of(" \t\r\n") - first + 1);
        if (cell.text == "?") cell.kind = NodeKind::Null;
        row_.cells.push_back(std::move(cell));
    }

    const TextStore& texts_;
    const std::vector<bool>& dates_;
    bool from_1904_;
    Row row_;
    std::uint64_t last_row_ = 0;
    std::size_t column_ = 0, next_column_ = 0;
    std::string type_, text_;
    bool is_date_ = false, in_value_ = false, in_reading_ = false;
};

class ExcelTable : public Table {
public:
    explicit ExcelTable(const TableOptions& options) : options_(options) {}
    ~ExcelTable() override {
        sheet_.reset();
        if (archive_ != nullptr) unzClose(archive_);
    }

    bool open(const TablePlace& place, std::vector<Problem>& problems) {
        archive_ = unzOpen64(place.path.c_str());
        if (archive_ == nullptr) return ::access(place.path.c_str(), F_OK) != 0 ? refuse(problems, "没有这个文件", "there is no such file") : not_a_workbook(problems);
        WorkbookPart book(archive_);
        if (!book.open("xl/workbook.xml") || !book.read_all()) return not_a_workbook(problems);
        RelationsPart relations(archive_);
        if (!relations.open("xl/_rels/workbook.xml.rels") || !relations.read_all()) return not_a_workbook(problems);
        const Sheet* sheet = choose(book.sheets, place, problems);
        if (sheet == nullptr) return false;
        from_1904_ = book.from_1904;
        std::string path = relations.targets[sheet->relation];
        path = path.starts_with('/') ? path.substr(1) : "xl/" + path;
        StylesPart styles(archive_);
        if (styles.open("xl/styles.xml") && !styles.read_all()) return not_a_workbook(problems);
        dates_ = styles.dates;
        TextsPart texts(archive_, texts_);
        if (texts.open("xl/sharedStrings.xml") && !texts.read_all()) return not_a_workbook(problems);
        if (!texts.stored || !texts_.finish()) return refuse(problems, "无法写入临时文件", "a temporary file cannot be written");
        sheet_ = std::make_unique<SheetPart>(archive_, texts_, dates_, from_1904_);
        unz_file_info64 info{};
        if (!sheet_->open(path)) return not_a_workbook(problems);
        if (unzGetCurrentFileInfo64(archive_, &info, nullptr, 0, nullptr, 0, nullptr, 0) == UNZ_OK) in_all_ = info.uncompressed_size;
        return read_header(problems);
    }

    const std::vector<std::string>& header() const override { return header_; }

    bool next(Chunk& chunk) override {
        chunk.begin = position_;
        chunk.bytes.clear();
        chunk.lines.clear();
        while (chunk.bytes.size() < options_.chunk_bytes) {
            if (options_.stream.stop != nullptr && options_.stream.stop->load()) break;
            if (at_ == sheet_->rows.size() && !more()) break;
            if (at_ < sheet_->rows.size()) row(sheet_->rows[at_++], chunk);
        }
        chunk.end = position_;
        return !chunk.lines.empty() && !failure_;
    }

    const std::optional<Problem>& failure() const override { return failure_; }

    bool go_to(const Position& position) override {
        Chunk thrown_away;
        while (position_.rows < position.rows) {
            if (at_ == sheet_->rows.size() && !more()) return false;
            if (at_ < sheet_->rows.size()) row(sheet_->rows[at_++], thrown_away);
            thrown_away.bytes.clear();
            thrown_away.lines.clear();
        }
        return true;
    }

    std::unique_ptr<RowReader> reader() const override { return std::make_unique<PackedReader>(header_.size()); }
    Progress progress() const override { return {done_.load(std::memory_order_relaxed), in_all_}; }

private:
    static bool refuse(std::vector<Problem>& problems, std::string chinese, std::string english) {
        Problem problem = malformed({}, std::move(chinese), std::move(english));
        problem.kind = ProblemKind::CannotRead;
        problems.push_back(std::move(problem));
        return false;
    }
    static bool not_a_workbook(std::vector<Problem>& problems) {
        return refuse(problems, "不是可以读取的Excel工作簿（.xlsx）：文件可能不完整，或者有密码", "this is no Excel workbook (.xlsx) that can be read: it may be cut off, or have a password");
    }

    static const Sheet* choose(const std::vector<Sheet>& sheets, const TablePlace& place, std::vector<Problem>& problems) {
        if (sheets.empty()) {
            (void)not_a_workbook(problems);
            return nullptr;
        }
        if (place.table.empty()) return &sheets.front();
        std::vector<std::string> names;
        for (const Sheet& sheet : sheets) {
            if (sheet.name == place.table) return &sheet;
            names.push_back(sheet.name);
        }
        const auto near = text::nearest(place.table, names);
        const std::string& hint = near ? *near : names.front();
        (void)refuse(problems, "工作簿中没有工作表“" + place.table + "”，是否应为“" + hint + "”？", "the workbook has no sheet \"" + place.table + "\"; did you mean \"" + hint + "\"?");
        return nullptr;
    }

    // Further rows; false behind the last.
    bool more() {
        sheet_->rows.clear();
        at_ = 0;
        while (sheet_->rows.empty()) {
            const bool advanced = sheet_->advance();
            done_.store(sheet_->read(), std::memory_order_relaxed);
            if (sheet_->broken()) {
                failure_ = malformed({static_cast<std::uint32_t>(position_.line), 0}, "工作表已损坏或不完整", "the sheet is damaged or cut off");
                return false;
            }
            if (!advanced) return !sheet_->rows.empty();
        }
        return true;
    }

    // The first row in which anything stands.
    bool read_header(std::vector<Problem>& problems) {
        while (at_ < sheet_->rows.size() || more()) {
            const SheetPart::Row& row = sheet_->rows[at_++];
            if (row.cells.empty()) continue;
            header_.resize(row.cells.back().column + 1);
            for (const SheetCell& cell : row.cells) header_[cell.column] = cell.text;
            for (std::size_t i = 0; i < header_.size(); ++i) {
                if (!header_[i].empty()) continue;
                problems.push_back(malformed({static_cast<std::uint32_t>(row.number), static_cast<std::uint32_t>(i + 1)}, "标题行的这一列没有名称", "this column of the header has no name"));
                return false;
            }
            return true;
        }
        return failure_ ? not_a_workbook(problems) : refuse(problems, "工作表是空的", "the sheet is empty");
    }

    // A row without a single cell is none. What stands beyond the header has no name, which makes the row a wrong one.
    void row(const SheetPart::Row& from, Chunk& chunk) {
        if (from.cells.empty()) return;
        ++position_.rows;
        position_.line = from.number + 1;
        chunk.lines.push_back(from.number);
        pack_row(chunk.bytes, std::max(header_.size(), from.cells.back().column + 1));
        std::size_t next = 0;
        for (std::size_t column = 0; column < header_.size(); ++column) {
            if (next < from.cells.size() && from.cells[next].column == column) {
                pack_cell(chunk.bytes, from.cells[next].kind, from.cells[next].text);
                ++next;
            } else {
                pack_cell(chunk.bytes, NodeKind::Absent, {});
            }
        }
    }

    TableOptions options_;
    unzFile archive_ = nullptr;
    TextStore texts_;
    std::vector<bool> dates_;
    bool from_1904_ = false;
    std::unique_ptr<SheetPart> sheet_;
    std::size_t at_ = 0;
    std::vector<std::string> header_;
    Position position_;
    std::atomic<std::uint64_t> done_{0};
    std::uint64_t in_all_ = 0;
    std::optional<Problem> failure_;
};

}  // namespace

std::unique_ptr<Table> open_excel(const TablePlace& place, const TableOptions& options, std::vector<Problem>& problems) {
    auto table = std::make_unique<ExcelTable>(options);
    if (!table->open(place, problems)) return nullptr;
    return table;
}

}  // namespace eligo::io
