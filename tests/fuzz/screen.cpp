// Any bytes as a table of shops, and behind a line `=goods=` as the table of their goods, through bulk screening from beginning to
// end; the first byte says how. It cannot start and says why, or every row comes out once, with its verdicts or with a reason; and
// without goods, a row of text says what `check` says of it.
// Broken when: a table trips the screening up, a row is lost, or reading a column at a time takes a cell for something else.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "../../engine/explain/why.hpp"
#include "../../engine/io/profile.hpp"
#include "../../engine/screen/screen.hpp"
#include "../engines/rules.hpp"
#include "memory_file.hpp"
#include "shop.hpp"
#include "target.hpp"

namespace {

using namespace eligo;
using screen::TallyLayout;

const oracle::Rules& rules() {
    static const oracle::Rules compiled = oracle::compiled("shop.policy", fuzz::shop_rules);
    fuzz::require(compiled.pack.has_value(), compiled.errors);
    return compiled;
}

constexpr vm::Question question{value::day_from_civil(2018, 6, 1), value::last_day};

void show(const io::Problem& problem) {
    for (const auto language : {text::Language::Chinese, text::Language::English}) fuzz::require(io::say(problem, language).size() > problem.file.size() + 2, "a problem without words");
}

// ---- what `check` says

io::Member member(const std::string& key, const io::TableCell& cell) {
    io::Node value;
    value.kind = cell.kind;
    value.text = cell.text;
    return {key, {}, value};
}

// A row as the profile that a person would write of it; what is absent is not said.
io::Node tree_of(const io::TableRow& row, const std::vector<std::string>& header, const screen::Matching& matching) {
    const bytecode::Pack& pack = *rules().pack;
    io::Node tree;
    tree.kind = io::NodeKind::Object;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const io::Target& target = matching.targets[i];
        const bool read = std::find(matching.unread.begin(), matching.unread.end(), header[i]) == matching.unread.end();
        const io::TableCell& cell = row.cells[i];
        if (cell.kind == io::NodeKind::Absent || !read) continue;
        if (target.kind == io::TargetKind::CompanyId || target.kind == io::TargetKind::FiscalYear) {
            if (cell.kind != io::NodeKind::Null) tree.members.push_back(member(target.kind == io::TargetKind::CompanyId ? "company_id" : "fiscal_year", cell));
        } else if (target.kind == io::TargetKind::Value) {
            const std::string name = pack.string(pack.subjects[0].columns[target.column].name);
            if (target.year == 0) {
                tree.members.push_back(member(name, cell));
                continue;
            }
            auto yearly = std::find_if(tree.members.begin(), tree.members.end(), [&](const io::Member& each) { return each.key == name; });
            if (yearly == tree.members.end()) {
                yearly = tree.members.insert(tree.members.end(), {name, {}, {}});
                yearly->value.kind = io::NodeKind::Object;
            }
            yearly->value.members.push_back(member(std::to_string(target.year), cell));
        }
    }
    return tree;
}

std::string line_of(const vm::Profile& profile, const std::vector<screen::PolicyColumns>& columns) {
    std::vector<bytecode::Index> policies(columns.size());
    for (bytecode::Index i = 0; i < policies.size(); ++i) policies[i] = i;
    const explain::Answer answer = explain::answer(*rules().pack, policies, profile, question);
    std::vector<std::string> cells{std::string(answer.company_id)};
    for (std::size_t i = 0; i < policies.size(); ++i) {
        cells.emplace_back(explain::verdict_name(answer.results[i].verdict));
        for (const auto& column : columns[i].benefits) {
            std::string closed, from, to;
            for (const auto& benefit : answer.results[i].benefits) {
                if (benefit.name != column.name) continue;
                const bool open = benefit.shown.state == explain::Shown::State::Open;
                (open ? from : closed) = benefit.shown.low;
                if (open) to = benefit.shown.high;
            }
            cells.push_back(closed);
            if (column.may_be_open) cells.insert(cells.end(), {from, to});
        }
    }
    return screen::csv_line(cells);
}

