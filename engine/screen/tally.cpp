#include "tally.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "../explain/missing.hpp"
#include "../io/bits.hpp"
#include "../value/code.hpp"
#include "../value/date.hpp"
#include "../value/rational.hpp"

namespace eligo::screen {
namespace {

using bytecode::Index;
using bytecode::Kind;
using bytecode::Register;
using value::Int128;
using value::Rational;
using value::Truth;

constexpr std::size_t sections = 20;  // A .. T

std::size_t band(const auto& bands, auto value) {
    return static_cast<std::size_t>(std::upper_bound(std::begin(bands), std::end(bands), value) - std::begin(bands));
}

bool is_numeric(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days || kind == Kind::Date; }

// A clause is told by the one comparison it makes; what makes several or none has no margin.
const bytecode::Comparison* only_comparison(const bytecode::Clause& clause) {
    if (clause.comparisons.size() != 1) return nullptr;
    const bytecode::Comparison& comparison = clause.comparisons.front();
    const bool ordered = comparison.relation != bytecode::Relation::Equal && comparison.relation != bytecode::Relation::NotEqual;
    return ordered && is_numeric(comparison.left.kind) && is_numeric(comparison.right.kind) ? &comparison : nullptr;
}

// A clause that holds others is told by them.
bool is_counted(const bytecode::Clause& clause) { return clause.children.empty() || clause.parent == bytecode::none; }

// What a row's margins are measured by.
std::vector<Register> measured_by(const bytecode::Version& version) {
    std::vector<Register> roots;
    for (const auto& clause : version.clauses) {
        const auto* const comparison = only_comparison(clause);
        if (comparison == nullptr || !is_counted(clause)) continue;
        for (const bytecode::Measure* const measure : {&comparison->left, &comparison->right}) {
            for (const Register each : {measure->value, measure->denominator, measure->defined}) {
                if (each != bytecode::no_register) roots.push_back(each);
            }
        }
    }
    return roots;
}

std::optional<Rational> value_of(const vm::Frame& frame, const bytecode::Measure& measure) {
    if (measure.defined != bytecode::no_register && frame.result(measure.defined).truth() != Truth::True) return std::nullopt;
    const vm::Result numerator = frame.result(measure.value);
    const vm::Result denominator = measure.denominator == bytecode::no_register ? vm::Result{1, 1} : frame.result(measure.denominator);
    if (!numerator.known() || !denominator.known() || denominator.low == 0) return std::nullopt;
    const auto number = Rational::make(numerator.low, denominator.low);
    return number ? value::multiply(*number, Rational::of(measure.unit.numerator, measure.unit.denominator)) : std::nullopt;
}

// Margins lie in tenths of the threshold, which stands in the middle, or in months from it.
constexpr std::int64_t bins = margin_bars - 1, middle = bins / 2;

// Bars lie between tenths. What lies on one is in the bar of those that fare alike: of `>=` and `<` the bar above, of `<=` and `>` the
// bar below, so that no bar holds both who pass and who fail.
std::size_t bin_of(Int128 whole, bool is_on_edge, const bytecode::Comparison& comparison) {
    const bool belongs_below = comparison.relation == bytecode::Relation::LessEqual || comparison.relation == bytecode::Relation::Greater;
    if (belongs_below && is_on_edge && whole > 0) --whole;
    return static_cast<std::size_t>(std::min<Int128>(whole, bins));
}

// Which bin a margin falls into, whatever it is measured in.
std::size_t any_margin(const vm::Frame& frame, const bytecode::Comparison& comparison) {
    const auto left = value_of(frame, comparison.left), right = value_of(frame, comparison.right);
    if (!left || !right) return margin_none;
    std::optional<Rational> place;
    if (comparison.left.kind == Kind::Date) {
        const auto days = value::subtract(*left, *right);
        const auto months = days ? value::divide(*days, Rational(30)) : std::nullopt;
        place = months ? value::add(*months, Rational(middle)) : std::nullopt;
    } else if (right->sign() > 0) {
        const auto share = value::divide(*left, *right);
        place = share ? value::multiply(*share, Rational(middle)) : std::nullopt;
    }
    if (!place) return margin_none;
    if (place->sign() < 0) return margin_before;
    const Int128 bin = value::floor(*place);
    return bin_of(bin, place->is_whole(), comparison);
}

// The same, worked out in whole numbers, which nearly all margins are small enough for.
class MarginFinder {
public:
    explicit MarginFinder(const bytecode::Comparison& comparison) : comparison_(comparison) {
        const bytecode::Unit left = comparison.left.unit, right = comparison.right.unit;
        is_date_ = comparison.left.kind == Kind::Date;
        if (is_date_) {
            const auto whole_days = [](const bytecode::Measure& measure) { return measure.denominator == bytecode::no_register && measure.unit.numerator == 1 && measure.unit.denominator == 1; };
            plain_ = whole_days(comparison.left) && whole_days(comparison.right);
            return;
        }
        const auto units = value::divide(Rational::of(left.numerator, left.denominator), Rational::of(right.numerator, right.denominator));
        const auto scale = units ? value::multiply(*units, Rational(middle)) : std::nullopt;
        plain_ = scale && value::fits_int64(scale->numerator()) && value::fits_int64(scale->denominator());
        if (plain_) scale_ = *scale;
    }

