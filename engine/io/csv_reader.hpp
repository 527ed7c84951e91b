// Takes cells out of rows of CSV: a row at a time, or of all rows of a chunk together by where their separators stand.
// Tested by csv_test.cpp and kernels_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "csv_rows.hpp"
#include "table.hpp"

namespace eligo::io {

// What is said of text in another encoding than its input seems to have.
struct NotText {
    std::string chinese = "不是UTF-8文本；如果是GBK或GB18030编码，请加 --encoding gb18030", english = "is not UTF-8 text; if it is GBK or GB18030, say --encoding gb18030";

    explicit NotText(const std::vector<std::string>& turned_from) {
        if (turned_from.empty()) return;
        chinese = "不是" + turned_from.front() + "文本；文件中如有两种编码，请存成同一种";
        english = "is not " + turned_from.front() + " text; if the file has rows of another encoding, save it in one";
    }
};

// `width`: the columns of the header with those at its end that have no name.
[[nodiscard]] std::unique_ptr<RowReader> csv_reader(const CsvShape& shape, std::size_t width, NotText not_text);

}  // namespace eligo::io
