// A `let` of a policy that nothing reads and no one is shown: most often a name that was meant somewhere and is not there.
#include <vector>

#include "checking.hpp"

namespace eligo::sema {

void check_unused(Checking& checking) {
    // What a mistake hides may be the very use.
    if (checking.sink.has_errors()) return;
    const Model& model = checking.model;
    std::vector<bool> used(model.lets.size(), false);
    for (const Expr& expr : model.exprs)
        if (expr.kind == ExprKind::LetUse) used[expr.ref] = true;
    for (Id id = 0; id < model.lets.size(); ++id) {
        const Let& let = model.lets[id];
        if (!used[id] && let.policy != no_id && !let.label.exists()) checking.sink.report(text::Code::never_used, let.span, {let.name});
    }
}

}  // namespace eligo::sema
