// Trees -> profiles: what the keys of an object mean, whatever the format it came in.
#include "profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "../text/suggest.hpp"
#include "../vm/profile_set.hpp"
#include "../vm/spelling.hpp"
#include "files.hpp"
#include "foreign.hpp"
#include "formats.hpp"

namespace eligo::io {
namespace {

// YAML and CSV are in memory while they are read; and reading YAML takes fifty times as long as reading JSON.
constexpr std::size_t most_text_bytes = 64'000'000;

using bytecode::Fact;
using bytecode::Index;
using bytecode::Kind;
using bytecode::Pack;

ProblemKind kind_of(vm::ProblemKind kind) {
    switch (kind) {
        case vm::ProblemKind::UnknownKey: return ProblemKind::UnknownKey;
        case vm::ProblemKind::WrongType: return ProblemKind::WrongType;
        case vm::ProblemKind::OutOfRange: return ProblemKind::OutOfRange;
        case vm::ProblemKind::TooManyDecimals: return ProblemKind::TooManyDecimals;
        case vm::ProblemKind::EmptyRange: return ProblemKind::EmptyRange;
        case vm::ProblemKind::Contradiction: return ProblemKind::Contradiction;
        case vm::ProblemKind::Duplicate: return ProblemKind::Duplicate;
        case vm::ProblemKind::TooManyElements: return ProblemKind::TooManyElements;
        case vm::ProblemKind::BadYear: return ProblemKind::BadYear;
        case vm::ProblemKind::BadPlace: return ProblemKind::BadPlace;
    }
    return ProblemKind::Malformed;
}

bool is_container(const Node& node) { return node.kind == NodeKind::Object || node.kind == NodeKind::Array; }

std::string shown(const Node& node) {
    switch (node.kind) {
        case NodeKind::Object: return "{ … }";
        case NodeKind::Array: return "[ … ]";
        case NodeKind::Null: return "null";
        default: return clipped(node.text);
    }
}

// Nothing is said here: empty cells of CSV, and what consists of nothing else.
bool is_absent(const Node& node) {
    if (node.kind == NodeKind::Absent) return true;
    if (node.kind == NodeKind::Object) {
        return !node.members.empty() && std::all_of(node.members.begin(), node.members.end(), [](const Member& member) { return is_absent(member.value); });
    }
    return node.kind == NodeKind::Array && !node.elements.empty() && std::all_of(node.elements.begin(), node.elements.end(), is_absent);
}

// A row of facts on its way to being filled: the profile itself, or an element of a list.
struct Target {
    vm::Row* row = nullptr;
    Index subject = bytecode::none;
    std::string prefix;  // of its keys: "claims[0]."
};

class Builder {
public:
    Builder(const Pack& pack, Index subject, const std::string& file, std::vector<Problem>& problems)
        : pack_(pack), file_(file), problems_(problems), profile_(vm::empty_profile(pack, subject)) {}

    std::optional<vm::Profile> build(const Node& root) {
        if (root.kind == NodeKind::Object) {
            facts(root, {&profile_.row, profile_.subject, ""}, profile_.subject, {}, "");
            look_for_contradictions();
        } else {
            expectation_failed(ProblemKind::WrongType, root.place, "", {"含各项事实的对象", "an object with facts"}, shown(root));
        }
        if (failed_) return std::nullopt;
        return std::move(profile_);
    }

private:
    using Path = std::vector<Index>;

    Problem& add(ProblemKind kind, Place place, std::string key) {
        Problem problem;
        problem.kind = kind;
        problem.file = file_;
        problem.place = place;
        problem.key = clipped(key);
        failed_ = true;
        if (problems_.size() >= most_problems) return untold_ = std::move(problem);
        problems_.push_back(std::move(problem));
        return problems_.back();
    }

    void expectation_failed(ProblemKind kind, Place place, std::string key, vm::Expectation expectation, std::string found) {
        Problem& problem = add(kind, place, std::move(key));
        problem.expected_chinese = std::move(expectation.chinese);
        problem.expected_english = std::move(expectation.english);
        problem.found = std::move(found);
        word_expectation(problem);
    }

