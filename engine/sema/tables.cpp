// Tables as they stand: header, cells, rows, and the types that cells give to inputs. That the rows cover
// everything once is proved in cover.cpp, when codegen knows the ranges. Tested by sema_test.cpp.
#include <algorithm>

#include "../value/exactly.hpp"
#include "describe.hpp"
#include "expressions.hpp"

namespace eligo::sema {

using text::Code;

namespace {

// ---- the types of inputs ----

// What kind of value a cell's literal is; nothing for bare names, which only a type explains.
std::optional<Type> literal_type(const syntax::File& file, syntax::ExprId id) {
    if (id == syntax::no_expr) return std::nullopt;
    const syntax::Expr& node = file.exprs[id];
    switch (node.kind) {
        case syntax::ExprKind::Bool: return Type{Kind::Bool};
        case syntax::ExprKind::Date: return Type{Kind::Date};
        case syntax::ExprKind::Text: return Type{Kind::Text};
        case syntax::ExprKind::Number:
        case syntax::ExprKind::Duration:
            switch (node.unit) {
                case syntax::Unit::Money: return Type{Kind::Money};
                case syntax::Unit::Months: return Type{Kind::Months};
                case syntax::Unit::Days: return Type{Kind::Days};
                case syntax::Unit::None: return Type{Kind::Number};
                case syntax::Unit::Percent:
                case syntax::Unit::Permille: return Type{Kind::Number, false, true};
            }
            return std::nullopt;
        case syntax::ExprKind::Unary:
        case syntax::ExprKind::Binary:
        case syntax::ExprKind::Range:
        case syntax::ExprKind::Set:
            for (const syntax::ExprId child : node.args)
                if (const auto type = literal_type(file, child)) return type;
            return std::nullopt;
        default: return std::nullopt;
    }
}

std::optional<Type> type_from_cells(const TableOrigin& origin, std::size_t column) {
    std::optional<Type> found;
    for (const syntax::TableRow& row : origin.written->rows) {
        if (column >= row.cells.size() || row.cells[column].any) continue;
        const auto type = literal_type(*origin.file, row.cells[column].condition);
        if (type && !found) found = type;
        if (type && found && type->percent) found->percent = true;
    }
    return found;
}

// An input of a policy's table that is called like a fact is of that fact's type.
std::optional<Type> type_from_fact(const Checking& checking, const Table& table, const std::string& name) {
    if (table.subject == no_id) return std::nullopt;
    const Names& names = checking.subjects[table.subject].names;
    const auto it = names.find(name);
    if (it == names.end() || it->second.kind != NameKind::Fact) return std::nullopt;
    Type type = checking.model.subjects[table.subject].facts[it->second.id].type;
    type.yearly = false;
    if (type.kind == Kind::Record || type.kind == Kind::List) return std::nullopt;
    return type;
}

bool written_type(const TableOrigin& origin, std::size_t input) {
    const syntax::TypeRef& type = origin.written->parameters[input].type;
    return type.kind != syntax::TypeKind::Broken || type.span.exists();
}

// ---- rows ----

// The header as it should be; a result without a name keeps what the column was called.
std::string header_text(const Table& table, const Model& model, const std::vector<syntax::Name>& written) {
    std::string text;
    for (const Id input : table.inputs) text += model.variables[input].name + " | ";
    for (std::size_t i = 0; i < table.result_types.size(); ++i) {
        const std::string& name = table.result_names[i];
        const std::string& own = written.empty() || written.back().text.empty() ? table.name : written.back().text;
        text += (i == 0 ? "" : " | ") + (name.empty() ? own : name);
    }
    return text;
}

void check_header(Checking& checking, const Table& table, const TableOrigin& origin) {
    const auto& header = origin.written->header;
    bool good = header.size() == table.inputs.size() + table.result_types.size();
    for (std::size_t i = 0; good && i < header.size(); ++i) {
        const std::size_t result = i - table.inputs.size();
        const std::string& wanted = i < table.inputs.size() ? checking.model.variables[table.inputs[i]].name : table.result_names[result];
        good = wanted.empty() || header[i].text.empty() || header[i].text == wanted;
    }
    if (good) return;
    Span span = table.span;
    if (!header.empty() && header.front().span.exists()) span = text::join(header.front().span, header.back().span);
    checking.sink.report(Code::header_mismatch, span, {table.name, header_text(table, checking.model, header)})
        .also(table.span, "the inputs are declared here", "输入声明于此");
}

class Row {
public:
    Row(Checking& checking, Id table) : checking_(checking), table_(checking.model.tables[table]), origin_(checking.tables[table]) {
        place_ = {origin_.file, table_.subject, table_.policy, origin_.version, table_.inputs, Inside::Rule};
        constants_.file = origin_.file;
    }

