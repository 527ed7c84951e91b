#include "readers.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <eligo/batch.hpp>
#include <eligo/eligo.h>

#include "../../engine/book/screening_report.hpp"
#include "../../engine/bytecode/bounds.hpp"
#include "../../engine/bytecode/image.hpp"
#include "../../engine/columnar/run.hpp"
#include "../../engine/explain/json.hpp"
#include "../../engine/explain/say.hpp"
#include "../../engine/explain/shown.hpp"
#include "../../engine/explain/why.hpp"
#include "../../engine/screen/screen.hpp"
#include "../../engine/vm/profile_set.hpp"
#include "../../engine/vm/run.hpp"
#include "../fuzz/memory_file.hpp"
#include "arrow_rows.hpp"
#include "made_rows.hpp"

namespace eligo::oracle {
namespace {

using bytecode::Index;
using bytecode::Pack;
using bytecode::Register;

constexpr vm::Question question{.as_of = value::day_from_civil(made_year, 6, 1)};
std::atomic<std::uint64_t> holes{0};

// ---- what a policy says of a row

// By the VM: the short check, the check with amounts, and the explanation.
struct Told {
    vm::Verdict verdict{};
    std::uint32_t version = 0;
    std::vector<vm::Checker::BenefitResult> benefits;
    std::vector<value::Truth> clauses;  // as they are explained
};

// In the order of the version; of the elements of a list nothing.
void collect(const bytecode::Version& version, std::span<const Index> numbers, std::span<const explain::Clause> told, std::vector<value::Truth>& outcomes) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        outcomes[numbers[i]] = told[i].outcome;
        collect(version, version.clauses[numbers[i]].children, told[i].clauses, outcomes);
    }
}

// Whether a table has no row for something that is asked about the row: a choice of the empty interval is then all that is left.
class Holes {
public:
    Holes(const Pack& pack, Index subject, const bytecode::Version& version) : program_(pack.subjects[subject].program), partial_(program_.code.size(), false) {
        std::vector<Register> roots = explain::deciding(version);
        plan_ = vm::make_plan(pack, subject, {.roots = roots});
        for (std::size_t i = 0; i < program_.code.size(); ++i) partial_[i] = is_partial(program_.code[i]);
    }
    [[nodiscard]] bool met(const Pack& pack, const vm::Row& row) const {
        if (std::ranges::find(partial_, true) == partial_.end()) return false;
        vm::Frame frame = vm::make_frame(pack, plan_);
        vm::run_over_sets(frame, row, question, made_year);
        bool found = any_empty(frame);
        for (std::uint32_t loop = 0; loop < plan_.loops.size() && !found; ++loop) {
            const vm::List& list = row.list(program_.lists[plan_.loops[loop].list].column);
            for (std::uint32_t element = 0; element < list.rows.size() && list.state == vm::CellState::Known && !found; ++element) {
                vm::replay(frame, loop, element);
                found = any_empty(frame);
            }
        }
        return found;
    }

private:
    [[nodiscard]] bool is_nothing(Register number) const {
        const auto& instruction = program_.code[number];
        if (instruction.opcode == bytecode::Opcode::Constant) return program_.constants[instruction.a].low > program_.constants[instruction.a].high;
        return instruction.opcode == bytecode::Opcode::ConstantW && program_.wide_constants[instruction.a].low > program_.wide_constants[instruction.a].high;
    }
    [[nodiscard]] bool is_partial(const bytecode::Instruction& instruction) const {
        if (instruction.opcode == bytecode::Opcode::Widen || instruction.opcode == bytecode::Opcode::Narrow) return partial_[instruction.a];
        if (instruction.opcode != bytecode::Opcode::Select && instruction.opcode != bytecode::Opcode::SelectW) return false;
        return is_nothing(instruction.b) || is_nothing(instruction.c) || partial_[instruction.b] || partial_[instruction.c];
    }
    [[nodiscard]] bool any_empty(const vm::Frame& frame) const {
        for (std::size_t i = 0; i < partial_.size(); ++i) {
            const vm::Seat* const seat = partial_[i] ? plan_.seats.find(static_cast<Register>(i)) : nullptr;
            if (seat == nullptr || seat->sets == vm::no_place) continue;
            const vm::Result result = frame.result(static_cast<Register>(i));
            if (result.low > result.high) return true;
        }
        return false;
    }