    // The facts of `subject` that an object gives; `path` leads to them from the target's row by way of records.
    void facts(const Node& object, Target target, Index subject, const Path& path, const std::string& prefix) {
        std::set<std::string> seen;
        const bool top = target.prefix.empty() && path.empty();
        for (const Member& member : object.members) {
            const std::string key = target.prefix + prefix + member.key;
            if (!seen.insert(member.key).second) {
                given_twice(member, key);
            } else if (top && member.key == "company_id") {
                company_id(member.value);
            } else if (top && member.key == "fiscal_year") {
                fiscal_year(member.value);
            } else {
                fact(member, target, subject, path, prefix, key);
            }
        }
    }

    void given_twice(const Member& member, const std::string& key) {
        Problem& problem = add(ProblemKind::Duplicate, member.place, key);
        problem.found = shown(member.value);
        problem.chinese = "重复给出";
        problem.english = "given twice";
    }

    void company_id(const Node& value) {
        if (is_container(value) || value.kind == NodeKind::Bool) {
            return expectation_failed(ProblemKind::WrongType, value.place, "company_id", {"文本", "a text"}, shown(value));
        }
        if (value.kind != NodeKind::Null && value.kind != NodeKind::Absent) profile_.company_id = vm::trimmed(value.text);
    }

    void fiscal_year(const Node& value) {
        if (value.kind == NodeKind::Absent) return;
        // Given as unknown, it is not taken for this year: which year a yearly fact is of would be guessed.
        const auto year = is_container(value) || value.kind == NodeKind::Null ? std::nullopt : vm::parse_year(vm::trimmed(value.text));
        if (year) {
            profile_.fiscal_year = year;
        } else {
            bad_year(value.place, "fiscal_year", shown(value));
        }
    }

    void bad_year(Place place, const std::string& key, const std::string& found) {
        expectation_failed(ProblemKind::BadYear, place, key, {"四位数的年度，1900至2199", "a fiscal year of four digits from 1900 to 2199"}, found);
    }

    void fact(const Member& member, const Target& target, Index subject, const Path& path, const std::string& prefix, const std::string& key) {
        const Index number = vm::find_fact(pack_, subject, member.key);
        if (number == bytecode::none) return unknown_key(member, subject, target.prefix.empty() && path.empty(), key, target.prefix + prefix);
        const Fact& described = pack_.subjects[subject].facts[number];
        Path here = path;
        here.push_back(number);
        if (is_container(member.value) && is_absent(member.value)) return within_absent(member, target, described, here, prefix);
        if (described.kind == Kind::Record) {
            record(member, target, described, here, prefix, key);
        } else if (described.kind == Kind::List) {
            list(member.value, target, described, here, key);
        } else if (described.yearly) {
            yearly(member.value, target, described, here, key);
        } else {
            leaf(member.value, target, described, here, 0, key);
        }
    }

    // Empty cells set nothing, but their columns must still be facts.
    void within_absent(const Member& member, const Target& target, const Fact& described, const Path& here, const std::string& prefix) {
        if (described.kind == Kind::Record || (described.yearly && member.value.kind == NodeKind::Object)) {
            const std::string key = target.prefix + prefix + member.key;
            if (described.kind == Kind::Record) {
                record(member, target, described, here, prefix, key);
            } else {
                yearly(member.value, target, described, here, key);
            }
        } else if (described.kind == Kind::List && member.value.kind == NodeKind::Array) {
            check_elements(member.value, described, target.prefix + prefix + member.key);
        } else {
            expectation_failed(ProblemKind::BadPlace, member.place, target.prefix + prefix + member.key, vm::expectation_of(pack_, described), "");
        }
    }