    [[nodiscard]] std::size_t find(const vm::Frame& frame) const {
        if (!plain_) return any_margin(frame, comparison_);
        const auto left = parts_of(frame, comparison_.left), right = parts_of(frame, comparison_.right);
        if (!left || !right) return margin_none;
        Int128 over = 0, under = 1;
        if (is_date_) {
            under = 30;
            if (__builtin_sub_overflow(left->over, right->over, &over) || __builtin_add_overflow(over, middle * under, &over)) return any_margin(frame, comparison_);
        } else {
            // left / right * scale
            const bool positive = right->over != 0 && (right->over > 0) == (right->under > 0);
            if (!positive) return margin_none;
            const bool fits = !__builtin_mul_overflow(left->over, right->under, &over) && !__builtin_mul_overflow(over, scale_.numerator(), &over) &&
                              !__builtin_mul_overflow(left->under, right->over, &under) && !__builtin_mul_overflow(under, scale_.denominator(), &under);
            constexpr Int128 most = Int128{1} << 120;
            if (!fits || over > most || over < -most || under > most || under < -most) return any_margin(frame, comparison_);
            if (under < 0) {
                over = -over;
                under = -under;
            }
        }
        if (over < 0) return margin_before;
        if (over > under * bins) return static_cast<std::size_t>(bins);
        const Int128 whole = value::fits_int64(over) && value::fits_int64(under) ? Int128{static_cast<std::int64_t>(over) / static_cast<std::int64_t>(under)} : over / under;
        return bin_of(whole, whole * under == over, comparison_);
    }

private:
    struct Parts {
        Int128 over = 0, under = 1;
    };
    static std::optional<Parts> parts_of(const vm::Frame& frame, const bytecode::Measure& measure) {
        if (measure.defined != bytecode::no_register && frame.result(measure.defined).truth() != Truth::True) return std::nullopt;
        const vm::Result numerator = frame.result(measure.value);
        if (!numerator.known()) return std::nullopt;
        if (measure.denominator == bytecode::no_register) return Parts{numerator.low, 1};
        const vm::Result denominator = frame.result(measure.denominator);
        if (!denominator.known() || denominator.low == 0) return std::nullopt;
        return Parts{numerator.low, denominator.low};
    }

