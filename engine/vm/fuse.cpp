// Tested by tests/unit/plan_test.cpp and, like every plan, by tests/engines/.
#include "fuse.hpp"

#include <utility>

namespace eligo::vm {
namespace {

using bytecode::Opcode;

constexpr std::uint16_t number(Opcode opcode) { return static_cast<std::uint16_t>(opcode); }
constexpr std::uint16_t number(Control control) { return static_cast<std::uint16_t>(control); }

// not (a < b) is b <= a.
std::optional<Step> opposite(Step compared, Place result) {
    switch (compared.opcode) {
        case number(Opcode::Less): compared.opcode = number(Opcode::LessEqual); break;
        case number(Opcode::LessEqual): compared.opcode = number(Opcode::Less); break;
        case number(Opcode::Equal):
        case number(Control::NotEqual):
            compared.opcode = compared.opcode == number(Opcode::Equal) ? number(Control::NotEqual) : number(Opcode::Equal);
            compared.result = result;
            return compared;
        case number(Opcode::InSet):
            compared.opcode = number(Control::NotInSet);
            compared.result = result;
            return compared;
        case number(Control::YearAtLeast):
        case number(Control::YearBelow):
            compared.opcode = compared.opcode == number(Control::YearAtLeast) ? number(Control::YearBelow) : number(Control::YearAtLeast);
            compared.result = result;
            return compared;
        default: return std::nullopt;
    }
    std::swap(compared.a, compared.b);
    compared.result = result;
    return compared;
}

std::optional<Step> into_select(const Step& last, const Step& next, Place zero) {
    if (next.a == last.result && (last.opcode == number(Opcode::Equal) || last.opcode == number(Control::NotEqual))) {
        Step step{.opcode = number(Control::SelectUnlessEqual), .result = next.result, .a = last.a, .b = last.b, .c = next.b, .flags = next.c};
        if (last.opcode == number(Opcode::Equal)) std::swap(step.c, step.flags);
        return step;
    }
    if (next.b == last.result && next.c == zero && next.a != last.result && last.opcode == number(Control::ReadYear))
        return Step{.opcode = number(Control::ReadYearWhere), .result = next.result, .a = last.a, .flags = next.a, .clauses = last.clauses};
    return std::nullopt;
}

// The operand of a step of two that is not the last one's result.
Place other_operand(const Step& last, const Step& next) { return next.a == last.result ? next.b : next.a; }

std::optional<Step> into_failure(const Step& last, const Step& next) {
    Step step = last;
    step.clauses = next.clauses;
    switch (last.opcode) {
        case number(Opcode::Less): step.opcode = number(Control::FailUnlessLess); break;
        case number(Opcode::LessEqual): step.opcode = number(Control::FailUnlessLessEqual); break;
        case number(Control::LessEqualProduct): step.opcode = number(Control::FailUnlessLessEqualProduct); break;
        case number(Control::ProductLessEqual): step.opcode = number(Control::FailUnlessProductLessEqual); break;
        case number(Opcode::Equal): step.opcode = number(Control::FailUnlessEqual); break;
        case number(Opcode::InSet): step.opcode = number(Control::FailUnlessInSet); break;
        case number(Control::NotInSet): step.opcode = number(Control::FailIfInSet); break;
        case number(Opcode::Not): step.opcode = number(Control::FailIfTrue); break;
        default: return std::nullopt;
    }
    return step;
}

std::optional<Step> into_giving_up(const Step& last, const Step& next) {
    if (next.a != last.result) return std::nullopt;
    Step step = next;
    step.a = last.a;
    step.b = last.b;
    switch (last.opcode) {
        case number(Opcode::Not): step.opcode = number(Control::GiveUpIf); break;
        case number(Control::NotEqual): step.opcode = number(Control::GiveUpIfEqual); break;
        case number(Control::NotInSet): step.opcode = number(Control::GiveUpIfInSet); break;
        default: return std::nullopt;
    }
    return step;
}

}  // namespace

std::optional<Step> fused(const Step& last, const Step& next, Place zero) {
    switch (next.opcode) {
        case number(Opcode::Not): return opposite(last, next.result);
        case number(Opcode::Select): case number(Opcode::SelectB): return into_select(last, next, zero);
        case number(Control::FailIfFalse): return into_failure(last, next);
        case number(Control::GiveUpUnless): return into_giving_up(last, next);
        case number(Opcode::And):
            if (last.opcode != number(Opcode::Not)) return std::nullopt;
            return Step{.opcode = number(Control::AndNot), .result = next.result, .a = other_operand(last, next), .b = last.a};
        case number(Opcode::Maximum):
            if (last.opcode != number(Opcode::Subtract) || other_operand(last, next) != zero) return std::nullopt;
            return Step{.opcode = number(Control::Excess), .result = next.result, .a = last.a, .b = last.b};
        case number(Opcode::Add):
            if (last.opcode != number(Control::ReadYearWhere) || next.a == next.b) return std::nullopt;
            return Step{.opcode = number(Control::AddYearWhere), .result = next.result, .a = last.a, .b = other_operand(last, next), .flags = last.flags, .clauses = last.clauses};
        case number(Opcode::LessEqual):
            if (last.opcode == number(Opcode::YearEnd) && next.b == last.result && next.a != last.result)
                return Step{.opcode = number(Control::LessEqualYearEnd), .result = next.result, .a = next.a, .b = last.a};
            if (last.opcode != number(Opcode::Multiply) || next.a == next.b) return std::nullopt;
            if (next.b == last.result) return Step{.opcode = number(Control::LessEqualProduct), .result = next.result, .a = next.a, .b = last.a, .c = last.b};
            if (next.a == last.result) return Step{.opcode = number(Control::ProductLessEqual), .result = next.result, .a = last.a, .b = last.b, .c = next.b};
            return std::nullopt;
        case number(Control::Excess):
            if (last.opcode != number(Opcode::Subtract) || next.a != last.result || next.b == last.result) return std::nullopt;
            return Step{.opcode = number(Control::ExcessOverTwo), .result = next.result, .a = last.a, .b = last.b, .c = next.b};
        case number(Control::GiveUpIfInSet):
            if (last.opcode != number(Control::ReadFact) || next.a != last.result || next.c != last.c) return std::nullopt;
            return Step{.opcode = number(Control::GiveUpIfFactInSet), .a = last.a, .b = next.b, .c = next.c, .clauses = next.clauses};
        default: return std::nullopt;
    }
}

namespace {

enum class Order : std::uint8_t { Given, Either };
struct Chain {
    std::uint16_t plain, last;
    Order order;
};
constexpr Chain chains[] = {
    {number(Control::FailUnlessLess), number(Control::FailUnlessLessLast), Order::Given},
    {number(Control::FailUnlessLessEqual), number(Control::FailUnlessLessEqualLast), Order::Given},
    {number(Control::GiveUpUnless), number(Control::GiveUpUnlessLast), Order::Given},
    {number(Control::GiveUpIf), number(Control::GiveUpIfLast), Order::Given},
    {number(Control::GiveUpIfEqual), number(Control::GiveUpIfEqualLast), Order::Either},
    {number(Opcode::Add), number(Control::AddLast), Order::Either},
    {number(Opcode::Subtract), number(Control::SubtractLast), Order::Given},
    {number(Opcode::Multiply), number(Control::MultiplyLast), Order::Either},
    {number(Opcode::Minimum), number(Control::MinimumLast), Order::Either},
    {number(Opcode::Maximum), number(Control::MaximumLast), Order::Either},
    {number(Opcode::LessEqual), number(Control::LessEqualLast), Order::Given},
    {number(Opcode::Less), number(Control::LessLast), Order::Given},
    {number(Opcode::Equal), number(Control::EqualLast), Order::Either},
    {number(Opcode::Not), number(Control::NotLast), Order::Given},
    {number(Opcode::And), number(Control::AndLast), Order::Either},
    {number(Opcode::Or), number(Control::OrLast), Order::Either},
    {number(Opcode::Select), number(Control::SelectLast), Order::Given},
    {number(Opcode::InSet), number(Control::InSetLast), Order::Given},
    {number(Control::NotEqual), number(Control::NotEqualLast), Order::Either},
    {number(Control::AndNot), number(Control::AndNotLast), Order::Given},
    {number(Control::Excess), number(Control::ExcessLast), Order::Given},
    {number(Control::LessEqualProduct), number(Control::LessEqualProductLast), Order::Given},
    {number(Control::ProductLessEqual), number(Control::ProductLessEqualLast), Order::Either},
    {number(Control::FailUnlessProductLessEqual), number(Control::FailUnlessProductLessEqualLast), Order::Either},
};

// Steps that leave nothing at hand.
bool leaves_nothing(const Step& step) {
    switch (step.opcode) {
        case number(Opcode::Loop): case number(Opcode::EndLoop):
        case number(Control::FailIfFalse): case number(Control::FailIfTrue): case number(Control::FailUnlessLess): case number(Control::FailUnlessLessEqual):
        case number(Control::FailUnlessLessEqualProduct): case number(Control::FailUnlessEqual): case number(Control::FailUnlessInSet): case number(Control::FailIfInSet): case number(Control::RequireFacts):
        case number(Control::FailUnlessProductLessEqual): case number(Control::FailUnlessProductLessEqualLast): case number(Control::GiveUpIfFactInSet):
        case number(Control::ReadFacts): case number(Control::ReadYears): case number(Control::ReadElements):
        case number(Control::ReadInput): case number(Control::ReadGiven): case number(Control::ReadField): case number(Control::ReadFieldGiven):
        case number(Control::SkipIfFalse): case number(Control::SkipIfTrue): case number(Control::BeginDay): case number(Control::Decide): case number(Control::EndClauses): case number(Control::EndVerdict):
        case number(Control::FailUnlessLessLast): case number(Control::FailUnlessLessEqualLast):
        case number(Control::GiveUp): case number(Control::GiveUpUnless): case number(Control::GiveUpIf): case number(Control::GiveUpIfEqual): case number(Control::GiveUpIfInSet):
        case number(Control::GiveUpUnlessLast): case number(Control::GiveUpIfLast): case number(Control::GiveUpIfEqualLast):
        case number(Control::Finish):
            return true;
        default: return false;
    }
}

}  // namespace

std::optional<Step> chained(const Step& last, const Step& next) {
    if (leaves_nothing(last)) return std::nullopt;
    for (const Chain& chain : chains) {
        if (chain.plain != next.opcode) continue;
        Step step = next;
        step.opcode = chain.last;
        if (next.a == last.result) return step;
        if (chain.order == Order::Either && next.b == last.result) {
            std::swap(step.a, step.b);
            return step;
        }
    }
    return std::nullopt;
}

}  // namespace eligo::vm