    // The elements are looked at for unknown keys, in rows that are then thrown away.
    void check_elements(const Node& array, const Fact& described, const std::string& key) {
        for (std::size_t i = 0; i < array.elements.size(); ++i) {
            vm::Row row = vm::Row(pack_, described.ref);
            facts(array.elements[i], {&row, described.ref, fmt::format("{}[{}].", key, i)}, described.ref, {}, "");
        }
    }

    void unknown_key(const Member& member, Index subject, bool top, const std::string& key, const std::string& prefix) {
        // What nobody will be told need not be worded.
        if (problems_.size() >= most_problems) {
            failed_ = true;
            return;
        }
        std::vector<std::string> known;
        for (const Fact& each : pack_.subjects[subject].facts) known.push_back(pack_.string(each.name));
        if (top) known.insert(known.end(), {"company_id", "fiscal_year"});
        const std::string& name = pack_.string(pack_.subjects[subject].name);
        Problem& problem = add(ProblemKind::UnknownKey, member.place, key);
        problem.found = clipped(member.key);
        problem.expected_chinese = "“" + name + "”的一项事实";
        problem.expected_english = "a fact of " + name;
        problem.chinese = "不是“" + name + "”的事实";
        problem.english = "not a fact of " + name;
        const auto nearest = text::nearest(member.key, known);
        if (!nearest) return;
        problem.nearest = prefix + *nearest;
        problem.chinese += "，是否应为“" + problem.nearest + "”？";
        problem.english += "; did you mean \"" + problem.nearest + "\"?";
    }

    void record(const Member& member, const Target& target, const Fact& described, const Path& here, const std::string& prefix, const std::string& key) {
        if (member.value.kind == NodeKind::Null) {
            vm::put_unknown(pack_, target.subject, *target.row, here);
        } else if (member.value.kind == NodeKind::Object) {
            facts(member.value, target, described.ref, here, prefix + member.key + ".");
        } else if (member.value.kind != NodeKind::Absent) {
            expectation_failed(ProblemKind::WrongType, member.value.place, key, {"对象：{ … }", "an object: { … }"}, shown(member.value));
        }
    }

    void list(const Node& value, const Target& target, const Fact& described, const Path& here, const std::string& key) {
        if (value.kind == NodeKind::Absent) return;
        if (value.kind == NodeKind::Null) return vm::put_unknown(pack_, target.subject, *target.row, here);
        if (value.kind != NodeKind::Array) {
            return expectation_failed(ProblemKind::WrongType, value.place, key, {"列表：[ { … }, … ]", "a list: [ { … }, … ]"}, shown(value));
        }
        std::size_t count = value.elements.size();
        while (count > 0 && is_absent(value.elements[count - 1])) --count;
        if (count > described.up_to) {
            const std::string most = std::to_string(described.up_to);
            return expectation_failed(ProblemKind::TooManyElements, value.place, key, {"至多" + most + "个元素的列表", "a list of at most " + most + " elements"}, std::to_string(count));
        }
        vm::List& filled = target.row->list(vm::find_column(pack_, target.subject, here));
        filled.state = vm::CellState::Known;
        filled.rows.assign(count, vm::Row(pack_, described.ref));
        for (std::size_t i = 0; i < count; ++i) element(value.elements[i], {&filled.rows[i], described.ref, fmt::format("{}[{}].", key, i)});
    }

    void element(const Node& value, const Target& target) {
        if (value.kind == NodeKind::Object) return facts(value, target, target.subject, {}, "");
        expectation_failed(ProblemKind::WrongType, value.place, target.prefix.substr(0, target.prefix.size() - 1), {"对象：{ … }", "an object: { … }"}, shown(value));
    }

    void yearly(const Node& value, const Target& target, const Fact& described, const Path& here, const std::string& key) {
        if (value.kind == NodeKind::Null) return vm::put_unknown(pack_, target.subject, *target.row, here);
        if (value.kind != NodeKind::Object) return year_missing(value, key);
        std::set<std::string> seen;
        for (const Member& member : value.members) {
            const std::string year_key = key + "." + member.key;
            const auto year = vm::parse_year(member.key);
            if (!year) {
                bad_year(member.place, year_key, clipped(member.key));
            } else if (!seen.insert(member.key).second) {
                given_twice(member, year_key);
            } else {
                leaf(member.value, target, described, here, *year, year_key);
            }
        }
    }