    const bytecode::Comparison& comparison_;
    Rational scale_;
    bool is_date_ = false, plain_ = false;
};

std::optional<Index> first_column(const bytecode::Pack& pack, Index subject, auto fits) {
    const auto& columns = pack.subjects[subject].columns;
    for (Index i = 0; i < columns.size(); ++i) {
        const bytecode::Fact& fact = fact_of(pack, subject, i);
        if (columns[i].path.size() == 1 && !fact.yearly && fits(fact)) return i;
    }
    return std::nullopt;
}

}  // namespace

std::vector<Grouping> groupings_of(const bytecode::Pack& pack, Index subject) {
    std::vector<Grouping> result;
    if (const auto code = first_column(pack, subject, [](const bytecode::Fact& fact) { return fact.kind == Kind::Code; })) {
        result.push_back({GroupKind::Industry, *code, sections + 1});
    }
    if (const auto people = first_column(pack, subject, [&](const bytecode::Fact& fact) {
            const std::string& name = pack.string(fact.name);
            return fact.kind == Kind::Number && !fact.percent && (name == "employees" || name == "staff");
        })) {
        result.push_back({GroupKind::Size, *people, std::size(size_bands) + 2});
    }
    if (const auto begun = first_column(pack, subject, [](const bytecode::Fact& fact) { return fact.kind == Kind::Date && fact.change == bytecode::Change::Fixed; })) {
        result.push_back({GroupKind::Age, *begun, std::size(age_bands) + 2});
    }
    return result;
}

std::size_t group_of(const Grouping& grouping, const bytecode::Fact& fact, const vm::Cell& cell, value::Day as_of) {
    const std::size_t unknown = grouping.groups - 1;
    const bool known = cell.state == vm::CellState::Known || cell.state == vm::CellState::Assumed;
    if (!known) return unknown;
    switch (grouping.kind) {
        case GroupKind::Industry: {
            const std::string code = value::format_code(static_cast<value::Classification>(fact.ref), static_cast<std::int32_t>(cell.low));
            const bool section = !code.empty() && code[0] >= 'A' && code[0] < static_cast<char>('A' + sections);
            return section ? static_cast<std::size_t>(code[0] - 'A') : unknown;
        }
        case GroupKind::Size: {
            // Below ten people is below ten whole ones, however the fact counts.
            const std::int64_t people = cell.low * fact.unit.numerator / fact.unit.denominator;
            return band(size_bands, people);
        }
        case GroupKind::Age: return band(age_bands, static_cast<std::int32_t>(value::months_between(static_cast<value::Day>(cell.low), as_of)));
    }
    return unknown;
}

// ---- layout

std::size_t TallyLayout::take(std::size_t count) {
    const std::size_t at = size_;
    size_ += count;
    return at;
}

TallyLayout::TallyLayout(const bytecode::Pack& pack, const Needs& needs, const std::vector<PolicyColumns>& columns, std::size_t table_columns, bool detail)
    : table_columns_(table_columns), detail_(detail) {
    rejects_ = take(problem_kinds * (table_columns + 1));
    if (detail) groupings_ = groupings_of(pack, needs.subject);
    for (const PolicyColumns& of : columns) {
        OfPolicy policy;
        policy.benefits = of.benefits.size();
        policy.verdicts = take(verdict_count);
        policy.sums = take(of.benefits.size() * 4);
        if (detail) {
            for (const Grouping& grouping : groupings_) policy.groups.push_back(take(grouping.groups * (verdict_count + of.benefits.size() * 4)));
            const auto& versions = pack.policies[of.policy].versions;
            for (std::uint32_t v = 0; v < versions.size(); ++v) {
                if (!may_be_in_force(pack, needs.subject, versions[v], needs.question)) continue;
                for (std::uint32_t c = 0; c < versions[v].clauses.size(); ++c) {
                    if (!is_counted(versions[v].clauses[c])) continue;
                    ClauseCounter counter{v, c, take(3), 0, only_comparison(versions[v].clauses[c]) != nullptr};
                    if (counter.has_margins) counter.margins = take(margin_bins);
                    policy.clauses.push_back(counter);
                }
            }
            policy.missing = take(pack.subjects[needs.subject].columns.size() * 2);
        }
        policies_.push_back(std::move(policy));
    }
}

std::size_t TallyLayout::group_verdict(std::size_t policy, std::size_t grouping, std::size_t group, vm::Verdict verdict) const {
    const OfPolicy& of = policies_[policy];
    return of.groups[grouping] + group * (verdict_count + of.benefits * 4) + static_cast<std::size_t>(verdict);
}

std::size_t TallyLayout::group_sum(std::size_t policy, std::size_t grouping, std::size_t group, std::size_t benefit) const {
    const OfPolicy& of = policies_[policy];
    return of.groups[grouping] + group * (verdict_count + of.benefits * 4) + verdict_count + benefit * 4;
}

// ---- the row as a text

std::string Tally::text() const {
    std::string text;
    for (std::size_t i = 0; i < counters_.size();) {
        std::size_t zeros = 0;
        while (i + zeros < counters_.size() && counters_[i + zeros] == 0 && !beyond_.contains(i + zeros)) ++zeros;
        if (!text.empty()) text += ' ';
        if (beyond_.contains(i)) {
            text += 'x';
            ++i;
        } else if (zeros > 1) {
            text += 'z' + std::to_string(zeros);
            i += zeros;
        } else {
            text += value::to_string(counters_[i++]);
        }
    }
    return text;
}

bool Tally::set(std::string_view text) {
    std::size_t at = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.starts_with('z')) {
            std::size_t zeros = 0;
            const auto [rest, error] = std::from_chars(word.data() + 1, word.data() + word.size(), zeros);
            if (error != std::errc() || rest != word.data() + word.size() || zeros > counters_.size() - at) return false;
            std::fill_n(counters_.begin() + static_cast<std::ptrdiff_t>(at), zeros, 0);
            at += zeros;
            continue;
        }
        if (at == counters_.size()) return false;
        if (word == "x") {
            beyond_.insert(at++);
            continue;
        }
        const auto number = value::parse_decimal(word);
        if (!number || !number->is_whole()) return false;
        counters_[at++] = number->numerator();
    }
    return at == counters_.size();
}

