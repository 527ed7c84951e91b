#include "shrink.hpp"

#include <cctype>
#include <optional>
#include <utility>
#include <vector>

namespace eligo::oracle {
namespace {

std::vector<std::string> lines_of(const std::string& source) {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    while (begin < source.size()) {
        const std::size_t end = source.find('\n', begin);
        lines.push_back(source.substr(begin, end - begin));
        if (end == std::string::npos) break;
        begin = end + 1;
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string source;
    for (const auto& line : lines) source += line + "\n";
    return source;
}

// The line with which what begins on a line ends: a block that is opened on it, or itself.
std::size_t block_end(const std::vector<std::string>& lines, std::size_t begin) {
    int depth = 0;
    for (std::size_t i = begin; i < lines.size(); ++i) {
        for (const char c : lines[i]) depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (depth <= 0) return i;
    }
    return begin;
}

std::optional<std::size_t> closing(const std::string& text, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (depth == 0) return i;
    }
    return std::nullopt;
}

class Shrinker {
public:
    Shrinker(std::string source, const std::function<bool(const std::string&)>& fails, std::size_t attempts) : source_(std::move(source)), fails_(fails), attempts_(attempts) {}

    std::string run() {
        for (bool smaller = true; smaller && attempts_ > 0;) {
            smaller = without_lines();
            smaller = without_brackets() || smaller;
        }
        return source_;
    }

private:
    bool try_this(const std::string& source) {
        if (attempts_ == 0) return false;
        --attempts_;
        if (!fails_(source)) return false;
        source_ = source;
        return true;
    }

    // From the end, since what stands below uses what stands above.
    bool without_lines() {
        bool smaller = false;
        auto lines = lines_of(source_);
        for (std::size_t i = lines.size(); i-- > 0;) {
            const std::size_t end = block_end(lines, i);
            auto fewer = lines;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i), fewer.begin() + static_cast<std::ptrdiff_t>(end + 1));
            bool gone = try_this(joined(fewer));
            if (!gone && end > i + 1) {  // a group's own two lines
                fewer = lines;
                fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(end));
                fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
                gone = try_this(joined(fewer));
            }
            if (gone) {
                lines = std::move(fewer);
                smaller = true;
            }
        }
        return smaller;
    }

    // What stands in brackets becomes something plain, or what stands in brackets within it.
    bool without_brackets() {
        bool smaller = false;
        for (std::size_t open = source_.find('('); open != std::string::npos; open = source_.find('(', open + 1)) {
            const auto end = closing(source_, open);
            if (!end || *end - open < 4) continue;
            std::size_t begin = open;  // with the name of a function before it
            while (begin > 0 && (std::isalnum(static_cast<unsigned char>(source_[begin - 1])) != 0 || source_[begin - 1] == '_')) --begin;
            std::vector<std::string> others = {"true", "0", "1", "0元", "1元"};
            for (std::size_t inner = source_.find('(', open + 1); inner != std::string::npos && inner < *end; inner = source_.find('(', *closing(source_, inner) + 1)) {
                if (!closing(source_, inner)) break;
                others.push_back(source_.substr(inner, *closing(source_, inner) - inner + 1));
            }
            const std::string before = source_;
            for (const auto& other : others) {
                if (try_this(before.substr(0, begin) + other + before.substr(*end + 1))) {
                    smaller = true;
                    open = begin == 0 ? 0 : begin - 1;
                    break;
                }
            }
        }
        return smaller;
    }

    std::string source_;
    const std::function<bool(const std::string&)>& fails_;
    std::size_t attempts_;
};

}  // namespace

std::string shrink(std::string source, const std::function<bool(const std::string&)>& fails, std::size_t attempts) { return Shrinker(std::move(source), fails, attempts).run(); }

}  // namespace eligo::oracle