    // An empty cell under `revenue` is as wrong as a full one: the column says no year.
    void year_missing(const Node& value, const std::string& key) {
        const bool flat = value.kind == NodeKind::Plain || value.kind == NodeKind::Absent;
        const std::string example = flat ? key + ".2015" : "{ \"2015\": … }";
        expectation_failed(ProblemKind::BadPlace, value.place, key, {"按年度给出：" + example, "a value for each fiscal year: " + example}, shown(value));
    }

    void leaf(const Node& value, const Target& target, const Fact& described, const Path& here, std::int32_t year, const std::string& key) {
        if (value.kind == NodeKind::Absent) return;
        const Index column = vm::find_column(pack_, target.subject, here);
        vm::Cell cell{0, 0, vm::CellState::Unknown};
        if (is_container(value)) {
            return expectation_failed(ProblemKind::WrongType, value.place, key, vm::expectation_of(pack_, described), shown(value));
        }
        if (value.kind != NodeKind::Null) {
            if (auto problem = vm::read_cell(pack_, described, scalar_of(value.kind), value.text, profile_.texts, cell)) {
                return expectation_failed(kind_of(problem->kind), value.place, key, {problem->expected_chinese, problem->expected_english}, problem->found);
            }
        }
        vm::put(pack_, target.subject, *target.row, column, year, cell);
        places_[key] = value.place;
    }

    void look_for_contradictions() {
        for (vm::Problem& problem : vm::contradictions(profile_)) {
            const auto found = places_.contains(problem.key) ? places_.find(problem.key) : places_.find(problem.other_key);
            expectation_failed(ProblemKind::Contradiction, found == places_.end() ? Place{} : found->second, problem.key,
                               {problem.expected_chinese, problem.expected_english}, problem.found);
        }
    }

