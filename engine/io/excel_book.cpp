#include "excel_book.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include "formats.hpp"

namespace eligo::io {
namespace {

constexpr std::uint64_t most_of_book = std::uint64_t{4} << 20;
constexpr std::size_t most_styles = 65'536, longest_id = 32;
constexpr std::size_t most_near = std::size_t{4} << 20;

bool is_yes(std::string_view text) { return text == "1" || text == "true"; }

class BookReader : public PartReader {
public:
    explicit BookReader(Book& book) : book_(book) {}
    std::vector<std::string> relations;  // of the sheets, by their ids
    bool is_workbook = false;

    void begin(int depth, std::string_view element, const Attributes& attributes) override {
        if (depth == 1) is_workbook = element == "workbook";
        if (depth == 2 && element == "workbookPr") book_.from_1904 = is_yes(attributes.find("date1904"));
        if (depth == 2 && element == "calcPr") book_.has_no_results = is_yes(attributes.find("fullCalcOnLoad"));
        if (depth != 3 || element != "sheet") return;
        const std::string_view state = attributes.find("state");
        std::string name;
        append_text(name, attributes.find("name"));
        book_.sheets.push_back({std::move(name), {}, false, state == "hidden" || state == "veryHidden"});
        relations.emplace_back(attributes.find("id"));
    }

private:
    Book& book_;
};

class StylesReader : public PartReader {
public:
    explicit StylesReader(std::vector<NumberKind>& kinds) : kinds_(kinds) {}
    bool fits = true;

    void begin(int depth, std::string_view element, const Attributes& attributes) override {
        if (depth == 2) in_cells_ = element == "cellXfs";
        if (depth == 3 && element == "numFmt") {
            fits = fits && own_.size() < most_styles && attributes.find("numFmtId").size() < longest_id;
            if (fits) own_.insert_or_assign(std::string(attributes.find("numFmtId")), kind_of_format(attributes.find("formatCode")));
        } else if (depth == 3 && in_cells_ && element == "xf") {
            fits = fits && kinds_.size() < most_styles;
            if (fits) kinds_.push_back(kind_of(attributes.find("numFmtId")));
        }
    }

private:
    NumberKind kind_of(std::string_view id) const {
        if (const auto own = own_.find(id); own != own_.end()) return own->second;
        const int number = std::atoi(std::string(id).c_str());
        const auto within = [number](int first, int last) { return number >= first && number <= last; };
        // Built in, those of East Asian languages among them.
        if (number == 22) return NumberKind::DateTime;
        if (within(14, 17) || within(27, 31) || number == 36 || within(50, 54) || number == 57 || number == 58) return NumberKind::Date;
        if (within(18, 21) || within(32, 35) || within(45, 47) || number == 55 || number == 56) return NumberKind::Time;
        return NumberKind::Number;
    }

    std::vector<NumberKind>& kinds_;
    std::map<std::string, NumberKind, std::less<>> own_;
    bool in_cells_ = false;
};

// Runs of one text are joined; how a syllable is read aloud (`rPh`) is no part of it.
class TextsReader : public PartReader {
public:
    explicit TextsReader(SharedTexts& texts) : texts_(texts) {}
    bool stored = true;