constexpr std::size_t most_checked = 32;
// The lines of all rows, of which those that are refused have none; nothing when there are too many of them.
std::optional<std::string> checked(const std::string& input, const screen::Matching& matching, const std::vector<screen::PolicyColumns>& columns) {
    std::vector<io::Problem> problems;
    const auto table = io::open_table(input, {}, problems);
    fuzz::require(table != nullptr, "a table that was screened cannot be opened");
    if (table->rows_are_trees()) return std::nullopt;
    const auto reader = table->reader();
    std::string lines;
    std::size_t count = 0;
    for (io::Chunk chunk; table->next(chunk);) {
        reader->begin(chunk);
        for (io::TableRow row; reader->next(row);) {
            if (++count > most_checked) return std::nullopt;
            if (row.problem != nullptr) continue;
            std::vector<io::Problem> wrong;
            const auto profile = io::build_profile(*rules().pack, tree_of(row, table->header(), matching), "", wrong, 0);
            if (profile) lines += line_of(*profile, columns);
        }
    }
    return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const unsigned options = data[0] == 'a' ? 0U : data[0];
    const std::string_view text = fuzz::text_of(data + 1, size - 1);
    constexpr std::string_view goods_follow = "\n=goods=\n";
    const std::size_t cut = text.find(goods_follow);
    const fuzz::MemoryFile table(text.substr(0, cut));
    const fuzz::MemoryFile goods(cut == std::string_view::npos ? std::string_view() : text.substr(cut + goods_follow.size()));
    const fuzz::MemoryFile output, rejects;

    screen::Request request;
    request.pack = &*rules().pack;
    request.question = question;
    request.input = table.path();
    if (cut != std::string_view::npos) request.lists.push_back({"goods", goods.path()});
    request.output = output.path();
    request.rejects = rejects.path();
    request.detail = (options & 1U) != 0;
    request.only_eligible = (options & 2U) != 0;
    request.reasons = (options & 4U) != 0 ? screen::Reasons::Added : screen::Reasons::LeftOut;
    request.kind = (options & 8U) != 0 ? screen::OutputKind::Ndjson : screen::OutputKind::Csv;
    request.where = (options & 16U) != 0 ? 1 : bytecode::none;

    screen::Matching matching;
    screen::Listener listener;
    listener.on_start = [&](const screen::Start& start) { matching = *start.matching; };
    const screen::Outcome outcome = screen::screen(request, listener);
    for (const io::Problem& problem : outcome.problems) show(problem);
    fuzz::require((outcome.ending == screen::Ending::Whole) == outcome.problems.empty(), "it has not come to its end, and no word of why");
    if (outcome.ending != screen::Ending::Whole) return 0;

    const screen::Tally& tally = *outcome.tally;
    const auto count = [&](std::size_t at) { return static_cast<std::int64_t>(tally[at]); };
    const std::string lines = output.bytes(), wrong = rejects.bytes();
    fuzz::require(count(TallyLayout::Rows) == count(TallyLayout::Written) + count(TallyLayout::Rejected) + count(TallyLayout::WhereOut) + count(TallyLayout::WhereOpen) + count(TallyLayout::OnlyOut),
                  "rows that are nowhere");
    fuzz::require(wrong.starts_with(screen::reject_header()), "rejects without a header");
    if (request.kind == screen::OutputKind::Ndjson) {
        fuzz::require(std::count(lines.begin(), lines.end(), '\n') == count(TallyLayout::Written), "rows that were not written");
        return 0;
    }
    const std::string header = screen::csv_line(screen::output_header(outcome.columns, request.reasons));
    fuzz::require(lines.starts_with(header), "an output without a header");
    if (cut != std::string_view::npos || (options & 0x1EU) != 0 || text.starts_with("SQLite format 3") || text.starts_with("PK\x03\x04")) return 0;
    const auto expected = checked(request.input, matching, outcome.columns);
    if (expected) fuzz::require(lines.substr(header.size()) == *expected, "not what `check` says:\n" + lines.substr(header.size()) + "but\n" + *expected);
    return 0;
}
