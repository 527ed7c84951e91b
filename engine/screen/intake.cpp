#include "intake.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "../io/formats.hpp"
#include "../io/profile.hpp"
#include "../vm/profile_set.hpp"
#include "../vm/spelling.hpp"

namespace eligo::screen {
namespace {

constexpr std::size_t rows_together = 256;  // as many as stay in the first cache while one column after another is read

using bytecode::Index;
using io::NodeKind;
using io::Target;
using io::TargetKind;

}  // namespace

Intake::Intake(const bytecode::Pack& pack, const Needs& needs, const io::Table& table, const Matching& matching, const io::ColumnFinder& finder, const Children& children, const std::vector<Kept>& kept)
    : pack_(pack), needs_(needs), table_(table), matching_(matching), finder_(finder), kept_(kept), rows_(table.reader()) {
    column_rows_.resize(pack.subjects[needs.subject].columns.size() + 2);
    year_rows_.resize(column_rows_.size());
    if (!children.empty()) children_ = children.reader();
    same_ids_ = &children.same_ids();
    if (table.rows_are_trees()) {
        told_keys_ = table.header();
        return;
    }
    const std::vector<bool> is_read = matching.read(table.header());
    for (std::size_t i = 0; i < matching.targets.size(); ++i) {
        Column column;
        column.target = matching.targets[i];
        if (is_read[i]) read_.push_back(i);
        if (is_read[i] && column.target.kind == TargetKind::Value) {
            column.reader = std::make_unique<io::ValueReader>(pack, fact_of(pack, needs.subject, column.target.column), column.target.unit);
        }
        column.is_text = column.reader && fact_of(pack, needs.subject, column.target.column).kind == bytecode::Kind::Text;
        if (column.is_text) texts_read_.push_back(i);
        columns_.push_back(std::move(column));
    }
}

Intake::~Intake() = default;

void Intake::begin(const io::Chunk& chunk) {
    chunk_ = &chunk;
    ids_.clear();
    rows_->begin(chunk);
    // What says nothing would be taken for a value where cells are read together.
    by_column_ = !matching_.absent.may_be_values() && rows_->find_cells(index_);
    next_row_ = next_irregular_ = 0;
}

bool Intake::take(Block& block, std::size_t most, std::vector<Reject>& rejects) {
    if (prepared_for_ != &block) {
        for (Column& column : columns_) {
            if (column.reader) column.slot = block.slot(column.target.column, column.target.year);
        }
        prepared_for_ = &block;
    }
    block.clear();
    const bool more = by_column_ ? take_columns(block, most, rejects) : take_rows(block, most, rejects);
    if (table_.rows_are_trees()) block.spread_unknown_years();
    return more;
}

bool Intake::take_rows(Block& block, std::size_t most, std::vector<Reject>& rejects) {
    io::TableRow next;
    while (block.rows() < most) {
        if (rows_->next_flat(next, flat_values_)) {
            row_line_ = next.line;
            if (flat(block)) {
                note_id(company_, next.line);
                block.keep_row();
                continue;
            }
            rows_->again();
        }
        if (!rows_->next(next)) return false;
        row(next, block, rejects);
    }
    return true;
}

void Intake::row(const io::TableRow& row, Block& block, std::vector<Reject>& rejects) {
    problems_.clear();
    company_.clear();
    id_is_wrong_ = false;
    if (row.problem != nullptr) {
        problems_.push_back(*row.problem);
        problems_.back().key.clear();
        const auto id = std::find_if(columns_.begin(), columns_.end(), [](const Column& column) { return column.target.kind == TargetKind::CompanyId; }) - columns_.begin();
        if (static_cast<std::size_t>(id) < row.cells.size()) company_ = io::clipped(vm::trimmed(row.cells[static_cast<std::size_t>(id)].text));
    } else {
        block.begin_row();
        if (row.tree != nullptr) {
            tree(row, block);
        } else {
            cells(row, block);
        }
        if (!id_is_noted_ && !id_is_wrong_) note_id(company_, row.line);
    }
    if (problems_.empty()) {
        block.keep_row();
    } else {
        rejects.push_back(reject_of(row));
    }
}

// What is plain is read a column at a time. A row with anything wrong is read again by itself, so that there is one place
// that says what is wrong with rows.
bool Intake::take_columns(Block& block, std::size_t most, std::vector<Reject>& rejects) {
    const std::size_t first = next_row_, count = std::min(most, index_.rows.size() - first);
    next_row_ += count;
    block.begin_candidates(count);
    marks_.assign(count, 0);
    any_marked_ = 0;
    left_.resize(count + 1);
    std::size_t irregular = next_irregular_;
    for (; irregular < index_.irregular.size() && index_.irregular[irregular].row < first + count; ++irregular) mark(index_.irregular[irregular].row - first);
    for (const std::size_t number : read_) columns_[number].is_narrow = columns_[number].is_bounded = !columns_[number].is_text;
    for (std::size_t from = 0; from < count; from += rows_together) {
        io::ColumnCells cells{chunk_->text.data(), index_.ends.get(), index_.rows.data() + first + from, std::min(rows_together, count - from), 0, 0};
        for (const std::size_t number : read_) {
            cells.column = static_cast<std::uint32_t>(number);
            cells.behind = number + 1 == columns_.size() ? index_.behind : 0;
            read_column(number, cells, from, block);
        }
    }
    for (const std::size_t number : read_) {
        const Column& column = columns_[number];
        if (column.reader && column.is_narrow) block.set_narrow(column.slot, column.reader->narrow_values());
        if (column.reader && column.is_bounded) block.set_bounded(column.slot);
    }
    read_texts(first, count, block);
    read_kept(first, count, block);
    if (block.mark_contradictions(count, marks_)) any_marked_ = 1;
    note_ids(first, count, block);
    if (any_marked_ == 0 && !children_) {
        block.keep_candidates(count);
    } else {
        keep_one_by_one(first, count, block, rejects);
    }
    next_irregular_ = irregular;
    return next_row_ < index_.rows.size();
}

void Intake::read_column(std::size_t number, const io::ColumnCells& cells, std::size_t from, Block& block) {
    Column& column = columns_[number];
    if (column.target.kind == TargetKind::CompanyId) return read_companies(cells, from, block);
    if (column.target.kind == TargetKind::FiscalYear) {
        for (std::size_t i = 0; i < cells.count; ++i) (void)read_odd_cell(number, cells, i, from + i, block);
        return;
    }
    if (column.is_text) return;
    const auto read = column.reader->read_column(cells, block.candidate_values(column.slot) + from, block.candidate_states(column.slot) + from, block.candidate_bytes(column.slot) + from, left_.data());
    column.is_narrow = column.is_narrow && read.is_narrow;
    column.is_bounded = column.is_bounded && read.is_bounded;
    block.widen_bounds(column.slot, read.least, read.greatest);
    for (std::size_t i = 0; i < read.left; ++i) {
        if (!read_odd_cell(number, cells, left_[i], from + left_[i], block)) column.is_narrow = false;
    }
}

namespace {

std::string_view written(const io::ColumnCells& cells, std::size_t row) {
    const std::uint32_t* const at = cells.ends + cells.rows[row] + cells.column;
    const std::uint32_t begin = at[0] + 1, end = at[1] - cells.behind;
    return {cells.text + begin, end + 1 == begin ? 0 : end - begin};
}

}  // namespace

void Intake::read_companies(const io::ColumnCells& cells, std::size_t from, Block& block) {
    for (std::size_t i = 0; i < cells.count; ++i) {
        std::string_view id = written(cells, i);
        const auto is_odd = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '?'; };
        if (id.empty()) continue;
        if (matching_.absent.empty() && !is_odd(id.front()) && !is_odd(id.back())) {
            block.set_candidate_company(from + i, vm::trimmed(id));
            continue;
        }
        const io::TableCell cell = taken(rows_->cell(id));
        if (cell.kind == NodeKind::Absent) continue;
        const std::string_view text = vm::trimmed(cell.text);
        const bool stands_there = text.data() >= id.data() && text.data() + text.size() <= id.data() + id.size();
        if (!stands_there) {
            mark(from + i);
        } else if (text != "?") {
            block.set_candidate_company(from + i, text);
        }
    }
}