    const Pack& pack_;
    const std::string& file_;
    std::vector<Problem>& problems_;
    Problem untold_;       // one too many
    bool failed_ = false;
    vm::Profile profile_;
    std::map<std::string, Place> places_;  // of the values given, by key
};

bool has_policies(const Pack& pack, Index subject) {
    return std::any_of(pack.policies.begin(), pack.policies.end(), [&](const bytecode::Policy& policy) { return policy.subject == subject; });
}

std::vector<Index> candidates(const Pack& pack) {
    std::vector<Index> all, with_policies;
    for (std::size_t i = 0; i < pack.subjects.size(); ++i) {
        const auto subject = static_cast<Index>(i);
        if (pack.subjects[i].is_record) continue;
        all.push_back(subject);
        if (has_policies(pack, subject)) with_policies.push_back(subject);
    }
    return with_policies.empty() ? all : with_policies;
}

std::size_t keys_known(const Pack& pack, Index subject, const Node& root) {
    return static_cast<std::size_t>(std::count_if(root.members.begin(), root.members.end(), [&](const Member& member) {
        return vm::find_fact(pack, subject, member.key) != bytecode::none;
    }));
}

// All of an input; nothing when it has more than so many bytes.
std::optional<std::string> read_all(const ReadBytes& read, std::size_t most) {
    std::string text;
    while (text.size() <= most) {
        constexpr std::size_t piece = 256 * 1024;
        const std::size_t before = text.size();
        text.resize(before + piece);
        text.resize(before + read(text.data() + before, piece));
        if (text.size() == before) return text;
    }
    return std::nullopt;
}

std::vector<Problem> each_tree(const ReadBytes& read, Format format, const TakeTree& take) {
    if (format == Format::Json) return each_json(read, take);
    const auto text = read_all(read, most_text_bytes);
    if (!text) {
        const std::string most = std::to_string(most_text_bytes / 1'000'000);
        if (format == Format::Yaml) return {malformed({}, "YAML至多" + most + "MB，请写成JSON或CSV", "YAML may have " + most + " MB at most; write it as JSON or CSV")};
        return {malformed({}, "这里的CSV至多" + most + "MB；更多的企业请用 eligo screen", "CSV may have " + most + " MB at most here; for more companies use `eligo screen`")};
    }
    return format == Format::Yaml ? each_yaml(*text, take) : each_csv(*text, take);
}

// A column of CSV that is no fact is one mistake, however many rows there are.
void drop_repeated_unknown_keys(std::vector<Problem>& problems) {
    std::set<std::string> seen;
    std::erase_if(problems, [&](const Problem& problem) { return problem.kind == ProblemKind::UnknownKey && !seen.insert(problem.key).second; });
}

// Of the tables that `eligo screen` reads, those that begin with a sign of their own; and what nothing of ours reads.
std::optional<Problem> table_that_begins(std::string_view text) {
    struct Sign {
        std::string_view bytes, chinese, english;
    };
    constexpr std::array<Sign, 6> signs{{{"PK\x03\x04", "这是 Excel 工作簿", "this is an Excel workbook"},
                                         {"SQLite format 3", "这是 SQLite 数据库", "this is an SQLite database"},
                                         {"\x1F\x8B", "这是压缩文件（gzip）", "this is a compressed file (gzip)"},
                                         {"\x28\xB5\x2F\xFD", "这是压缩文件（zstd）", "this is a compressed file (zstd)"},
                                         {"\xFF\xFE", "这是 UTF-16 文本", "this is text in UTF-16"},
                                         {"\xFE\xFF", "这是 UTF-16 文本", "this is text in UTF-16"}}};
    const auto found = std::find_if(signs.begin(), signs.end(), [&](const Sign& sign) { return text.starts_with(sign.bytes); });
    if (found == signs.end()) return foreign_format(text);
    return malformed({}, std::string(found->chinese) + "；eligo check 读取 UTF-8 的 JSON、YAML、CSV，这样的企业表请用 eligo screen",
                     std::string(found->english) + "; `eligo check` reads JSON, YAML and CSV in UTF-8: for such a table use `eligo screen`");
}

TakeProfile into(Profiles& profiles) {
    return [&profiles](vm::Profile&& profile) {
        profiles.profiles.push_back(std::move(profile));
        return true;
    };
}

// False when the text is none of its format, which is found at the end at the latest: then nothing of it counts.
bool each_profile(const Pack& pack, const ReadBytes& read, Format format, const std::string& file, Index subject, const TakeProfile& take, std::vector<Problem>& problems) {
    std::vector<Problem> told;  // of profiles
    const TakeTree build = [&](Node&& root) {
        if (auto profile = build_profile(pack, root, file, told, subject)) return take(std::move(*profile));
        if (format == Format::Csv && told.size() >= most_problems) drop_repeated_unknown_keys(told);
        return told.size() < most_problems;
    };
    std::vector<Problem> all = each_tree(read, format, build);
    const bool is_right = all.empty() || format == Format::Csv;
    for (Problem& problem : all) problem.file = file;
    all.insert(all.end(), std::make_move_iterator(told.begin()), std::make_move_iterator(told.end()));
    const bool stopped = all.size() >= most_problems;
    if (format == Format::Csv) drop_repeated_unknown_keys(all);
    if (stopped) stop_telling(all, file);
    problems.insert(problems.end(), std::make_move_iterator(all.begin()), std::make_move_iterator(all.end()));
    return is_right;
}

}  // namespace

vm::Scalar scalar_of(NodeKind kind) {
    switch (kind) {
        case NodeKind::Bool: return vm::Scalar::Bool;
        case NodeKind::Number: return vm::Scalar::Number;
        case NodeKind::Text: return vm::Scalar::Text;
        default: return vm::Scalar::Plain;
    }
}

Problem problem_of(const vm::Problem& problem) {
    Problem result;
    result.kind = kind_of(problem.kind);
    result.key = problem.key;
    result.found = problem.found;
    result.expected_chinese = problem.expected_chinese;
    result.expected_english = problem.expected_english;
    word_expectation(result);
    return result;
}

std::optional<Format> format_of(std::string_view path) {
    if (path.ends_with(".json")) return Format::Json;
    if (path.ends_with(".yaml") || path.ends_with(".yml")) return Format::Yaml;
    if (path.ends_with(".csv")) return Format::Csv;
    return std::nullopt;
}

Format guess_format(std::string_view text) {
    text = without_byte_order_mark(text);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || text[first] == '{' || text[first] == '[') return Format::Json;
    if (text.substr(first).starts_with("---")) return Format::Yaml;
    const std::size_t sign = text.find_first_of(":,", first);
    return sign != std::string_view::npos && text[sign] == ':' ? Format::Yaml : Format::Csv;
}

