// What scenarios reach: which clauses they saw hold and fail, which rows of tables and values of parameters they chose, and
// on which sides of each threshold they tried. Computed from what the engine evaluates, not from what is written in the
// scenarios. Tested by tests/unit/strength_test.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../sema/model.hpp"
#include "../syntax/ast.hpp"
#include "../text/source.hpp"

namespace eligo::scenario {

// Something that can happen, and whether it did.
struct Reach {
    bool can = false, seen = false;
    [[nodiscard]] bool lacking() const { return can && !seen; }
};

struct ClauseCoverage {
    std::string path;     // "stage.seed"
    text::Span span;
    Reach holds, fails;   // what can never happen is not asked for
};

struct RowCoverage {
    std::string name;     // of the table or parameter
    text::Span span;      // the row, or the value with its period
    bool chosen = false;
};

struct ThresholdCoverage {
    text::Span span;      // the comparison, or the written end of a range
    Reach below, border, above;  // of the left side against the right; = and != know the border, and `apart`
    Reach apart;
    [[nodiscard]] bool tried() const { return !below.lacking() && !border.lacking() && !above.lacking() && !apart.lacking(); }
};

// A version of a policy, or (without a name) what stands outside the policies: lets of a vocabulary, tables, parameters.
struct VersionCoverage {
    std::string policy;
    sema::Period in_force;
    text::Span span;      // its name
    std::vector<ClauseCoverage> clauses;
    std::vector<RowCoverage> rows, values;  // of tables, of parameters
    std::vector<ThresholdCoverage> thresholds;
};

struct Share {
    std::size_t reached = 0, of = 0;
};

struct Coverage {
    std::vector<VersionCoverage> versions;
    [[nodiscard]] Share clauses() const;  // outcomes: a clause that can hold and can fail counts twice
    [[nodiscard]] Share rows() const;
    [[nodiscard]] Share values() const;
    [[nodiscard]] Share thresholds() const;
};

[[nodiscard]] Share clause_outcomes(const VersionCoverage& version);

struct CoverRequest {
    std::vector<std::size_t> scenarios;      // by number in the model
    std::function<bool(text::Span)> within;  // which places are told of; empty: all
};

// `files` is what the model was checked from, without errors. Nothing when the probes cannot be compiled: a program that is
// nearly too large.
[[nodiscard]] std::optional<Coverage> cover(const std::vector<syntax::File>& files, const text::SourceSet& sources, const sema::Model& model,
                                            const CoverRequest& request);

}  // namespace eligo::scenario