// Texts are numbered as they come within a row.
void Intake::read_texts(std::size_t first, std::size_t count, Block& block) {
    if (texts_read_.empty()) return;
    io::ColumnCells cells{chunk_->text.data(), index_.ends.get(), index_.rows.data() + first, count, 0, 0};
    for (std::size_t i = 0; i < count; ++i) {
        texts_.clear();
        for (const std::size_t number : texts_read_) {
            cells.column = static_cast<std::uint32_t>(number);
            cells.behind = number + 1 == columns_.size() ? index_.behind : 0;
            (void)read_odd_cell(number, cells, i, i, block);
        }
    }
}

// A text that was in quotes is not in the table as it is meant.
void Intake::read_kept(std::size_t first, std::size_t count, Block& block) {
    io::ColumnCells cells{chunk_->text.data(), index_.ends.get(), index_.rows.data() + first, count, 0, 0};
    for (std::size_t k = 0; k < kept_.size(); ++k) {
        cells.column = static_cast<std::uint32_t>(kept_[k].column);
        cells.behind = kept_[k].column + 1 == columns_.size() ? index_.behind : 0;
        for (std::size_t i = 0; i < count; ++i) {
            // Rows that are marked are read one by one, and may have no such cell.
            if (marks_[i] != 0) continue;
            const std::string_view as_written = written(cells, i);
            const std::string_view text = rows_->cell(as_written).text;
            const bool lives_on = text.data() >= as_written.data() && text.data() + text.size() <= as_written.data() + as_written.size();
            block.set_candidate_kept(k, i, text, lives_on);
        }
    }
}