// ---- counting

struct Counter::Prepared {
    const bytecode::Version& version;
    vm::Plan verdict_plan, margin_plan;
    vm::Frame verdict, margins;  // for what is missing; for margins
    struct Margin {
        std::size_t at;          // of its first bin
        MarginFinder finder;
    };
    std::vector<Margin> margin_list;

    Prepared(const bytecode::Pack& pack, Index subject, const bytecode::Version& of, std::uint32_t number, const std::vector<ClauseCounter>& counters)
        : version(of),
          verdict_plan(vm::make_plan(pack, subject, {.roots = std::array{of.day, of.in_force, of.verdict}})),
          margin_plan(vm::make_plan(pack, subject, {.roots = measured_by(of)})),
          verdict(vm::make_frame(pack, verdict_plan)),
          margins(vm::make_frame(pack, margin_plan)) {
        for (const ClauseCounter& counter : counters) {
            if (counter.version == number && counter.has_margins) margin_list.push_back({counter.margins, MarginFinder(*only_comparison(of.clauses[counter.clause]))});
        }
    }
};

Counter::Counter(const bytecode::Pack& pack, const Needs& needs, const std::vector<PolicyColumns>& columns, const TallyLayout& layout)
    : pack_(pack), needs_(needs), columns_(columns), layout_(layout) {
    if (!layout.detail()) return;
    met_codes_.resize(1024);
    for (const PolicyColumns& policy : columns) {
        const std::size_t number = prepared_.size();
        auto& prepared = prepared_.emplace_back();
        const auto& versions = pack.policies[policy.policy].versions;
        for (std::uint32_t v = 0; v < versions.size(); ++v) {
            const bool may = may_be_in_force(pack, needs.subject, versions[v], needs.question);
            prepared.push_back(may ? std::make_unique<Prepared>(pack, needs.subject, versions[v], v, layout.clauses(number)) : nullptr);
        }
    }
}

Counter::~Counter() = default;

namespace {

void add_amount(Tally& tally, std::size_t at, const Amount& amount) {
    if (amount.given == Truth::False) return;
    tally.add(at + (amount.open() ? 1 : 0));
    // Of what it may have or not, nothing is certain.
    tally.add(at + 2, amount.given == Truth::Unknown && amount.low > 0 ? Int128{0} : amount.low);
    tally.add(at + 3, amount.high);
}

}  // namespace

