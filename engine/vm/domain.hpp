// The operations that the instructions stand for, which the engines share.
#pragma once

#include "../value/domain.hpp"

namespace eligo::vm {

using namespace value::domain;  // the interpreter names each operation vm::add, vm::less, …

}  // namespace eligo::vm