Index subject_of(const Pack& pack, const Node& root) {
    Index best = bytecode::none;
    std::size_t most = 0;
    for (const Index subject : candidates(pack)) {
        const std::size_t known = keys_known(pack, subject, root);
        if (best == bytecode::none || known > most) {
            best = subject;
            most = known;
        }
    }
    return best;
}

std::optional<vm::Profile> build_profile(const Pack& pack, const Node& root, const std::string& file, std::vector<Problem>& problems, Index subject) {
    if (subject == bytecode::none) subject = subject_of(pack, root);
    if (subject == bytecode::none) {
        Problem problem = malformed({}, "规则中没有词汇表，无法读取企业数据", "the rules declare no vocabulary that a profile could be about");
        problem.file = file;
        problems.push_back(std::move(problem));
        return std::nullopt;
    }
    return Builder(pack, subject, file, problems).build(root);
}

Profiles read_profiles(const Pack& pack, std::string_view text, Format format, const std::string& file, Index subject) {
    Profiles result;
    const ReadBytes read = [&text](char* into, std::size_t size) {
        size = text.copy(into, size);
        text.remove_prefix(size);
        return size;
    };
    if (!each_profile(pack, read, format, file, subject, into(result), result.problems)) result.profiles.clear();
    return result;
}

std::optional<ProfileFile> ProfileFile::open(const std::string& path, std::vector<Problem>& problems) {
    File file = open_to_read_again(path, problems);
    if (!file) return std::nullopt;
    return ProfileFile(path, std::move(file));
}

bool ProfileFile::each(const Pack& pack, Index subject, const TakeProfile& take, std::vector<Problem>& problems) const {
    std::rewind(file_.get());
    // What it begins with says what it is, where its name does not.
    constexpr std::size_t looked_at = 64 * 1024;
    std::string begun(looked_at, '\0');
    begun.resize(std::fread(begun.data(), 1, begun.size(), file_.get()));
    if (auto problem = table_that_begins(begun)) {
        problem->file = path_;
        problems.push_back(std::move(*problem));
        return false;
    }
    std::string_view ahead = begun;
    const ReadBytes read = [&](char* into, std::size_t size) {
        if (ahead.empty()) return std::fread(into, 1, size, file_.get());
        size = ahead.copy(into, size);
        ahead.remove_prefix(size);
        return size;
    };
    bool is_right = each_profile(pack, read, format_of(path_).value_or(guess_format(begun)), path_, subject, take, problems);
    if (std::ferror(file_.get()) != 0) {
        Problem problem = malformed({}, "读取文件时出错", "reading the file failed");
        problem.kind = ProblemKind::CannotRead;
        problem.file = path_;
        problems.push_back(std::move(problem));
        is_right = false;
    }
    return is_right;
}

Profiles read_profile_file(const Pack& pack, const std::string& path, Index subject) {
    Profiles result;
    const auto file = ProfileFile::open(path, result.problems);
    if (file && !file->each(pack, subject, into(result), result.problems)) result.profiles.clear();
    return result;
}

}  // namespace eligo::io