bool Intake::read_odd_cell(std::size_t number, const io::ColumnCells& cells, std::size_t row, std::size_t candidate, Block& block) {
    const Column& column = columns_[number];
    const io::TableCell cell = taken(rows_->cell(written(cells, row)));
    if (column.target.kind == TargetKind::FiscalYear) {
        if (cell.kind == NodeKind::Absent) return false;
        if (const auto year = cell.kind == NodeKind::Null ? std::nullopt : vm::parse_year(vm::trimmed(cell.text))) {
            block.set_candidate_fiscal_year(candidate, *year);
        } else {
            mark(candidate);
        }
        return false;
    }
    vm::Cell value{0, 0, vm::CellState::Unknown};
    if (cell.kind == NodeKind::Absent) {
        const bytecode::Fact& fact = fact_of(pack_, needs_.subject, column.target.column);
        value = {fact.default_kind == bytecode::DefaultKind::Constant ? fact.default_value : 0, 0, vm::CellState::Absent};
    } else if (cell.kind != NodeKind::Null && column.reader->read(io::scalar_of(cell.kind), cell.text, texts_, value)) {
        mark(candidate);
        return true;
    }
    const std::optional<std::uint8_t> byte = value.state == vm::CellState::Unknown ? std::optional<std::uint8_t>(0) : column.reader->narrow(value.low);
    block.set_candidate(column.slot, candidate, value, byte.value_or(0));
    if (value.state == vm::CellState::Known) block.widen_bounds(column.slot, value.low, value.low);
    return byte.has_value();
}

void Intake::keep_one_by_one(std::size_t first, std::size_t count, Block& block, std::vector<Reject>& rejects) {
    io::TableRow again;
    std::size_t irregular = next_irregular_;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t number = first + i;
        const bool is_irregular = irregular < index_.irregular.size() && index_.irregular[irregular].row == number;
        const std::size_t begin = is_irregular ? index_.irregular[irregular++].at : index_.ends[index_.rows[number]] + 1;
        const std::uint64_t line = chunk_->begin.line + index_.lines[number];
        id_is_noted_ = marks_[i] == 0 || !block.company(i).empty();
        // The numbers of a row's texts are at hand only while it is read by itself, and texts of its lists hang together with them.
        if (marks_[i] == 0 && !(children_ && !texts_read_.empty())) {
            block.begin_row_with(i);
            company_ = block.company(block.rows());
            problems_.clear();
            lists(block);
            if (problems_.empty() && (!children_ || !block.may_contradict_itself())) {
                block.keep_row();
                continue;
            }
        }
        rows_->go_to(begin, line);
        if (rows_->next(again)) row(again, block, rejects);
    }
    id_is_noted_ = false;
}

