// Any text as profiles of the shipped rules, in the format that ELIGO_FORMAT names when this file is compiled: Json, Yaml
// or Csv. What is wrong with it is said with a key or a place, in both languages and in few words; what is right is
// checked and explained. Broken when: a reader trips over a text, or puts into a profile what the engine cannot take.
#include <cstddef>
#include <string>

#include "../../engine/io/profile.hpp"
#include "../engines/rules.hpp"
#include "../engines/run_everything.hpp"
#include "target.hpp"

namespace {

// However long the text: a message quotes no more than a person reads.
constexpr std::size_t longest_message = 2'000;

void show(const eligo::io::Problem& problem) {
    using namespace eligo;
    for (const auto language : {text::Language::Chinese, text::Language::English}) {
        const std::string said = io::say(problem, language);
        fuzz::require(said.size() > problem.file.size() + 2, "a problem without words");
        fuzz::require(said.size() <= longest_message, "a message of " + std::to_string(said.size()) + " bytes");
        fuzz::require(!io::to_json(problem, language).empty(), "a problem that is no JSON");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace eligo;
    static const oracle::Rules& rules = oracle::shipped_rules();
    fuzz::require(rules.pack.has_value(), rules.errors);
    const io::Profiles read = io::read_profiles(*rules.pack, fuzz::text_of(data, size), io::Format::ELIGO_FORMAT, "fuzz");
    fuzz::require(!read.profiles.empty() || !read.problems.empty() || size == 0 || io::Format::ELIGO_FORMAT == io::Format::Json, "nothing was read, and no word of why");
    for (const io::Problem& problem : read.problems) show(problem);
    std::size_t checked = 0;
    for (const vm::Profile& profile : read.profiles) {
        if (++checked > 4) break;  // the fifth row goes the way of the first four
        for (bytecode::Index policy = 0; policy < rules.pack->policies.size(); ++policy)
            if (rules.pack->policies[policy].subject == profile.subject) oracle::run_everything(*rules.pack, policy, profile);
    }
    return 0;
}