    const bytecode::Program& program_;
    vm::Plan plan_;
    std::vector<bool> partial_;
};

class PolicyReader {
public:
    PolicyReader(const Pack& pack, Index policy) : pack_(pack), policy_(policy), checker_(pack, policy), verdicts_(pack, policy, vm::Checker::Answer::Verdict), explainer_(pack, policy), memory_(checker_.memory()), verdict_memory_(verdicts_.memory()) {}

    Told check(const vm::Profile& profile) {
        const vm::Outcome outcome = checker_.check(profile, question, memory_);
        Told told{outcome.verdict, outcome.version, {}, {}};
        if (outcome.verdict == vm::Verdict::NotInForce) return told;
        const auto& version = checker_.policy().versions[outcome.version];
        for (std::size_t i = 0; i < version.benefits.size(); ++i) {
            told.benefits.push_back(checker_.benefit(memory_, outcome, i));
            const auto& benefit = told.benefits.back();
            if (benefit.given != value::Truth::False) (void)explain::plain_text(pack_, version.benefits[i].measure, benefit.amount.low);
        }
        return told;
    }
    const bytecode::Version& version(std::uint32_t number) const { return checker_.policy().versions[number]; }
    vm::Verdict verdict(const vm::Profile& profile) { return verdicts_.check(profile, question, verdict_memory_).verdict; }
    explain::PolicyAnswer why(const vm::Profile& profile) { return explainer_.why(profile, question); }

    // By the intervals of a row of which all is known.
    vm::Verdict over_sets(const vm::Profile& profile) {
        const auto& versions = pack_.policies[policy_].versions;
        for (std::size_t i = 0; i < versions.size(); ++i) {
            const bytecode::Version& version = versions[i];
            if (i == plans_.size()) {
                const Register roots[] = {version.in_force, version.verdict};
                plans_.push_back(vm::make_plan(pack_, pack_.policies[policy_].subject, {.roots = roots}));
            }
            vm::Frame frame = vm::make_frame(pack_, plans_[i]);
            vm::run_over_sets(frame, profile.row, question, made_year);
            const value::Truth in_force = frame.truth(version.in_force), holds = frame.truth(version.verdict);
            if (in_force == value::Truth::False) continue;
            if (in_force == value::Truth::Unknown || holds == value::Truth::Unknown) return vm::Verdict::Undetermined;
            return holds == value::Truth::True ? vm::Verdict::Eligible : vm::Verdict::Ineligible;
        }
        return vm::Verdict::NotInForce;
    }
    [[nodiscard]] bool in_a_hole(const vm::Profile& profile) const {
        return std::ranges::any_of(pack_.policies[policy_].versions, [&](const auto& version) { return Holes(pack_, pack_.policies[policy_].subject, version).met(pack_, profile.row); });
    }

private:
    const Pack& pack_;
    Index policy_;
    vm::Checker checker_, verdicts_;
    explain::Explainer explainer_;
    vm::Checker::Memory memory_, verdict_memory_;
    std::deque<vm::Plan> plans_;  // of verdicts over sets, by version
};

// ---- a subject's policies by columns

struct Columns {
    struct Policy {
        std::vector<columnar::Verdict> verdicts;
        std::vector<std::uint16_t> versions;
        struct Amounts {
            std::vector<value::Int128> low, high;
            std::vector<columnar::Given> given;
        };
        std::vector<Amounts> amounts;
        struct Outcomes {
            std::uint64_t certainly = 0, possibly = 0;
        };
        std::vector<std::vector<Outcomes>> clauses;  // by version
    };
    std::vector<Policy> policies;
    std::vector<columnar::PolicyColumns> described;

