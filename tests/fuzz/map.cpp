// Any bytes as the map of `--map`, in whatever format and encoding: refused with a reason, or a pair for each of its rows. With it
// the columns of a table find the facts of the shipped rules; a key that is told for one leads to the same fact again.
// Broken when: a map is taken that was not read whole, or the names in it lead somewhere else than they say.
#include <string>
#include <vector>

#include "../../engine/io/columns.hpp"
#include "../../engine/io/table.hpp"
#include "../engines/rules.hpp"
#include "memory_file.hpp"
#include "target.hpp"

namespace {

using namespace eligo;

void show(const io::Problem& problem) {
    for (const auto language : {text::Language::Chinese, text::Language::English}) {
        const std::string said = io::say(problem, language);
        fuzz::require(said.size() > problem.file.size() + 2, "a problem without words");
        fuzz::require(said.size() <= 2'000, "a message of " + std::to_string(said.size()) + " bytes");
    }
}

// How many pairs a map of these bytes has: of all rows, the heading apart, as they are read without it.
std::size_t pairs_in(const std::string& path) {
    std::vector<io::Problem> problems;
    io::TableOptions options;
    options.least_columns = 3;
    options.least_cells = 2;
    const auto table = io::open_table(path, options, problems);
    fuzz::require(table != nullptr && (table->header().size() == 2 || table->header().size() == 3), "a map of no table of two columns or three");
    std::size_t pairs = table->header()[1] != "fact" && table->header()[1] != "事实" ? 1 : 0;
    const auto reader = table->reader();
    for (io::Chunk chunk; table->next(chunk);) {
        reader->begin(chunk);
        for (io::TableRow row; reader->next(row); ++pairs) fuzz::require(row.problem == nullptr, "a map in spite of a row that cannot be read");
    }
    fuzz::require(!table->failure(), "a map of a table that ends too early");
    return pairs;
}

void find(const bytecode::Pack& pack, bytecode::Index subject, const io::ColumnMap& map) {
    const io::ColumnFinder finder(pack, subject, map), without(pack, subject, {});
    for (const auto& [column, mapped] : map) {
        const std::string& fact = mapped.fact;
        const io::Target target = finder.find(column);
        fuzz::require((target.kind == io::TargetKind::LeftOut) == fact.empty(), "only what is mapped to nothing is left out");
        const std::string key = finder.key_of(target);
        fuzz::require(target.kind != io::TargetKind::Value || target.unit == nullptr || !mapped.unit.empty(), "a unit that nobody has said");
        const io::Target by_key = without.find(key);
        if (target.kind == io::TargetKind::Value) fuzz::require(by_key.kind == target.kind && by_key.column == target.column && by_key.year == target.year, "a key that leads to another fact: " + key);
        for (const std::string& name : {column, fact}) {
            const std::string nearest = without.nearest(name);
            fuzz::require(nearest.empty() || without.find(nearest).kind != io::TargetKind::None, "a name that leads nowhere is said to be meant: " + nearest);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const oracle::Rules& rules = oracle::shipped_rules();
    fuzz::require(rules.pack.has_value(), rules.errors);
    const fuzz::MemoryFile file(fuzz::text_of(data, size));
    std::vector<io::Problem> problems;
    const auto map = io::read_column_map(file.path(), problems);
    fuzz::require(map.has_value() == problems.empty(), "refused without a reason, or read with one");
    fuzz::require(problems.size() <= io::most_problems + 1, "too many problems are told");
    for (const io::Problem& problem : problems) show(problem);
    if (!map) return 0;
    fuzz::require(map->size() == pairs_in(file.path()), "a map has lost a pair, or made one up");
    if (map->size() > 100) return 0;  // the next pair goes the way of the first hundred
    for (bytecode::Index subject = 0; subject < rules.pack->subjects.size(); ++subject) find(*rules.pack, subject, *map);
    return 0;
}