namespace {

// Of a block that counts as a whole.
template <class Byte>
std::size_t found(const std::vector<Byte>& bytes, std::size_t count, std::size_t byte) {
    constexpr std::size_t together = 4096;
    std::uint64_t bits[together / 64];
    std::size_t result = 0;
    for (std::size_t first = 0; first < count; first += together) {
        const auto* const from = reinterpret_cast<const std::uint8_t*>(bytes.data()) + first;
        result += io::find_bytes(from, std::min(together, count - first), static_cast<std::uint8_t>(byte), bits);
    }
    return result;
}

// Amounts that are known, as nearly all are; false when there are others.
bool add_plain_amounts(Tally& tally, std::size_t at, const Amounts& amounts) {
    if (amounts.wide || found(amounts.given, amounts.given.size(), static_cast<std::size_t>(columnar::Given::Open)) > 0) return false;
    const std::size_t rows = amounts.given.size();
    std::int64_t count = 0, open = 0;
    Int128 sum = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        const std::int64_t given = -static_cast<std::int64_t>(amounts.given[row] == columnar::Given::Yes);
        const std::int64_t amount = amounts.low[row] & given;
        open |= (amount ^ amounts.high[row]) & given;
        sum += amount;
        count -= given;
    }
    if (open != 0) return false;
    tally.add(at, count);
    tally.add(at + 2, sum);
    tally.add(at + 3, sum);
    return true;
}

}  // namespace

void Counter::count(const Block& block, std::span<const std::uint32_t> rows, const Results& results, Tally& tally) {
    summary(block, rows, results, tally);
    if (!layout_.detail()) return;
    groups(block, rows, results, tally);
    clauses(block, rows, results, tally);
    for (const std::uint32_t row : rows) margins_and_missing(block, row, results, tally);
}

void Counter::summary(const Block& block, std::span<const std::uint32_t> rows, const Results& results, Tally& tally) const {
    for (std::size_t p = 0; p < columns_.size(); ++p) {
        const PolicyResults& policy = results.policies[p];
        const bool all = rows.size() == block.rows();
        std::array<std::size_t, verdict_count> verdicts{};
        if (all) {
            for (std::size_t v = 0; v < verdict_count; ++v) verdicts[v] = found(policy.verdicts, rows.size(), v);
        } else {
            for (const std::uint32_t row : rows) ++verdicts[static_cast<std::size_t>(policy.verdicts[row])];
        }
        for (std::size_t v = 0; v < verdict_count; ++v) tally.add(layout_.verdict(p, static_cast<vm::Verdict>(v)), static_cast<std::int64_t>(verdicts[v]));
        for (std::size_t b = 0; b < columns_[p].benefits.size(); ++b) {
            const Amounts& amounts = policy.amounts[b];
            const std::size_t at = layout_.sum(p, b);
            if (all && add_plain_amounts(tally, at, amounts)) continue;
            for (const std::uint32_t row : rows) add_amount(tally, at, amounts[row]);
        }
    }
}

void Counter::groups(const Block& block, std::span<const std::uint32_t> rows, const Results& results, Tally& tally) {
    group_of_row_.resize(block.rows());
    for (std::size_t g = 0; g < layout_.groupings().size(); ++g) {
        const Grouping& grouping = layout_.groupings()[g];
        const bytecode::Fact& fact = fact_of(pack_, needs_.subject, grouping.column);
        const auto& values = block.values();
        const auto found = std::find_if(values.begin(), values.end(), [&](const Values& each) { return each.column == grouping.column; });
        for (const std::uint32_t row : rows) {
            const vm::Cell cell = found == values.end() ? vm::Cell{} : found->cell(row);
            if (grouping.kind != GroupKind::Industry || cell.state != vm::CellState::Known) {
                group_of_row_[row] = static_cast<std::uint8_t>(group_of(grouping, fact, cell, needs_.question.as_of));
                continue;
            }
            // A code's section is found by writing it down.
            MetCode& met = met_codes_[static_cast<std::size_t>(cell.low) % met_codes_.size()];
            if (met.code != cell.low) met = {cell.low, static_cast<std::uint8_t>(group_of(grouping, fact, cell, needs_.question.as_of))};
            group_of_row_[row] = met.group;
        }
        for (std::size_t p = 0; p < columns_.size(); ++p) {
            for (const std::uint32_t row : rows) tally.add(layout_.group_verdict(p, g, group_of_row_[row], results.policies[p].verdict(row)));
            for (std::size_t b = 0; b < columns_[p].benefits.size(); ++b) {
                for (const std::uint32_t row : rows) add_amount(tally, layout_.group_sum(p, g, group_of_row_[row], b), results.policies[p].amounts[b][row]);
            }
        }
    }
}