    Columns(const Pack& pack, Index subject, std::span<const Index> numbers, const columnar::Batch& batch, bool clauses) {
        const columnar::Plan plan(pack, subject, numbers, {.as_of = question.as_of, .clauses = clauses, .block_rows = 64});
        columnar::Memory memory(plan);
        columnar::Output output;
        policies.resize(numbers.size());
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            Policy& of = policies[i];
            described.push_back(plan.policies()[i]);
            of.verdicts.resize(batch.rows);
            of.versions.resize(batch.rows);
            columnar::PolicyOutput& to = output.policies.emplace_back();
            to.verdicts = of.verdicts.data();
            to.versions = of.versions.data();
            of.amounts.resize(described.back().benefits.size());
            for (Policy::Amounts& amounts : of.amounts) {
                amounts.low.resize(batch.rows);
                amounts.high.resize(batch.rows);
                amounts.given.resize(batch.rows);
                to.amounts.push_back({.wide_low = amounts.low.data(), .wide_high = amounts.high.data(), .given = amounts.given.data()});
            }
            const auto& versions = pack.policies[numbers[i]].versions;
            of.clauses.resize(clauses ? versions.size() : 0);
            for (std::uint32_t version = 0; version < of.clauses.size(); ++version) {
                of.clauses[version].resize(versions[version].clauses.size());
                for (std::uint32_t clause = 0; clause < versions[version].clauses.size(); ++clause)
                    to.clauses.push_back({version, clause, &of.clauses[version][clause].certainly, &of.clauses[version][clause].possibly});
            }
        }
        columnar::run(plan, memory, batch, 0, batch.rows, output);
    }
};

std::string said(vm::Verdict verdict) { return std::string(explain::verdict_name(static_cast<explain::Verdict>(verdict))); }

class SubjectReader {
public:
    SubjectReader(const Pack& pack, Index subject, std::vector<Index> policies, std::uint64_t seed) : pack_(pack), subject_(subject), policies_(std::move(policies)), rows_(made_rows(pack, subject, seed)) {}

    std::string read() {
        std::vector<const vm::Row*> rows;
        for (const MadeRow& each : rows_) rows.push_back(&each.profile.row);
        const RowBatch batch(pack_, subject_, rows);
        const Columns plain(pack_, subject_, policies_, batch.batch(), false), with_clauses(pack_, subject_, policies_, batch.batch(), true);
        const std::vector<std::string> screened = screen();
        std::string differences;
        for (std::size_t i = 0; i < policies_.size() && differences.empty(); ++i) {
            PolicyReader reader(pack_, policies_[i]);
            for (std::size_t row = 0; row < rows_.size() && differences.empty(); ++row) {
                Told told = reader.check(rows_[row].profile);
                std::string found = by_themselves(reader, told, rows_[row]);
                if (found.empty()) found = by_columns(told, plain, i, row);
                if (found.empty()) found = by_columns(told, with_clauses, i, row);
                if (found.empty() && !screened.empty()) found = by_screening(reader, screened, i, row);
                if (found.empty()) continue;
                if (reader.in_a_hole(rows_[row].profile)) ++holes;
                else differences = "policy " + pack_.string(pack_.policies[policies_[i]].name) + ", row " + std::to_string(row) + ": " + found;
            }
        }
        return differences;
    }

private:
    std::string by_themselves(PolicyReader& reader, Told& told, const MadeRow& row) const {
        if (const vm::Verdict other = reader.verdict(row.profile); other != told.verdict) return "the check says " + said(told.verdict) + ", the check of a verdict alone " + said(other);
        const explain::PolicyAnswer answer = reader.why(row.profile);
        if (static_cast<vm::Verdict>(answer.verdict) != told.verdict) return "the check says " + said(told.verdict) + ", the explanation " + said(static_cast<vm::Verdict>(answer.verdict));
        if (told.verdict != vm::Verdict::NotInForce) {
            const bytecode::Version& version = reader.version(told.version);
            told.clauses.resize(version.clauses.size());
            collect(version, version.top_clauses, answer.clauses, told.clauses);
        }
        if (row.known)
            // Over known values more may be decided, never otherwise.
            if (const vm::Verdict other = reader.over_sets(row.profile); other != told.verdict && other != vm::Verdict::Undetermined) return "the check says " + said(told.verdict) + ", over sets " + said(other);
        explain::Answer whole;
        whole.as_of = question.as_of;
        whole.results = {answer};
        for (const auto language : {explain::Language::Chinese, explain::Language::English}) {
            (void)explain::to_json(whole, language);
            (void)explain::say(whole, {.language = language, .pack = &pack_});
        }
        return {};
    }

