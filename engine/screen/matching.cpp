#include "matching.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "../vm/profile_set.hpp"

namespace eligo::screen {
namespace {

using bytecode::Index;
using io::Target;
using io::TargetKind;

io::Problem about(io::ProblemKind kind, const std::string& name, std::string chinese, std::string english) {
    io::Problem problem;
    problem.kind = kind;
    problem.place = {1, 0};
    problem.key = name;
    problem.chinese = std::move(chinese);
    problem.english = std::move(english);
    return problem;
}

class Matcher {
public:
    Matcher(const bytecode::Pack& pack, const Needs& needs, const io::ColumnFinder& finder, const io::Table& table, const Children& children)
        : pack_(pack), needs_(needs), finder_(finder), table_(table), children_(children) {}

    Matching match() {
        for (const std::string& name : table_.header()) {
            const Target target = finder_.find(name);
            matching_.targets.push_back(target);
            matching_.has_company = matching_.has_company || target.kind == TargetKind::CompanyId;
            matching_.has_fiscal_year = matching_.has_fiscal_year || target.kind == TargetKind::FiscalYear;
            if (target.kind == TargetKind::Value && target.year != 0) matching_.latest_year = std::max(matching_.latest_year.value_or(target.year), target.year);
        }
        for (std::size_t i = 0; i < matching_.targets.size(); ++i) column(i);
        if (matching_.problems.empty() && !gives_any_fact()) no_column_is_a_fact();
        look_for_missing();
        return std::move(matching_);
    }

private:
    bool read(const Target& target) const {
        if (!needs_.reads(target.column)) return false;
        if (target.year == 0 || matching_.has_fiscal_year || table_.rows_are_trees()) return true;
        const std::vector<std::int32_t> years = years_of(target.column);
        return std::find(years.begin(), years.end(), target.year) != years.end();
    }

    std::vector<std::int32_t> years_of(Index column) const {
        const auto at = std::lower_bound(needs_.columns.begin(), needs_.columns.end(), column) - needs_.columns.begin();
        std::vector<std::int32_t> years = needs_.year_offsets[static_cast<std::size_t>(at)];
        for (std::int32_t& year : years) year += value::year_of(needs_.question.as_of);
        return years;
    }

    void column(std::size_t number) {
        const std::string& name = table_.header()[number];
        const Target& target = matching_.targets[number];
        switch (target.kind) {
            case TargetKind::None:
                if (!table_.rows_are_trees() || !begins_a_record(name)) matching_.unmatched.push_back(name);
                return;
            case TargetKind::LeftOut: return;
            case TargetKind::NeedsYear:
            case TargetKind::NoYear:
            case TargetKind::NeedsUnit:
            case TargetKind::WrongUnit:
            case TargetKind::TwoUnits:
            case TargetKind::BadYear: {
                if (table_.rows_are_trees()) return;  // what is wrong there is wrong with its row
                const auto mistake = finder_.mistake_of(target, name);
                return refuse(mistake->kind, name, mistake->chinese, mistake->english);
            }
            case TargetKind::List:
                if (!table_.rows_are_trees()) {
                    const std::string list = finder_.key_of(target);
                    refuse(io::ProblemKind::BadPlace, name, "列表放在另一个表中，按 company_id 对应：--list " + list + "=文件", "a list comes as a table of its own, by company_id: --list " + list + "=FILE");
                }
                return;
            case TargetKind::CompanyId:
            case TargetKind::FiscalYear:
            case TargetKind::Value: break;
        }
        const std::string key = finder_.key_of(target);
        if (const auto [found, added] = seen_.emplace(key, name); !added && !table_.rows_are_trees()) {
            return refuse(io::ProblemKind::Duplicate, name, "与列“" + found->second + "”是同一项事实（" + key + "）", "gives the same fact as the column \"" + found->second + "\" (" + key + ")");
        }
        if (target.kind == TargetKind::Value && !read(target)) matching_.unread.push_back(name);
    }

    // "company.employees" of a tree is looked at together with its record.
    bool begins_a_record(const std::string& name) const { return vm::find_fact(pack_, needs_.subject, name.substr(0, name.find('.'))) != bytecode::none; }

    // What the policies ask for may also come by way of lists, or be nothing.
    bool gives_any_fact() const {
        if (!children_.empty() || (needs_.columns.empty() && needs_.lists.empty()) || table_.header().empty()) return true;
        for (std::size_t i = 0; i < matching_.targets.size(); ++i) {
            if (matching_.targets[i].column != bytecode::none || (table_.rows_are_trees() && begins_a_record(table_.header()[i]))) return true;
        }
        return false;
    }

    void no_column_is_a_fact() {
        constexpr std::size_t most = 8;
        const auto& header = table_.header();
        std::string names;
        for (std::size_t i = 0; i < std::min(header.size(), most); ++i) names += (i == 0 ? "" : ", ") + io::clipped(header[i]);
        if (header.size() > most) names += ", …";
        refuse(io::ProblemKind::UnknownKey, "", "没有一列是企业的事实（现有：" + names + "）；列名应为事实的名称或标签，eligo facts 可列出，或用 --map 对照",
               "no column is a fact (there are: " + names + "); columns are called by the names or labels of facts, which `eligo facts` lists, or matched by --map");
    }

    void refuse(io::ProblemKind kind, const std::string& name, std::string chinese, std::string english) {
        matching_.problems.push_back(about(kind, name, std::move(chinese), std::move(english)));
    }

    void look_for_missing() {
        for (const Index column : needs_.columns) {
            const std::vector<std::int32_t> years = fact_of(pack_, needs_.subject, column).yearly ? years_of(column) : std::vector<std::int32_t>{0};
            for (const std::int32_t year : years) {
                const std::string key = finder_.key_of({TargetKind::Value, column, year});
                if (matching_.has_fiscal_year && year != 0) continue;
                if (seen_.contains(key)) continue;
                const bool has_default = fact_of(pack_, needs_.subject, column).default_kind != bytecode::DefaultKind::None;
                (has_default ? matching_.assumed : matching_.missing).push_back(key);
            }
        }
        for (const ListNeed& list : needs_.lists) {
            const Target target{TargetKind::List, list.column, 0};
            const bool there = children_.has(list.column) || std::find(matching_.targets.begin(), matching_.targets.end(), target) != matching_.targets.end();
            if (!there) matching_.missing.push_back(finder_.key_of(target));
        }
    }

    const bytecode::Pack& pack_;
    const Needs& needs_;
    const io::ColumnFinder& finder_;
    const io::Table& table_;
    const Children& children_;
    std::map<std::string, std::string> seen_;  // key -> column
    Matching matching_;
};

}  // namespace

Matching match_columns(const bytecode::Pack& pack, const Needs& needs, const io::ColumnFinder& finder, const io::Table& table, const Children& children) {
    return Matcher(pack, needs, finder, table, children).match();
}

std::vector<bool> Matching::read(const std::vector<std::string>& header) const {
    const std::set<std::string> ignored(unread.begin(), unread.end());
    std::vector<bool> columns;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const TargetKind kind = targets[i].kind;
        columns.push_back(kind == TargetKind::CompanyId || kind == TargetKind::FiscalYear || (kind == TargetKind::Value && !ignored.contains(header[i])));
    }
    return columns;
}

}  // namespace eligo::screen
