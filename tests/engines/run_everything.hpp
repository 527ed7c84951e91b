// Everything that can be done with a pack once it is loaded. What comes out does not matter; that it comes out does.
// Used by damage.cpp and by tests/fuzz/.
#pragma once

#include "../../engine/bytecode/pack.hpp"
#include "../../engine/vm/profile.hpp"

namespace eligo::oracle {

// Checks every policy on made-up profiles, over known values, over sets and over blocks of rows, explains it in all
// notations, and lists the code. Returns the number of bytes that were said, 0 when nothing was.
std::size_t run_everything(const bytecode::Pack& pack);
// The same of one policy and one profile of its subject.
std::size_t run_everything(const bytecode::Pack& pack, bytecode::Index policy, const vm::Profile& profile);

}  // namespace eligo::oracle
