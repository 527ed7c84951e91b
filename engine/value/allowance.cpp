#include "allowance.hpp"

namespace eligo::value {

void Allowance::ask() {
    if (cancelled_ == nullptr) return;
    until_asked_ = interval;
    if (stop_ != Stop::None) return;
#ifdef __cpp_exceptions
    try {
        if ((*cancelled_)()) stop(Stop::Cancelled);
    } catch (...) {
        stop(Stop::Cancelled);
    }
#else
    if ((*cancelled_)()) stop(Stop::Cancelled);
#endif
}

}  // namespace eligo::value
