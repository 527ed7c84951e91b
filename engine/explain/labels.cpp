// Walks a path from fact to fact, through records and lists.
#include "labels.hpp"

#include <cstddef>

#include "extent.hpp"

namespace eligo::explain {
namespace {

using bytecode::Index;

std::string_view text(const bytecode::Pack& pack, Index index) { return index == bytecode::none ? std::string_view() : pack.string(index); }

const bytecode::Fact* fact_named(const bytecode::Pack& pack, Index subject, std::string_view name) {
    for (const bytecode::Fact& fact : pack.subjects[subject].facts) {
        if (pack.string(fact.name) == name) return &fact;
    }
    return nullptr;
}

// Takes the next name off a path, and the element behind it.
std::string_view take_name(std::string_view& path) {
    const std::size_t dot = path.find('.');
    std::string_view name = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    return name.substr(0, name.find('['));
}

bool leads_on(bytecode::Kind kind) { return kind == bytecode::Kind::Record || kind == bytecode::Kind::List; }

}  // namespace

Label label_of_path(const bytecode::Pack& pack, std::string_view policy, std::string_view path) {
    Index subject = bytecode::none;
    for (const bytecode::Policy& each : pack.policies) {
        if (pack.string(each.name) == policy) subject = each.subject;
    }
    while (subject != bytecode::none) {
        const bytecode::Fact* fact = fact_named(pack, subject, take_name(path));
        if (fact == nullptr) return {};
        if (path.empty() || !leads_on(fact->kind)) return {text(pack, fact->label.chinese), text(pack, fact->label.english)};
        subject = fact->ref;
    }
    return {};
}

std::string shortened_text(std::string_view text) {
    if (text.size() <= longest_text) return std::string(text);
    std::size_t end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "…";
}

}  // namespace eligo::explain
