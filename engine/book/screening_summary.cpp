#include "screening_summary.hpp"

#include <eligo/version.hpp>

#include <algorithm>
#include <array>

#include "../explain/json_writer.hpp"
#include "../explain/labels.hpp"
#include "../explain/shown.hpp"
#include "../value/date.hpp"

namespace eligo::book {
namespace {

using bytecode::Index;
using screen::GroupKind;
using screen::TallyLayout;
using value::Int128;

constexpr std::array verdicts{vm::Verdict::Eligible, vm::Verdict::Ineligible, vm::Verdict::Undetermined, vm::Verdict::NotInForce};

class Summary {
public:
    Summary(const screen::Outcome& outcome, const ReportContext& context) : outcome_(outcome), context_(context), pack_(*context.pack), tally_(*outcome.tally), layout_(*outcome.layout) {}

    std::string write() {
        json_.begin_object();
        about();
        rows();
        json_.key("policies");
        json_.begin_array();
        for (std::size_t p = 0; p < outcome_.columns.size(); ++p) policy(p);
        json_.end_array();
        rejects();
        json_.end_object();
        return json_.take();
    }

private:
    void count(std::string_view name, Int128 value) { json_.digits(name, value::to_string(value)); }

    void about() {
        json_.text("as_of", value::format_date(context_.question.as_of));
        if (context_.question.known_on != value::last_day) json_.text("known_on", value::format_date(context_.question.known_on));
        json_.text("rules_sha256", outcome_.pack_hash);
        json_.text("program", "eligo " ELIGO_VERSION_STRING);
        json_.text("command", context_.command);
        json_.text("input", context_.input);
        if (!context_.output.empty()) json_.text("output", context_.output);
        if (!outcome_.rejects_path.empty()) json_.text("rejects_file", outcome_.rejects_path);
    }

    void rows() {
        const Int128 all = tally_[TallyLayout::Rows], rejected = tally_[TallyLayout::Rejected], out = tally_[TallyLayout::WhereOut], open = tally_[TallyLayout::WhereOpen];
        json_.key("rows");
        json_.begin_object();
        count("read", all);
        count("answered", all - rejected - out - open);
        count("rejected", rejected);
        count("left_out_by_where", out);
        count("where_cannot_be_told", open);
        count("left_out_by_only", tally_[TallyLayout::OnlyOut]);
        count("of_lists_without_company", tally_[TallyLayout::Orphans]);
        json_.end_object();
    }

    template <class At>
    void counts_of_verdicts(const At& at) {
        json_.key("verdicts");
        json_.begin_object();
        for (const vm::Verdict verdict : verdicts) count(explain::verdict_name(static_cast<explain::Verdict>(verdict)), tally_[at(verdict)]);
        json_.end_object();
    }

    void policy(std::size_t p) {
        json_.begin_object();
        json_.text("policy", outcome_.columns[p].name);
        counts_of_verdicts([&](vm::Verdict verdict) { return layout_.verdict(p, verdict); });
        benefits(p, [&](std::size_t b) { return layout_.sum(p, b); });
        clauses(p);
        missing(p);
        json_.key("groups");
        json_.begin_array();
        for (std::size_t g = 0; g < layout_.groupings().size(); ++g) grouping(p, g);
        json_.end_array();
        json_.end_object();
    }

    // Only amounts can be added up; of other benefits, companies are counted.
    template <class At>
    void benefits(std::size_t p, const At& at) {
        json_.key("benefits");
        json_.begin_array();
        for (std::size_t b = 0; b < outcome_.columns[p].benefits.size(); ++b) {
            const screen::BenefitColumn& benefit = outcome_.columns[p].benefits[b];
            const screen::Sum sum = tally_.sum(at(b));
            json_.begin_object();
            json_.text("benefit", benefit.name);
            count("settled", sum.known);
            count("open", sum.open);
            if (const bytecode::Measure& measure = measure_of(benefit); measure.kind == bytecode::Kind::Money) {
                json_.text("from", explain::plain_text(pack_, measure, sum.low));
                json_.text("to", explain::plain_text(pack_, measure, sum.high));
            }
            json_.end_object();
        }
        json_.end_array();
    }

    static const bytecode::Measure& measure_of(const screen::BenefitColumn& benefit) {
        return std::find_if(benefit.versions.rbegin(), benefit.versions.rend(), [](const auto& in) { return in.number >= 0; })->measure;
    }