    std::string by_columns(const Told& told, const Columns& columns, std::size_t policy, std::size_t row) const {
        const Columns::Policy& of = columns.policies[policy];
        const auto verdict = static_cast<vm::Verdict>(of.verdicts[row]);
        if (verdict != told.verdict) return "the check says " + said(told.verdict) + ", columns " + said(verdict);
        if (verdict == vm::Verdict::NotInForce) return {};
        if (of.versions[row] != told.version) return "another version by columns";
        if (!of.clauses.empty()) {
            const auto& outcomes = of.clauses[told.version];
            for (std::size_t i = 0; i < outcomes.size(); ++i)
                if (value::truth_of((outcomes[i].certainly >> row & 1) != 0, (outcomes[i].possibly >> row & 1) != 0) != told.clauses[i]) return "clause " + std::to_string(i) + " has another outcome by columns";
        }
        const auto& version = pack_.policies[policies_[policy]].versions[told.version];
        for (std::size_t i = 0; i < version.benefits.size(); ++i) {
            const auto& benefits = columns.described[policy].benefits;
            const auto column = std::ranges::find_if(benefits, [&](const auto& each) { return each.name == version.benefits[i].name; });
            const auto& amounts = of.amounts[static_cast<std::size_t>(column - benefits.begin())];
            const auto& given = told.benefits[i];
            if (static_cast<int>(amounts.given[row]) != static_cast<int>(given.given)) return "benefit " + pack_.string(version.benefits[i].name) + " is given otherwise by columns";
            if (given.given == value::Truth::False) continue;
            const bytecode::Unit own = version.benefits[i].measure.unit;
            const value::Int128 factor = value::Int128{own.numerator} * column->unit.denominator / (value::Int128{own.denominator} * column->unit.numerator);
            if (amounts.low[row] != given.amount.low * factor || amounts.high[row] != given.amount.high * factor) return "benefit " + pack_.string(version.benefits[i].name) + " is another amount by columns";
        }
        return {};
    }

    // ---- bulk screening of a table, without lists

    [[nodiscard]] const bytecode::Fact& leaf(const bytecode::Column& column) const { return pack_.subjects[column.subject].facts[column.fact()]; }

    std::string cell_text(const bytecode::Fact& fact, const vm::Cell& cell) const {
        switch (cell.state) {
            case vm::CellState::Unknown: return "?";
            case vm::CellState::Range: return vm::plain_value(pack_, fact, cell.low) + " .. " + vm::plain_value(pack_, fact, cell.high);
            case vm::CellState::Known: return vm::plain_value(pack_, fact, cell.low);
            case vm::CellState::Absent: case vm::CellState::Assumed: break;
        }
        return {};
    }

    // Those that rows are likely to have, and all that are asked for.
    std::vector<std::int32_t> years_of(Index column) const {
        std::set<std::int32_t> years;
        for (std::int32_t year = made_year - 4; year <= made_year + 1; ++year) years.insert(year);
        for (const bytecode::Slot& slot : pack_.subjects[subject_].program.slots) {
            const std::int32_t year = made_year + slot.year_offset;
            if (slot.column == column && value::year_of(value::first_day) <= year && year <= value::year_of(value::last_day)) years.insert(year);
        }
        return {years.begin(), years.end()};
    }

    std::string table() const {
        std::vector<std::string> header{"company_id"};
        std::vector<std::vector<std::string>> lines;
        for (const MadeRow& row : rows_) lines.push_back({row.profile.company_id.empty() ? "none" : row.profile.company_id});
        const auto& columns = pack_.subjects[subject_].columns;
        for (Index i = 0; i < columns.size(); ++i) {
            const bytecode::Fact& fact = leaf(columns[i]);
            if (fact.kind == bytecode::Kind::List) continue;
            for (const std::int32_t year : fact.yearly ? years_of(i) : std::vector<std::int32_t>{made_year}) {
                header.push_back(pack_.string(columns[i].name) + (fact.yearly ? "." + std::to_string(year) : ""));
                for (std::size_t row = 0; row < rows_.size(); ++row) lines[row].push_back(cell_text(fact, vm::cell_of(pack_, subject_, rows_[row].profile.row, i, year)));
            }
        }
        std::string text = screen::csv_line(header);
        for (const auto& line : lines) text += screen::csv_line(line);
        return text;
    }

