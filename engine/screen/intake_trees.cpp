// Rows that are trees: the profiles of NDJSON, straight into the block where they are flat.
#include <algorithm>
#include <map>
#include <utility>

#include "../explain/json_writer.hpp"
#include "../io/formats.hpp"
#include "../io/profile.hpp"
#include "../vm/profile_set.hpp"
#include "../vm/spelling.hpp"
#include "intake.hpp"

namespace eligo::screen {
namespace {

using io::NodeKind;
using io::Target;
using io::TargetKind;

io::Node object() {
    io::Node node;
    node.kind = NodeKind::Object;
    return node;
}

// A value as JSON writes it; a text by itself as it is.
std::string text_of(const io::Node& node) {
    switch (node.kind) {
        case NodeKind::Absent:
        case NodeKind::Null: return "";
        case NodeKind::Object:
        case NodeKind::Array: break;
        default: return node.text;
    }
    const auto inner = [](const io::Node& each) { return each.kind == NodeKind::Text ? explain::json_string(each.text) : each.kind == NodeKind::Null ? "null" : text_of(each); };
    std::string text;
    for (const io::Member& member : node.members) text += (text.empty() ? "" : ", ") + explain::json_string(member.key) + ": " + inner(member.value);
    for (const io::Node& element : node.elements) text += (text.empty() ? "" : ", ") + inner(element);
    return node.kind == NodeKind::Object ? "{" + text + "}" : "[" + text + "]";
}

// The value of a key, or of "key.member" of what it holds; the last, of several.
const io::Node* node_at(const io::Node& root, std::string_view name) {
    const io::Node* found = nullptr;
    for (const io::Member& member : root.members) {
        const std::string_view key = member.key;
        if (name == key) {
            found = &member.value;
        } else if (name.starts_with(key) && name[key.size()] == '.') {
            const io::Node* const inner = node_at(member.value, name.substr(key.size() + 1));
            if (inner != nullptr) found = inner;
        }
    }
    return found;
}

}  // namespace

bool Intake::flat(Block& block) {
    ++flat_row_;
    company_.clear();
    texts_.clear();
    problems_.clear();
    block.begin_row();
    for (const io::FlatValue& value : flat_values_) {
        if (!put_flat(value, block) || !keep_flat(value, block)) return false;
    }
    lists(block);
    return problems_.empty() && !block.may_contradict_itself();
}

bool Intake::put_flat(const io::FlatValue& value, Block& block) {
    KeyUse& use = use_of(value, block);
    if (use.kind == KeyUse::Ignored) return true;
    if (value.kind == NodeKind::Text && matching_.absent.has(vm::trimmed(value.text))) return true;
    if (use.kind == KeyUse::AsTree) return false;
    // Said twice: which of them holds, or that none does, is for others to say.
    const bool has_column = column_rows_[use.column] == flat_row_, has_years = year_rows_[use.column] == flat_row_;
    if (use.is_year ? has_column : value.begins && (has_column || has_years)) return false;
    (use.is_year ? year_rows_ : column_rows_)[use.column] = flat_row_;
    if ((use.kind == KeyUse::Value || use.kind == KeyUse::AllYears) && block.is_set(use.slot)) return false;
    switch (use.kind) {
        case KeyUse::Company:
            if (value.kind != NodeKind::Text) return false;
            company_ = vm::trimmed(value.text);
            block.set_company(company_);
            return true;
        case KeyUse::FiscalYear: {
            const auto year = value.kind == NodeKind::Number ? vm::parse_year(value.text) : std::nullopt;
            if (year) block.set_fiscal_year(*year);
            return year.has_value();
        }
        case KeyUse::AllYears:
            if (value.kind != NodeKind::Null) return false;
            block.set(use.slot, {0, 0, vm::CellState::Unknown});
            return true;
        default: break;
    }
    vm::Cell cell{0, 0, vm::CellState::Unknown};
    if (value.kind != NodeKind::Null && use.reader->read(io::scalar_of(value.kind), value.text, texts_, cell)) return false;
    block.set(use.slot, cell);
    return true;
}

bool Intake::keep_flat(const io::FlatValue& value, Block& block) const {
    for (std::size_t k = 0; k < kept_.size(); ++k) {
        const std::string_view name = kept_[k].name;
        if (!name.starts_with(value.key)) continue;
        if (name.size() == value.key.size()) {
            if (!value.member.empty()) return false;
        } else if (name[value.key.size()] != '.' || name.substr(value.key.size() + 1) != value.member) {
            continue;
        }
        block.set_kept(k, value.kind == NodeKind::Null ? std::string_view() : value.text);
    }
    return true;
}

Intake::KeyUse& Intake::use_of(const io::FlatValue& value, Block& block) {
    // A file with keys of its own in every row must not fill the memory.
    constexpr std::size_t most = 4096, longest = 256;
    auto members = uses_.find(value.key);
    if (members != uses_.end()) {
        if (const auto found = members->second.find(value.member); found != members->second.end()) return found->second;
    }
    if (uses_kept_ == most || value.key.size() + value.member.size() > longest) return as_tree_;
    ++uses_kept_;
    if (members == uses_.end()) members = uses_.emplace(std::string(value.key), ByKey<KeyUse>()).first;
    return members->second.emplace(std::string(value.member), find_use(value.key, value.member, block)).first->second;
}

// The keys of the first rows were told before the work began.
void Intake::note_unknown(std::string_view key, std::string_view member) {
    constexpr std::size_t most = 256;
    const std::string name(member.empty() ? key : std::string(key) + "." + std::string(member));
    const bool is_told = std::any_of(told_keys_.begin(), told_keys_.end(), [&](const std::string& told) { return told == name || (told.starts_with(name) && told[name.size()] == '.'); });
    if (is_told || unknown_seen_.size() == most || !unknown_seen_.insert(name).second) return;
    unknown_.push_back({row_line_, io::clipped(name)});
}

// As `wanted` and build_profile take keys.
Intake::KeyUse Intake::find_use(std::string_view key, std::string_view member, Block& block) {
    KeyUse use;
    const Target target = finder_.find(key);
    if (target.kind == TargetKind::CompanyId || target.kind == TargetKind::FiscalYear) {
        if (member.empty()) use.kind = target.kind == TargetKind::CompanyId ? KeyUse::Company : KeyUse::FiscalYear;
        use.column = target.kind == TargetKind::CompanyId ? 0 : 1;
        return use;
    }
    if (target.column == bytecode::none) {
        if (vm::find_fact(pack_, needs_.subject, key) != bytecode::none) return use;
        use.kind = KeyUse::Ignored;
        note_unknown(key, member);
        return use;
    }
    if (!needs_.reads(target.column)) {
        use.kind = KeyUse::Ignored;
        return use;
    }
    use.column = target.column + std::size_t{2};
    std::int32_t year = target.year;
    if (target.kind == TargetKind::NeedsYear) {
        if (member.empty()) {
            use.kind = KeyUse::AllYears;
            use.slot = block.slot(target.column, 0);
            return use;
        }
        const auto parsed = vm::parse_year(member);
        if (!parsed) return use;
        year = *parsed;
    } else if (target.kind != TargetKind::Value || !member.empty()) {
        return use;
    }
    auto& reader = readers_[{target.column, target.unit}];
    if (!reader) reader = std::make_shared<io::ValueReader>(pack_, fact_of(pack_, needs_.subject, target.column), target.unit);
    use.kind = KeyUse::Value;
    use.is_year = target.kind == TargetKind::Value && year != 0;
    use.slot = block.slot(target.column, year);
    use.reader = reader;
    return use;
}

// What a tree says of the facts that are read, under the names that the vocabulary has for them; its other keys are left out.
io::Node Intake::wanted(io::Node& root) {
    io::Node result = object();
    result.place = root.place;
    std::map<std::string, std::size_t, std::less<>> objects;  // where the first of each name stands
    const auto take = [&](io::Member& member, std::string name) {
        if (member.value.kind == NodeKind::Object) objects.emplace(name, result.members.size());
        member.key = std::move(name);
        result.members.push_back(std::move(member));
    };
    for (io::Member& member : root.members) {
        if (says_nothing(member.value)) continue;
        const Target target = finder_.find(member.key);
        if (target.kind == TargetKind::CompanyId || target.kind == TargetKind::FiscalYear) {
            take(member, finder_.key_of(target));
        } else if (target.column != bytecode::none) {
            if (!needs_.reads(target.column)) continue;
            const auto mistake = target.kind == TargetKind::NeedsYear ? std::nullopt : finder_.mistake_of(target, member.key);
            if (mistake) {
                io::Problem problem = io::malformed(member.place, mistake->chinese, mistake->english);
                problem.kind = mistake->kind;
                problem.key = member.key;
                problems_.push_back(std::move(problem));
                continue;
            }
            if (target.unit != nullptr && !to_own_unit(member.value, target, member.key)) continue;
            const std::string name = pack_.string(pack_.subjects[needs_.subject].columns[target.column].name);
            if (target.year == 0) {
                take(member, name);
                continue;
            }
            const auto [yearly, added] = objects.emplace(name, result.members.size());
            if (added) result.members.push_back({name, member.place, object()});
            result.members[yearly->second].value.members.push_back({std::to_string(target.year), member.place, std::move(member.value)});
        } else if (vm::find_fact(pack_, needs_.subject, member.key) != bytecode::none) {
            take(member, std::string(member.key));  // a record: its own facts are looked at there
        } else {
            note_unknown(member.key, {});
        }
    }
    return result;
}

std::vector<std::string> Intake::kept_texts(const io::Node& root) const {
    std::vector<std::string> texts;
    for (const Kept& kept : kept_) {
        const io::Node* const node = node_at(root, kept.name);
        texts.push_back(node == nullptr ? "" : text_of(*node));
    }
    return texts;
}

bool Intake::says_nothing(const io::Node& node) const { return node.kind == NodeKind::Text && matching_.absent.has(vm::trimmed(node.text)); }

bool Intake::to_own_unit(io::Node& value, const Target& target, const std::string& key) {
    if (value.kind == NodeKind::Object) {
        std::erase_if(value.members, [this](const io::Member& member) { return says_nothing(member.value); });
        return std::all_of(value.members.begin(), value.members.end(), [&](io::Member& member) { return to_own_unit(member.value, target, key + "." + member.key); });
    }
    if (value.kind == NodeKind::Null) return true;
    auto own = value.kind == NodeKind::Text || value.kind == NodeKind::Number ? io::in_own_unit(value.text, *target.unit, fact_of(pack_, needs_.subject, target.column)) : std::nullopt;
    if (own) {
        value.text = std::move(*own);
        return true;
    }
    const std::string unit(target.unit->name);
    io::Problem problem = io::malformed(value.place, "应为数，这一项的单位是" + unit, "expected a number, as this is in " + unit);
    problem.kind = io::ProblemKind::WrongType;
    problem.key = key;
    problem.found = io::clipped(value.text);
    problems_.push_back(std::move(problem));
    return false;
}

void Intake::tree(const io::TableRow& row, Block& block) {
    const auto id = std::find_if(row.tree->members.begin(), row.tree->members.end(), [&](const io::Member& member) { return finder_.find(member.key).kind == TargetKind::CompanyId; });
    if (id != row.tree->members.end() && id->value.kind != NodeKind::Null && !says_nothing(id->value)) company_ = vm::trimmed(id->value.text);
    row_line_ = row.line;
    const std::vector<std::string> kept = kept_texts(*row.tree);
    const io::Node root = wanted(*row.tree);
    const auto profile = io::build_profile(pack_, root, {}, problems_, needs_.subject);
    if (!profile || !problems_.empty()) return;
    block.set_profile(*profile);
    for (std::size_t k = 0; k < kept.size(); ++k) block.set_kept(k, kept[k]);
    lists(block);
}

}  // namespace eligo::screen
