// Kleene's tables, held to their meaning: what comes out whichever way the unknowns turn out.
#include "value/truth.hpp"

#include <gtest/gtest.h>

#include <array>

namespace {

using namespace eligo::value;

constexpr std::array<Truth, 3> truths{Truth::False, Truth::Unknown, Truth::True};

bool may_be(Truth truth, bool outcome) { return truth == Truth::Unknown || truth == truth_of(outcome); }

template <class Operation>
Truth over_all_outcomes(Truth a, Truth b, Operation operation) {
    bool certainly = true;
    bool possibly = false;
    for (const bool left : {false, true}) {
        for (const bool right : {false, true}) {
            if (!may_be(a, left) || !may_be(b, right)) continue;
            certainly = certainly && operation(left, right);
            possibly = possibly || operation(left, right);
        }
    }
    return truth_of(certainly, possibly);
}

TEST(ValueTruth, TablesFollowFromTheOutcomes) {
    for (const Truth a : truths) {
        for (const Truth b : truths) {
            EXPECT_EQ(truth_and(a, b), over_all_outcomes(a, b, [](bool x, bool y) { return x && y; }));
            EXPECT_EQ(truth_or(a, b), over_all_outcomes(a, b, [](bool x, bool y) { return x || y; }));
        }
        EXPECT_EQ(truth_not(a), over_all_outcomes(a, Truth::True, [](bool x, bool) { return !x; }));
    }
}

TEST(ValueTruth, PairsAndValues) {
    EXPECT_EQ(truth_of(false, false), Truth::False);
    EXPECT_EQ(truth_of(false, true), Truth::Unknown);
    EXPECT_EQ(truth_of(true, true), Truth::True);
    EXPECT_EQ(truth_of(true), Truth::True);
    EXPECT_EQ(truth_of(false), Truth::False);
}

}  // namespace