    // The cells and results of one row; what is wrong is left out.
    void read(std::size_t number, TableRow& row) {
        const syntax::TableRow& written = origin_.written->rows[number];
        checking_.sink.spend(1 + written.cells.size());
        const std::size_t inputs = table_.inputs.size(), results = table_.result_types.size();
        const bool last = number + 1 == origin_.written->rows.size();
        if (written.otherwise && !last) checking_.sink.report(Code::otherwise_not_last, written.span);
        const std::size_t wanted_cells = written.otherwise ? 0 : inputs;
        if (written.cells.size() != wanted_cells || written.results.size() != results) {
            const std::size_t found = written.cells.size() + written.results.size();
            checking_.sink.report(Code::wrong_cell_count, written.span, {std::to_string(found), std::to_string(wanted_cells + results)})
                .also(table_.span, "declared here", "声明于此");
            return;
        }
        for (std::size_t i = 0; i < wanted_cells; ++i) row.cells.push_back(cell(written.cells[i], checking_.model.variables[table_.inputs[i]]));
        for (std::size_t i = 0; i < results; ++i) {
            const std::string& name = table_.result_names[i].empty() ? table_.name : table_.result_names[i];
            Expressions expressions(checking_, place_);
            row.results.push_back(expressions.fitting(written.results[i], table_.result_types[i], name, table_.span));
        }
    }

private:
    TableCell cell(const syntax::TableCell& written, const Variable& input) {
        TableCell cell;
        cell.span = written.span;
        cell.published = written.published;
        if (cell.published) in_calendar(checking_, *cell.published, cell.span);
        cell.any = written.any || written.condition == syntax::no_expr || input.type.kind == Kind::Error;
        if (cell.any) return cell;
        const syntax::Expr& condition = origin_.file->exprs[written.condition];
        if (condition.kind == syntax::ExprKind::Broken) cell.any = true;
        else if (condition.kind == syntax::ExprKind::Range) add_range(condition, input, cell);
        else if (condition.kind == syntax::ExprKind::Set)
            for (const syntax::ExprId element : condition.args) add_single(element, input.type, cell);
        else add_single(written.condition, input.type, cell);
        return cell;
    }

    std::optional<Constant> constant(syntax::ExprId id, Type type) {
        type.whole = false;
        return Expressions(checking_, constants_).constant(id, type, Code::cell_not_constant);
    }

    void add_single(syntax::ExprId id, const Type& type, TableCell& cell) {
        const auto value = constant(id, type);
        if (!value) return;
        CellInterval interval;
        interval.low = interval.high = value;
        if (type.kind == Kind::Code) {
            const auto below = value::codes_below(static_cast<value::Classification>(type.ref), value::exactly<std::int32_t>(value->integer).value());
            interval.low->integer = below.first;
            interval.high->integer = below.last;
        }
        cell.intervals.push_back(std::move(interval));
    }