void Intake::cells(const io::TableRow& row, Block& block) {
    texts_.clear();
    for (const std::size_t i : read_) {
        if (taken(row.cells[i]).kind != NodeKind::Absent) cell(row, i, block);
    }
    for (std::size_t k = 0; k < kept_.size(); ++k) block.set_kept(k, row.cells[kept_[k].column].text);
    lists(block);
    if (problems_.empty() && block.may_contradict_itself()) look_for_contradictions(row, block);
}

io::TableCell Intake::taken(const io::TableCell& cell) const { return cell.kind == NodeKind::Plain && matching_.absent.has(cell.text) ? io::TableCell{{}, NodeKind::Absent, cell.at} : cell; }

void Intake::cell(const io::TableRow& row, std::size_t number, Block& block) {
    Column& column = columns_[number];
    const io::TableCell& cell = row.cells[number];
    id_is_wrong_ = id_is_wrong_ || (column.target.kind == TargetKind::CompanyId && (cell.kind == NodeKind::Wrong || cell.has_many_digits));
    if (cell.kind == NodeKind::Wrong) return add_problem(io::problem_of(cell), number, row);
    if (cell.has_many_digits && (column.is_text || column.target.kind == TargetKind::CompanyId)) return add_problem(io::too_many_digits(cell), number, row);
    if (column.target.kind == TargetKind::CompanyId) {
        if (cell.kind == NodeKind::Null) return;
        company_ = vm::trimmed(cell.text);
        return block.set_company(company_);
    }
    if (column.target.kind == TargetKind::FiscalYear) {
        if (const auto year = cell.kind == NodeKind::Null ? std::nullopt : vm::parse_year(vm::trimmed(cell.text))) return block.set_fiscal_year(*year);
        vm::Problem problem{vm::ProblemKind::BadYear, {}, cell.kind == NodeKind::Null ? "?" : std::string(cell.text), "四位数的年度，1900至2199", "a fiscal year of four digits from 1900 to 2199", {}};
        return add_problem(io::problem_of(problem), number, row);
    }
    if (!column.reader) return;
    vm::Cell value{0, 0, vm::CellState::Unknown};
    if (cell.kind != NodeKind::Null) {
        if (const auto problem = column.reader->read(io::scalar_of(cell.kind), cell.text, texts_, value)) return add_problem(io::problem_of(*problem), number, row);
    }
    block.set(column.slot, value);
}

void Intake::lists(Block& block) {
    if (!children_ || id_is_wrong_) return;
    if (auto problem = why_no_lists()) {
        problems_.push_back(std::move(*problem));
        if (problems_.back().kind != io::ProblemKind::Duplicate) return;  // then its rows are asked for all the same: they are not strange
    }
    children_->add(company_, block, texts_, problems_);
}

std::optional<io::Problem> Intake::why_no_lists() const {
    const auto refuse = [this](io::ProblemKind kind, const char* chinese, const char* english) {
        const auto id = std::find_if(matching_.targets.begin(), matching_.targets.end(), [](const Target& target) { return target.kind == TargetKind::CompanyId; });
        io::Problem problem = io::malformed({}, chinese, english);
        problem.kind = kind;
        problem.key = id == matching_.targets.end() ? "company_id" : table_.header()[static_cast<std::size_t>(id - matching_.targets.begin())];
        problem.found = company_;
        return problem;
    };
    if (company_.empty()) return refuse(io::ProblemKind::Malformed, "没有编号，无法与列表对应", "there is no id, by which rows of lists are told");
    if (is_number_of_floating_point(company_)) return refuse(io::ProblemKind::WrongType, "编号是浮点数，位数已不全，无法与列表对应；请把编号存为文本", "the id is a floating-point number, whose digits are not all there: rows of lists cannot be told by it; keep ids as texts");
    if (same_ids_->has(met_id(company_, 0))) return refuse(io::ProblemKind::Duplicate, "另一行也是这个编号，无法与列表对应", "another row has this id as well, so that rows of lists cannot be told by it");
    return std::nullopt;
}

void Intake::note_id(std::string_view id, std::uint64_t line) {
    if (!matching_.has_company) return;
    if (id.empty()) return ids_.missing.add(line);
    if (id.front() >= '0' && id.front() <= '9' && is_number_of_floating_point(id)) ids_.odd.add(line);
    ids_.met.push_back(met_id(id, line));
}

