// The only door of the sema folder: Ast -> Model.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../syntax/ast.hpp"
#include "../text/diagnostic.hpp"
#include "../value/range.hpp"
#include "model.hpp"

namespace eligo::sema {

// Checks all files of a pack together. Always returns a model; it may be compiled only if the sink has no errors.
[[nodiscard]] Model check(const std::vector<syntax::File>& files, const text::SourceSet& sources, text::Sink& sink);

// What a table's input can be, over every place the table is used from: whole multiples of `unit`
// (Bool, Enum, Code, Date: unit 1).
struct InputRange {
    value::Range range;
    value::Rational unit;
};
// What becomes of a row: it holds for something, or rows above it take all it could, or nothing comes there at all.
enum class RowReach : std::uint8_t { Reached, Covered, Outside };

// Proves that a table covers its inputs (and, if `unique`, covers nothing twice) over the given ranges, all columns
// together; reports an uncovered or doubly covered company as an example. Called by codegen, which knows the ranges, once for
// each place that asks the table. Answers what becomes of each row there; that of `unique` tables is never Covered, but for `otherwise`.
// Nothing where a cell cannot be compared within 128 bits, which is reported too.
std::vector<RowReach> check_table(const Model& model, Id table, std::span<const InputRange> inputs, text::Sink& sink);
// Doubts the rows that no place reaches: for each row the best of what check_table answered anywhere.
void report_rows(const Model& model, Id table, std::span<const RowReach> rows, text::Sink& sink);

// The step in which the values of a fact are counted: fen, millionths, or whole numbers.
[[nodiscard]] value::Rational step_of(const Type& type);

// For goldens: one entity or expression node a line, indented.
[[nodiscard]] std::string print(const Model& model);

}  // namespace eligo::sema
