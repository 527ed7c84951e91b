// A JSON array element by element: where each ends is told by its brackets and quotes, and each is then read by itself, so
// that memory does not grow with how many there are.
#include <algorithm>
#include <utility>

#include "formats.hpp"

namespace eligo::io {
namespace {

constexpr std::string_view blanks = " \t\r\n";
// Brackets within one another beyond what read_json goes into.
constexpr int deepest = 70;

class Elements {
public:
    Elements(const ReadBytes& read, const TakeTree& take) : read_(read), take_(take) {}

    std::vector<Problem> each() {
        while (text_.size() < mark.size() && more()) {
        }
        if (without_byte_order_mark(text_).size() < text_.size()) at_ = mark.size();
        skip_blanks();
        if (at_ == text_.size()) {
            refuse("输入是空的", "the input is empty", {});
        } else if (text_[at_] == '[') {
            array();
        } else {
            whole();
        }
        return std::move(problems_);
    }

private:
    static constexpr std::string_view mark = "\xEF\xBB\xBF";

    // Further bytes behind those there are; false at the end.
    bool more() {
        constexpr std::size_t piece = 64 * 1024;
        const std::size_t before = text_.size();
        text_.resize(before + piece);
        text_.resize(before + read_(text_.data() + before, piece));
        return text_.size() > before;
    }

    void refuse(std::string chinese, std::string english, Place place) { problems_.push_back(malformed(place, std::move(chinese), std::move(english))); }
    void refuse_sign() {
        refuse("不是有效的JSON：此处或紧接之前少了或多了逗号、冒号、引号或括号", "this is not JSON: a comma, colon, quote or bracket is missing or superfluous here or just before", place_);
    }
    void refuse_end() { refuse("不是有效的JSON：括号没有配对", "this is not JSON: a bracket is not closed", place_); }
    void refuse_size() {
        const std::string most = std::to_string(longest_profile >> 20);
        refuse("一份资料至多" + most + " MiB", "a profile may have " + most + " MiB at most", place_);
    }

    void pass(std::size_t count) {
        for (const char c : std::string_view(text_).substr(at_, count)) {
            if (c == '\n') {
                ++place_.line;
                place_.column = 1;
            } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
                ++place_.column;
            }
        }
        at_ += count;
    }

    // To the next sign; what was passed is forgotten.
    void skip_blanks() {
        while (true) {
            pass(std::min(text_.find_first_not_of(blanks, at_), text_.size()) - at_);
            if (at_ < text_.size()) return;
            text_.clear();
            at_ = 0;
            if (!more()) return;
        }
    }

    void whole() {
        while (text_.size() - at_ <= longest_profile && more()) {
        }
        if (text_.size() - at_ > longest_profile) return refuse_size();
        (void)take(std::string_view(text_).substr(at_), place_);
    }

    bool take(std::string_view json, Place begin) {
        Trees trees = read_json(json, most_values_of_profile, begin);
        problems_.insert(problems_.end(), trees.problems.begin(), trees.problems.end());
        return trees.problems.empty() && std::all_of(trees.roots.begin(), trees.roots.end(), [this](Node& root) { return take_(std::move(root)); });
    }

    void array() {
        pass(1);
        skip_blanks();
        if (at_ < text_.size() && text_[at_] == ']') return end();
        while (element()) {
            skip_blanks();
            if (at_ == text_.size()) return refuse_end();
            if (text_[at_] == ']') return end();
            if (text_[at_] != ',') return refuse_sign();
            pass(1);
            skip_blanks();
        }
    }

    void end() {
        pass(1);
        skip_blanks();
        if (at_ < text_.size()) refuse("JSON在此之前已经结束，其后还有内容", "the JSON ends before this, but more follows", place_);
    }

    // False: no further one is wanted, or this one is wrong.
    bool element() {
        if (at_ == text_.size()) return refuse_end(), false;
        if (text_[at_] == ',' || text_[at_] == ']') return refuse_sign(), false;
        if (at_ > 0) text_.erase(0, std::exchange(at_, 0));
        const auto [size, is_whole] = value();
        if (size > longest_profile) return refuse_size(), false;
        // As an array of one, it is read as it would be within all of them.
        const std::string alone = "[" + text_.substr(0, size) + (is_whole ? "]" : "");
        const bool goes_on = take(alone, {place_.line, place_.column - 1});
        if (goes_on && !is_whole) return refuse_end(), false;
        pass(size);
        return goes_on;
    }

    struct Extent {
        std::size_t size = 0;
        bool is_whole = false;  // else read_json will say what is wrong with it
    };

    // Of the value that begins the text. A text does not go on in the next line.
    Extent value() {
        std::size_t end = 0;
        int depth = 0;
        bool quoted = false;
        while (end <= longest_profile) {
            if (end == text_.size() && !more()) return {end, depth == 0 && !quoted};
            const char c = text_[end];
            if (quoted) {
                if (c == '\n') return {end, false};
                if (c == '\\') {
                    if (end + 1 == text_.size() && !more()) return {end, false};
                    end += 2;
                    continue;
                }
                if (c == '"') quoted = false;
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                if (++depth > deepest) return {end, false};
            } else if (depth == 0 && (c == ',' || c == '}' || c == ']' || blanks.find(c) != std::string_view::npos)) {
                return {end, true};
            } else if (c == '}' || c == ']') {
                --depth;
            }
            ++end;
            if (depth == 0 && !quoted && (c == '"' || c == '}' || c == ']')) return {end, true};
        }
        return {end, false};
    }

    const ReadBytes& read_;
    const TakeTree& take_;
    std::string text_;     // read, and not yet forgotten
    std::size_t at_ = 0;
    Place place_{1, 1};    // of that
    std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> each_json(const ReadBytes& read, const TakeTree& take) { return Elements(read, take).each(); }

}  // namespace eligo::io