void Intake::note_ids(std::size_t first, std::size_t count, const Block& block) {
    if (!matching_.has_company) return;
    const auto line = [&](std::size_t i) { return chunk_->begin.line + index_.lines[first + i]; };
    std::string_view begins, last;
    bool in_order = look_for_runs_;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view id = block.company(i);
        if (id.empty()) {
            if (marks_[i] == 0) ids_.missing.add(line(i));
            continue;
        }
        if (begins.empty()) begins = id;
        in_order = in_order && (last.empty() || is_after(id, last));
        last = id;
        if (id.front() >= '0' && id.front() <= '9' && is_number_of_floating_point(id)) ids_.odd.add(line(i));
    }
    if (last.empty()) return;
    if (in_order) return ids_.runs.push_back({std::string(begins), std::string(last)});
    for (std::size_t i = 0; i < count; ++i) {
        if (const std::string_view id = block.company(i); !id.empty()) ids_.met.push_back(met_id(id, line(i)));
    }
}

void Intake::add_problem(io::Problem problem, std::size_t column, const io::TableRow& row) {
    problem.key = table_.header()[column];
    problem.place.column = row.source.empty() ? 0 : io::column_at(row.source, row.cells[column].at);
    problems_.push_back(std::move(problem));
}

void Intake::look_for_contradictions(const io::TableRow& row, Block& block) {
    vm::Profile profile;
    block.fill_profile(block.rows(), profile);
    for (const vm::Problem& each : vm::contradictions(profile)) {
        const auto is = [&](const std::string& key) {
            return std::find_if(columns_.begin(), columns_.end(), [&](const Column& column) { return column.reader && finder_.key_of(column.target) == key; });
        };
        auto found = is(each.key);
        if (found == columns_.end()) found = is(each.other_key);
        if (found != columns_.end()) {
            add_problem(io::problem_of(each), static_cast<std::size_t>(found - columns_.begin()), row);
        } else {
            problems_.push_back(io::problem_of(each));
        }
    }
}

void each_id(const bytecode::Pack& pack, bytecode::Index subject, io::Table& table, const Matching& matching, const io::ColumnFinder& finder, const std::atomic<bool>* stop, Ids& ids) {
    constexpr std::size_t together = 2048;
    Needs nothing_else;
    nothing_else.subject = subject;
    Matching alone = matching;
    for (Target& target : alone.targets) {
        if (target.kind != TargetKind::CompanyId) target = {TargetKind::LeftOut, bytecode::none, 0};
    }
    table.read_only(alone.read(table.header()));
    const Children none;
    const std::vector<Kept> nothing_kept;
    Intake intake(pack, nothing_else, table, alone, finder, none, nothing_kept);
    intake.without_runs();
    Block block(pack, nothing_else);
    std::vector<Reject> rejects;
    io::Chunk chunk;
    while ((stop == nullptr || !stop->load()) && table.next(chunk)) {
        intake.begin(chunk);
        while (intake.take(block, together, rejects)) rejects.clear();
        rejects.clear();
        ids.add(intake.ids());
    }
}

Reject Intake::reject_of(const io::TableRow& row) {
    io::Problem& first = problems_.front();
    Reject reject;
    reject.table = first.file;
    reject.line = reject.table.empty() ? row.line : first.place.line;
    reject.column = first.key;
    reject.value = first.found;
    reject.position = first.place.column;
    reject.company = company_;
    reject.kind = first.kind;
    reject.chinese = first.chinese;
    reject.english = first.english;
    constexpr std::size_t most = 20;  // that a person reads
    for (std::size_t i = 1; i < std::min(problems_.size(), most); ++i) {
        const io::Problem& further = problems_[i];
        reject.chinese += "；" + (further.key.empty() ? "" : further.key + "：") + further.chinese;
        reject.english += "; " + (further.key.empty() ? "" : further.key + ": ") + further.english;
    }
    if (problems_.size() > most) {
        const std::string more = std::to_string(problems_.size() - most);
        reject.chinese += "；另有" + more + "处";
        reject.english += "; and " + more + " more";
    }
    return reject;
}

}  // namespace eligo::screen