    // What stands in the output, line by line; nothing when it could not start.
    std::vector<std::string> screen() const {
        const fuzz::MemoryFile input(table()), output, rejects;
        screen::Request request;
        request.pack = &pack_;
        request.subject = subject_;
        request.policies = policies_;
        request.question = question;
        request.input = input.path();
        request.output = output.path();
        request.rejects = rejects.path();
        request.detail = true;
        request.reasons = screen::Reasons::Added;
        const fuzz::MemoryFile report;
        request.summaries.push_back({report.path(), "--report", [&](const screen::Outcome& done) {
            std::string pages;
            for (const auto language : {explain::Language::Chinese, explain::Language::English})
                pages += book::screening_report(done, {.pack = &pack_, .question = question, .input = "made", .output = "", .command = "", .language = language});
            return pages;
        }});
        const screen::Outcome outcome = screen::screen(request, {});
        std::vector<std::string> lines;
        if (outcome.ending != screen::Ending::Whole) return lines;
        const std::string text = output.bytes();
        bool quoted = false;
        for (std::size_t begin = 0, at = 0; at < text.size(); ++at) {
            if (text[at] == '"') quoted = !quoted;
            if (text[at] != '\n' || quoted) continue;
            lines.push_back(text.substr(begin, at - begin));
            begin = at + 1;
        }
        return lines;
    }

    // A row that was not refused has the verdict of a check in which no list is known.
    std::string by_screening(PolicyReader& reader, const std::vector<std::string>& lines, std::size_t policy, std::size_t row) const {
        const std::string id = rows_[row].profile.company_id + ",";
        const auto line = std::ranges::find_if(lines, [&](const std::string& each) { return each.starts_with(id); });
        if (id == "," || line == lines.end()) return {};
        vm::Profile without = rows_[row].profile;
        for (Index i = 0; i < pack_.subjects[subject_].columns.size(); ++i)
            if (leaf(pack_.subjects[subject_].columns[i]).kind == bytecode::Kind::List) without.row.list(i) = {};
        const std::string expected = said(reader.check(without).verdict);
        // Names of policies have no commas, and reasons that have them are quoted.
        const std::string_view header = lines.front();
        const std::string name = pack_.string(pack_.policies[policies_[policy]].name);
        const std::size_t at = static_cast<std::size_t>(std::ranges::count(header.substr(0, header.find("," + name + ",")), ',')) + 1;
        const std::string found = cell(*line, at);
        if (found != expected && !reader.in_a_hole(without)) return "the check says " + expected + ", screening " + found;
        return {};
    }
    static std::string cell(std::string_view line, std::size_t number) {
        bool quoted = false;
        std::string text;
        for (const char c : line) {
            if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted) {
                if (number-- == 0) break;
                text.clear();
            } else text += c;
        }
        return text;
    }

    const Pack& pack_;
    Index subject_;
    std::vector<Index> policies_;
    std::vector<MadeRow> rows_;
};

// ---- the library in C: every key, every policy

struct CErrors {
    eligo_error* error = nullptr;
    ~CErrors() { eligo_error_free(error); }
};

class CReader {
public:
    explicit CReader(const Pack& pack) : pack_(pack) {}

    std::string read() {
        const auto image = bytecode::write_image(pack_);
        if (eligo_pack_read(image.data(), image.size(), &loaded_, &errors_.error) != ELIGO_OK) return std::string("the library refuses it: ") + eligo_error_message(errors_.error, 0, ELIGO_ENGLISH);
        std::string differences;
        for (std::size_t i = 0; i < eligo_pack_policy_count(loaded_) && differences.empty(); ++i) differences = policy(eligo_pack_policy_name(loaded_, i));
        eligo_pack_free(loaded_);
        return differences;
    }

private:
    // A text for the low end of a fact, for what is no value of it, and for any.
    void set(eligo_profile* profile, const std::string& key, const bytecode::Fact& fact) {
        const std::string low = vm::plain_value(pack_, fact, fact.low), high = vm::plain_value(pack_, fact, fact.high);
        for (const std::string& value : {low + " .. " + high, std::string("x"), high, low}) (void)eligo_profile_set(profile, key.c_str(), value.c_str(), nullptr);
        (void)eligo_profile_set_int(profile, key.c_str(), 1, nullptr);
        (void)eligo_profile_set_bool(profile, key.c_str(), 1, nullptr);
        (void)eligo_profile_set_date(profile, key.c_str(), {made_year, 1, 1}, nullptr);
        (void)eligo_profile_set(profile, key.c_str(), low.c_str(), nullptr);
    }
    void set_all(eligo_profile* profile, Index subject, const std::string& prefix) {
        for (const bytecode::Column& column : pack_.subjects[subject].columns) {
            const bytecode::Fact& fact = pack_.subjects[column.subject].facts[column.fact()];
            const std::string key = prefix + pack_.string(column.name);
            if (fact.kind == bytecode::Kind::List) {
                (void)eligo_profile_set_list(profile, key.c_str(), 2, nullptr);
                set_all(profile, fact.ref, key + "[0].");
                (void)eligo_profile_set_unknown(profile, (key + "[1]." + pack_.string(pack_.subjects[fact.ref].columns.empty() ? column.name : pack_.subjects[fact.ref].columns[0].name)).c_str(), nullptr);
            } else if (fact.yearly) {
                for (int back = 0; back < 3; ++back) set(profile, key + "." + std::to_string(made_year - back), fact);
                (void)eligo_profile_set_unknown(profile, (key + "." + std::to_string(made_year - 2)).c_str(), nullptr);
            } else {
                set(profile, key, fact);
            }
        }
    }