// How often clauses fail, alone or with others, and are open: counted 64 rows at a time, from what the engine says of them.
void Counter::clauses(const Block& block, std::span<const std::uint32_t> rows, const Results& results, Tally& tally) {
    const std::size_t words = (block.rows() + 63) / 64;
    for (std::size_t p = 0; p < columns_.size(); ++p) {
        const PolicyResults& policy = results.policies[p];
        for (std::size_t first = 0, last = 0; first < policy.clauses.size(); first = last) {
            const std::uint32_t version = policy.clauses[first].version;
            while (last < policy.clauses.size() && policy.clauses[last].version == version) ++last;
            counted_.assign(words, 0);
            for (const std::uint32_t row : rows) {
                const bool in_force = policy.verdict(row) != vm::Verdict::NotInForce && policy.versions[row] == version;
                counted_[row / 64] |= std::uint64_t{in_force} << (row % 64);
            }
            const ClauseOutcomes* const of = policy.clauses.data() + first;
            once_.assign(words, 0);
            twice_.assign(words, 0);
            for (const Index clause : prepared_[p][version]->version.top_clauses) {
                for (std::size_t i = 0; i < words; ++i) {
                    const std::uint64_t fails = ~of[clause].possibly[i];
                    twice_[i] |= once_[i] & fails;
                    once_[i] |= fails;
                }
            }
            for (const ClauseCounter& counter : layout_.clauses(p)) {
                if (counter.version != version) continue;
                const ClauseOutcomes& clause = of[counter.clause];
                const bool is_top = prepared_[p][version]->version.clauses[counter.clause].parent == bytecode::none;
                std::int64_t fails = 0, alone = 0, open = 0;
                for (std::size_t i = 0; i < words; ++i) {
                    const std::uint64_t failing = counted_[i] & ~clause.possibly[i];
                    fails += std::popcount(failing);
                    alone += std::popcount(failing & ~twice_[i]);
                    open += std::popcount(counted_[i] & clause.possibly[i] & ~clause.certainly[i]);
                }
                tally.add(counter.at, fails);
                tally.add(counter.at + 1, is_top ? alone : 0);
                tally.add(counter.at + 2, open);
            }
        }
    }
}

void Counter::margins_and_missing(const Block& block, std::uint32_t row, const Results& results, Tally& tally) {
    bool is_filled = false;
    std::int32_t fiscal_year = 0;
    const auto fill = [&] {
        if (is_filled) return;
        block.fill_profile(row, profile_);
        fiscal_year = profile_.fiscal_year ? *profile_.fiscal_year : value::year_of(needs_.question.as_of);
        is_filled = true;
    };
    for (std::size_t p = 0; p < columns_.size(); ++p) {
        const vm::Verdict verdict = results.policies[p].verdict(row);
        if (verdict == vm::Verdict::NotInForce) continue;
        Prepared& prepared = *prepared_[p][results.policies[p].versions[row]];
        if (!prepared.margin_list.empty()) {
            fill();
            vm::run(prepared.margins, profile_.row, needs_.question, fiscal_year);
            for (const Prepared::Margin& margin : prepared.margin_list) tally.add(margin.at + margin.finder.find(prepared.margins));
        }
        if (verdict != vm::Verdict::Undetermined) continue;
        fill();
        vm::run_over_sets(prepared.verdict, profile_.row, needs_.question, fiscal_year);
        explain::Room room(explain::unbounded);
        const auto open = explain::find_open(prepared.verdict, pack_, profile_.row, fiscal_year, {prepared.version.in_force, prepared.version.verdict}, 0, room);
        for (const Index column : open.columns) {
            tally.add(layout_.missing(p, column));
            if (open.columns.size() == 1) tally.add(layout_.missing(p, column) + 1);
        }
    }
}

}  // namespace eligo::screen
