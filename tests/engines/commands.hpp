// The commands of the program, each understood once and then run again and again on whatever pack stands in its file.
// Used by mutants.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../../engine/bytecode/pack.hpp"

namespace eligo::oracle {

class Commands {
public:
    Commands();
    ~Commands();
    // Every command that reads packs, in all of its forms. What it printed is thrown away; a status that only a crash could have, or
    // one that says the pack cannot be read, is told.
    [[nodiscard]] std::string run_all(const bytecode::Pack& pack);

private:
    struct Command;
    std::string folder_;
    std::vector<std::unique_ptr<Command>> commands_;
};

}  // namespace eligo::oracle