    void begin(int depth, std::string_view element, const Attributes&) override {
        if (depth == 2) text_.clear();
        if (depth == 3) in_reading_ = element == "rPh";
        in_text_ = element == "t" && (depth == 3 || depth == 4) && !in_reading_;
        raw_.clear();
    }
    void end(int depth, std::string_view element) override {
        if (in_text_ && text_.size() <= longest_row) append_text(text_, raw_);
        in_text_ = false;
        if (depth == 2 && element == "si") stored = texts_.add(text_) && stored;
    }
    void text(std::string_view text) override {
        if (in_text_ && raw_.size() <= longest_row) raw_ += text;
    }

private:
    SharedTexts& texts_;
    std::string text_, raw_;
    bool in_text_ = false, in_reading_ = false;
};

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// The unit of UTF-16 that `_xHHHH_` stands for.
std::optional<unsigned> escape_at(std::string_view text, std::size_t at) {
    constexpr std::size_t size = 7;
    if (at + size > text.size() || text[at] != '_' || text[at + 1] != 'x' || text[at + size - 1] != '_') return std::nullopt;
    const std::string digits(text.substr(at + 2, 4));
    if (!std::all_of(digits.begin(), digits.end(), is_hex)) return std::nullopt;
    return static_cast<unsigned>(std::strtoul(digits.c_str(), nullptr, 16));
}

void append_character(std::string& text, unsigned character) {
    const auto byte = [&](unsigned value) { text += static_cast<char>(value); };
    if (character < 0x80) {
        byte(character);
    } else if (character < 0x800) {
        byte(0xC0U | character >> 6);
        byte(0x80U | (character & 0x3FU));
    } else if (character < 0x10000) {
        byte(0xE0U | character >> 12);
        byte(0x80U | (character >> 6 & 0x3FU));
        byte(0x80U | (character & 0x3FU));
    } else {
        byte(0xF0U | character >> 18);
        byte(0x80U | (character >> 12 & 0x3FU));
        byte(0x80U | (character >> 6 & 0x3FU));
        byte(0x80U | (character & 0x3FU));
    }
}

}  // namespace

void append_text(std::string& text, std::string_view raw) {
    for (std::size_t at = 0; at < raw.size();) {
        const std::size_t next = std::min(raw.find("_x", at), raw.size());
        text += raw.substr(at, next - at);
        at = next;
        if (at == raw.size()) break;
        const auto unit = escape_at(raw, at);
        if (!unit) {
            text += raw[at++];
            continue;
        }
        at += 7;
        const auto low = *unit >= 0xD800 && *unit < 0xDC00 ? escape_at(raw, at) : std::nullopt;
        if (low && *low >= 0xDC00 && *low < 0xE000) {
            at += 7;
            append_character(text, 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
        } else if (*unit == 0 || (*unit >= 0xD800 && *unit < 0xE000) || *unit >= 0xFFFE) {
            text += no_text;
        } else {
            append_character(text, *unit);
        }
    }
}

// ---- texts

bool SharedTexts::Spill::write(const void* bytes, std::size_t size) {
    if (!file) file.reset(std::tmpfile());
    return file && std::fwrite(bytes, 1, size, file.get()) == size;
}

bool SharedTexts::Spill::read(std::uint64_t at, std::size_t size, char* into) const {
    constexpr std::size_t together = 16 * 1024;
    if (at < ahead_at || at + size > ahead_at + ahead.size()) {
        std::fflush(file.get());
        ahead.resize(std::max(size, together));
        const ssize_t got = ::pread(fileno(file.get()), ahead.data(), ahead.size(), static_cast<off_t>(at));
        ahead.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        ahead_at = at;
        if (ahead.size() < size) return false;
    }
    std::memcpy(into, ahead.data() + (at - ahead_at), size);
    return true;
}

bool SharedTexts::add(std::string_view text) {
    if (text.size() > longest_row) {
        too_long_.push_back(count_);
        text = {};
    }
    const bool is_near = near_ends_.size() == count_ && near_.size() + text.size() + near_ends_.size() * sizeof near_ends_[0] <= most_near;
    ++count_;
    if (is_near) {
        near_ += text;
        near_ends_.push_back(static_cast<std::uint32_t>(near_.size()));
        return true;
    }
    far_size_ += text.size();
    return far_.write(text.data(), text.size()) && far_ends_.write(&far_size_, sizeof far_size_);
}

SharedTexts::Found SharedTexts::find(std::uint64_t number, std::string& text) const {
    if (number >= count_) return Found::No;
    if (std::binary_search(too_long_.begin(), too_long_.end(), number)) return Found::TooLong;
    if (number < near_ends_.size()) {
        const std::uint32_t begin = number == 0 ? 0 : near_ends_[number - 1];
        text.assign(near_, begin, near_ends_[number] - begin);
        return Found::Yes;
    }
    const std::uint64_t at = number - near_ends_.size();
    std::array<std::uint64_t, 2> ends{};
    const bool first = at == 0;
    const bool known = far_ends_.read(first ? 0 : (at - 1) * sizeof ends[0], first ? sizeof ends[0] : sizeof ends, reinterpret_cast<char*>(first ? &ends[1] : &ends[0]));
    if (!known) return Found::No;
    text.resize(ends[1] - ends[0]);
    return text.empty() || far_.read(ends[0], text.size(), text.data()) ? Found::Yes : Found::No;
}

// ---- all of it

bool Book::read(Package& package, std::vector<Problem>& problems) {
    const auto broken = [&] { return refuse_to_read(problems, "工作簿已损坏或不完整", "the workbook is damaged or cut off"); };
    const std::string main = package.main_part(problems);
    if (main.empty()) return false;
    if (package.content_type(main).find("sheet.binary") != std::string::npos) {
        return refuse_to_read(problems, "这是二进制工作簿（.xlsb）；请另存为 .xlsx 或 CSV", "this is a binary workbook (.xlsb); save it as .xlsx or CSV");
    }
    BookReader reader(*this);
    if (!package.read(main, reader, most_of_book)) return broken();
    if (!reader.is_workbook) return refuse_to_read(problems, "这不是Excel工作簿", "this is no Excel workbook");
    const auto relations = package.relations(main);
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        const auto found = relations.find(reader.relations[i]);
        if (found == relations.end()) continue;
        sheets[i].part = found->second.target;
        sheets[i].is_table = found->second.type == "worksheet";
    }
    for (const auto& [id, relation] : relations) {
        if (!package.has(relation.target)) continue;  // cells that need it say so
        if (relation.type == "styles") {
            StylesReader styles(kinds);
            if (!package.read(relation.target, styles, std::uint64_t{1} << 40)) return broken();
            if (!styles.fits) return refuse_to_read(problems, "工作簿的样式过多", "the workbook has too many styles");
        } else if (relation.type == "sharedStrings") {
            TextsReader shared(texts);
            if (!package.read(relation.target, shared, std::uint64_t{1} << 50)) return broken();
            if (!shared.stored) return refuse_to_read(problems, "无法写入临时文件，磁盘可能已满", "a temporary file cannot be written; the disk may be full");
        }
    }
    return true;
}

}  // namespace eligo::io