    std::string policy(const char* name) {
        eligo_policy* policy = nullptr;
        eligo_profile* profile = nullptr;
        eligo_result* result = nullptr;
        (void)eligo_policy_new(loaded_, name, &policy, nullptr);
        for (std::size_t i = 0; i < eligo_policy_period_count(policy); ++i) {
            eligo_date from, to;
            (void)eligo_policy_period(policy, i, &from, &to, nullptr);
        }
        (void)eligo_profile_new(loaded_, eligo_policy_subject(policy), &profile, nullptr);
        (void)eligo_result_new(&result, nullptr);
        std::string differences = ask(policy, profile, result);
        for (Index i = 0; i < pack_.subjects.size(); ++i)
            if (pack_.string(pack_.subjects[i].name) == eligo_policy_subject(policy)) set_all(profile, i, "");
        CErrors problems;
        (void)eligo_profile_problems(profile, &problems.error);
        if (differences.empty()) differences = ask(policy, profile, result);
        eligo_result_free(result);
        eligo_profile_free(profile);
        eligo_policy_free(policy);
        return differences;
    }

    static std::string ask(eligo_policy* policy, const eligo_profile* profile, eligo_result* result) {
        const eligo_question asked{.struct_size = sizeof(eligo_question), .as_of = {made_year, 6, 1}, .known_on = {}};
        (void)eligo_policy_check(policy, profile, &asked, result, nullptr);
        for (std::size_t i = 0; i < eligo_result_benefit_count(result); ++i) {
            std::int64_t low = 0, high = 0;
            (void)eligo_result_benefit_given(result, i);
            (void)eligo_result_benefit_low(result, i);
            (void)eligo_result_benefit_fen(result, i, &low, &high);
        }
        for (const eligo_language language : {ELIGO_CHINESE, ELIGO_ENGLISH}) {
            eligo_explanation* explanation = nullptr;
            (void)eligo_policy_explain(policy, profile, &asked, language, &explanation, nullptr);
            const bool same = eligo_explanation_verdict(explanation) == eligo_result_verdict(result);
            for (std::size_t i = 0; i < eligo_explanation_missing_count(explanation); ++i) (void)eligo_explanation_missing(explanation, i);
            eligo_explanation_free(explanation);
            // What is explained of a hole in a table is told where the engines are compared.
            if (!same) return {};
        }
        return {};
    }

    const Pack& pack_;
    eligo_pack* loaded_ = nullptr;
    CErrors errors_;
};

}  // namespace

std::string read_by_everyone(const Pack& pack, std::uint64_t seed) {
    (void)bytecode::disassemble(pack);
    for (const bytecode::Policy& policy : pack.policies) (void)bytecode::cost_of(pack, policy);
    std::vector<std::vector<Index>> policies(pack.subjects.size());
    for (Index i = 0; i < pack.policies.size(); ++i) policies[pack.policies[i].subject].push_back(i);
    for (Index i = 0; i < pack.subjects.size(); ++i) {
        if (policies[i].empty()) continue;
        std::string differences = SubjectReader(pack, i, policies[i], seed).read();
        if (differences.empty()) differences = screened_by_arrow(pack, i, policies[i]);
        if (!differences.empty()) return differences;
    }
    return CReader(pack).read();
}

std::uint64_t holes_met() { return holes; }

}  // namespace eligo::oracle