    void add_range(const syntax::Expr& range, const Variable& input, TableCell& cell) {
        if (!has_order(input.type.kind)) {
            checking_.sink.report(Code::range_not_possible, range.span, {input.name, quoted(checking_.model, input.type)});
            return;
        }
        CellInterval interval;
        interval.lower_open = range.lower_open;
        interval.upper_open = range.upper_open;
        if (range.args[0] != syntax::no_expr) interval.low = constant(range.args[0], input.type);
        if (range.args[1] != syntax::no_expr) interval.high = constant(range.args[1], input.type);
        if (interval.low && interval.high) {
            const auto order = compare_constants(input.type.kind, *interval.low, *interval.high);
            if (order > 0 || (order == 0 && (interval.lower_open || interval.upper_open))) checking_.sink.report(Code::range_reversed, range.span);
        }
        cell.intervals.push_back(std::move(interval));
    }

    Checking& checking_;
    Table table_;
    TableOrigin origin_;
    Place place_;
    Place constants_;
};

bool inputs_known(const Checking& checking, const Table& table) {
    return std::ranges::all_of(table.inputs, [&](Id input) { return checking.model.variables[input].type.kind != Kind::Error; });
}

bool can_be_input(Kind kind) { return has_order(kind) || kind == Kind::Bool || kind == Kind::Enum || kind == Kind::Code; }

void check_inputs(Checking& checking, Id number) {
    const Table& table = checking.model.tables[number];
    const TableOrigin& origin = checking.tables[number];
    for (std::size_t i = 0; i < table.inputs.size(); ++i) {
        Variable& input = checking.model.variables[table.inputs[i]];
        if (input.type.kind == Kind::Error) {
            const bool said = origin.call_failed || input.name.empty() || broken_within(checking, origin.written->span);
            if (!written_type(origin, i) && !said)
                checking.sink.report(Code::column_type_unknown, input.span, {input.name});
        } else if (!can_be_input(input.type.kind)) {
            checking.sink.report(Code::type_not_possible, input.span, {spell_type(checking.model, input.type)});
            input.type = {};
        }
    }
}

void check_body(Checking& checking, Id number) {
    const Table& declared = checking.model.tables[number];
    if (declared.policy != no_id && !checking.versions[declared.policy][checking.tables[number].version].readable) return;
    require_inputs(checking, number);
    check_inputs(checking, number);
    const TableOrigin origin = checking.tables[number];
    const bool broken = broken_within(checking, origin.written->span);
    if (origin.written->rows.empty() && !origin.written->name.text.empty() && !broken)
        checking.sink.report(Code::table_without_rows, checking.model.tables[number].span, {origin.written->name.text});
    if (!broken) check_header(checking, checking.model.tables[number], origin);
    Row reader(checking, number);
    for (std::size_t i = 0; i < origin.written->rows.size(); ++i) {
        TableRow row = checking.model.tables[number].rows[i];
        reader.read(i, row);
        checking.model.tables[number].rows[i] = std::move(row);
    }
}

}  // namespace

void require_inputs(Checking& checking, Id number) {
    TableOrigin& origin = checking.tables[number];
    if (origin.inputs_typed) return;
    origin.inputs_typed = true;
    const Table& table = checking.model.tables[number];
    for (std::size_t i = 0; i < table.inputs.size(); ++i) {
        Variable& input = checking.model.variables[table.inputs[i]];
        if (written_type(origin, i)) continue;
        auto type = type_from_cells(origin, i);
        if (!type) type = type_from_fact(checking, table, input.name);
        if (type) input.type = *type;
    }
}

// A table called only by another's results learns its types from there, so those that know theirs come first.
void check_table_bodies(Checking& checking) {
    std::vector<Id> waiting;
    for (Id number = 0; number < checking.tables.size(); ++number) waiting.push_back(number);
    for (bool progress = true; progress && !waiting.empty();) {
        progress = false;
        std::vector<Id> later;
        for (const Id number : waiting) {
            require_inputs(checking, number);
            if (!inputs_known(checking, checking.model.tables[number])) {
                later.push_back(number);
                continue;
            }
            check_body(checking, number);
            progress = true;
        }
        waiting = std::move(later);
    }
    for (const Id number : waiting) check_body(checking, number);
}

}  // namespace eligo::sema