    void clauses(std::size_t p) {
        json_.key("clauses");
        json_.begin_array();
        for (const screen::ClauseCounter& counter : layout_.clauses(p)) {
            const bytecode::Version& version = pack_.policies[outcome_.columns[p].policy].versions[counter.version];
            json_.begin_object();
            json_.text("clause", pack_.string(version.clauses[counter.clause].path));
            json_.text("in_force_from", value::format_date(version.from));
            count("fails", tally_[counter.at]);
            count("fails_alone", tally_[counter.at + 1]);
            count("open", tally_[counter.at + 2]);
            if (counter.has_margins) margins(counter);
            json_.end_object();
        }
        json_.end_array();
    }

    // As the report draws them: tenths of the threshold from nothing up, or months before and behind it.
    void margins(const screen::ClauseCounter& counter) {
        json_.key("margins");
        json_.begin_object();
        json_.key("bars");
        json_.begin_array();
        for (std::size_t i = 0; i < screen::margin_bars; ++i) json_.number(static_cast<std::int64_t>(tally_[counter.margins + i]));
        json_.end_array();
        count("before", tally_[counter.margins + screen::margin_before]);
        count("not_known", tally_[counter.margins + screen::margin_none]);
        json_.end_object();
    }

    void missing(std::size_t p) {
        const auto& columns = pack_.subjects[pack_.policies[outcome_.columns[p].policy].subject].columns;
        json_.key("missing");
        json_.begin_array();
        for (Index column = 0; column < columns.size() && layout_.detail(); ++column) {
            const Int128 waiting = tally_[layout_.missing(p, column)];
            if (waiting == 0) continue;
            json_.begin_object();
            json_.text("fact", pack_.string(columns[column].name));
            count("companies", waiting);
            count("it_alone", tally_[layout_.missing(p, column) + 1]);
            json_.end_object();
        }
        json_.end_array();
    }

    void grouping(std::size_t p, std::size_t g) {
        const screen::Grouping& grouping = layout_.groupings()[g];
        json_.begin_object();
        json_.text("by", pack_.string(pack_.subjects[pack_.policies[outcome_.columns[p].policy].subject].columns[grouping.column].name));
        json_.key("groups");
        json_.begin_array();
        for (std::size_t group = 0; group < grouping.groups; ++group) {
            json_.begin_object();
            name_group(grouping, group);
            counts_of_verdicts([&](vm::Verdict verdict) { return layout_.group_verdict(p, g, group, verdict); });
            benefits(p, [&](std::size_t b) { return layout_.group_sum(p, g, group, b); });
            json_.end_object();
        }
        json_.end_array();
        json_.end_object();
    }

    // A section of the industries; people, or months since the beginning, from and below.
    void name_group(const screen::Grouping& grouping, std::size_t group) {
        if (group + 1 == grouping.groups) return json_.boolean("not_known", true);
        if (grouping.kind == GroupKind::Industry) return json_.text("section", std::string(1, static_cast<char>('A' + group)));
        const auto bands = [&](const auto& limits) {
            if (group > 0) json_.number("from", limits[group - 1]);
            if (group < std::size(limits)) json_.number("below", limits[group]);
        };
        json_.text("unit", grouping.kind == GroupKind::Size ? "people" : "months");
        grouping.kind == GroupKind::Size ? bands(screen::size_bands) : bands(screen::age_bands);
    }

    void rejects() {
        json_.key("rejects");
        json_.begin_array();
        for (std::size_t kind = 0; kind < screen::problem_kinds; ++kind) {
            for (std::size_t column = 0; column <= layout_.table_columns(); ++column) {
                const Int128 rejected = tally_[layout_.reject(kind, column)];
                if (rejected == 0) continue;
                json_.begin_object();
                if (column < outcome_.table_header.size()) json_.text("column", outcome_.table_header[column]);
                json_.text("kind", io::name_of(static_cast<io::ProblemKind>(kind)));
                count("rows", rejected);
                json_.end_object();
            }
        }
        json_.end_array();
    }

    const screen::Outcome& outcome_;
    const ReportContext& context_;
    const bytecode::Pack& pack_;
    const screen::Tally& tally_;
    const TallyLayout& layout_;
    explain::JsonWriter json_;
};

}  // namespace

std::string screening_summary(const screen::Outcome& outcome, const ReportContext& context) { return Summary(outcome, context).write(); }

}  // namespace eligo::book
