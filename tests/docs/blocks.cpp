// A fence is a line that begins with three backticks; what stands between two of them is a block.
#include "blocks.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

namespace eligo::docs {

std::string read_page(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<Block> blocks_of(const std::string& page) {
    std::vector<Block> blocks;
    std::istringstream lines(page);
    std::string line;
    bool inside = false;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        const bool fence = line.starts_with("```");
        if (fence && !inside) blocks.push_back({line.substr(3), {}, number});
        if (fence) inside = !inside;
        else if (inside) blocks.back().text += line + "\n";
    }
    return blocks;
}

std::filesystem::path documents() { return std::filesystem::path(ELIGO_SOURCE_DIR) / "docs"; }

}  // namespace eligo::docs
