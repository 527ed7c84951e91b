// The fenced blocks of a Markdown page.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace eligo::docs {

struct Block {
    std::string info;  // what stands behind the fence: "policy", "policy-error E0302"
    std::string text;
    std::size_t line = 0;  // of the fence, from 1
};

// Empty when there is no such file.
[[nodiscard]] std::string read_page(const std::filesystem::path& path);
[[nodiscard]] std::vector<Block> blocks_of(const std::string& page);

// The pages of the documents, from the top of the sources.
[[nodiscard]] std::filesystem::path documents();

}  // namespace eligo::docs
