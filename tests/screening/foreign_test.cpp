// Files that are no tables which are read: each is named as what it is, with what to do, and none of them is taken for CSV; and texts
// that begin like one of them are read.
#include <gtest/gtest.h>

#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "io/foreign.hpp"
#include "program.hpp"
#include "workbooks.hpp"

namespace eligo::screening {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

std::string read_as(const std::string& name, const std::string& bytes) {
    const fs::path path = fs::path(testing::TempDir()) / ("eligo_foreign_" + name);
    std::ofstream(path, std::ios::binary) << bytes;
    const std::string shown = shown_table(path.string());
    fs::remove(path);
    return shown;
}

TEST(Foreign, IsNamed) {
    struct Case {
        std::string bytes;
        const char* named;
    };
    std::string tar(512, '\0');
    tar.replace(0, 13, "companies.csv").replace(257, 5, "ustar");
    std::string utf16 = "\xFF\xFE";
    for (const char c : std::string("<html><table>")) utf16 += {c, '\0'};
    const Case cases[] = {
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(600, '\0'), "a workbook of Excel 97-2003 (.xls)"},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(600, '\0') + "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"s, "a workbook with a password"},
        {"\x09\x08\x10\x00\x00\x06\x05\x00"s, "a workbook of Excel 97-2003 (.xls)"},
        {"PAR1\x15\x04\x15\x10"s, "a Parquet file"},
        {"ARROW1\0\0\xFF\xFF"s, "an Arrow file"},
        {"Obj\x01\x04"s, "an Avro file"},
        {"%PDF-1.7\n%\xE2\xE3", "a PDF file"},
        {"PK\x05\x06"s + std::string(18, '\0'), "an empty zip archive"},
        {"Rar!\x1A\x07\x01"s, "a RAR archive"},
        {"7z\xBC\xAF\x27\x1C\0"s, "a 7z archive"},
        {"\xFD\x37zXZ\0\0"s, "a file compressed with xz"},
        {"BZh91AY&SY\x01\x02"s, "a file compressed with bzip2"},
        {tar, "a tar archive"},
        {"\x89PNG\r\n\x1A\n\0\0"s, "a picture (PNG)"},
        {"\xFF\xD8\xFF\xE0\0\x10JFIF"s, "a picture (JPEG)"},
        {"GIF89a\x01\0"s, "a picture (GIF)"},
        {"<html><body><table><tr><td>company_id</td></tr></table></body></html>", "a web page (HTML)"},
        {"\xEF\xBB\xBF  \r\n<!DOCTYPE HTML PUBLIC \"-//W3C\">", "a web page (HTML)"},
        {"<TABLE border=1><tr><td>1</td></tr></TABLE>", "a web page (HTML)"},
        {"<meta http-equiv=\"Content-Type\" content=\"application/vnd.ms-excel\">", "a web page (HTML)"},
        {utf16, "a web page (HTML)"},
        {"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">", "an XML spreadsheet of Excel 2003"},
        {"<?xml version=\"1.0\"?><companies/>", "an XML file"},
        {"MIME-Version: 1.0\r\n", "a web page in an archive (MHTML)"},
        {"{\\rtf1\\ansi", "an RTF document"},
    };
    for (const Case& each : cases) {
        for (const char* const name : {"in.xls", "in.csv", "in.ndjson", "in.tsv", "in", "in.xlsx", "in.ods", "in.db"}) {
            const std::string shown = read_as(name, each.bytes);
            EXPECT_TRUE(shown.starts_with("refused: this is "s + each.named)) << name << ": " << shown;
        }
        const auto problem = io::foreign_format(each.bytes);
        EXPECT_TRUE(each.bytes == utf16 || (problem && problem->english.starts_with("this is "s + each.named) && !problem->chinese.empty())) << each.named;
        std::string packed(ZSTD_compressBound(each.bytes.size()), '\0');
        packed.resize(ZSTD_compress(packed.data(), packed.size(), each.bytes.data(), each.bytes.size(), 3));
        EXPECT_TRUE(read_as("in.csv.zst", packed).starts_with("refused: this is "s + each.named)) << each.named;
    }
    const std::string begin = "PK\x03\x04rest";
    std::string packed(100, '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), begin.data(), begin.size(), 3));
    for (const char* const name : {"in.zst", "in.xlsx.zst"}) EXPECT_TRUE(read_as(name, packed).starts_with("refused: this is a workbook or a zip archive")) << name;
}

TEST(Foreign, IsNamedByCheckToo) {
    const fs::path folder = fs::path(testing::TempDir()) / "eligo_foreign_check";
    fs::create_directories(folder);
    std::ofstream(folder / "firm.policy") << "vocabulary firm \"企业\" | \"Firm\" {\n  staff : int in 0 .. 1_000 \"人数\" | \"Staff\"\n}\n"
                                             "policy small for firm \"小\" | \"Small\" {\n  in force 2000-01-01 ..\n  require few staff <= 50 \"少\" | \"Few\" @ \"1\"\n}\n";
    std::ofstream(folder / "page.xls") << "<html><table><tr><td>staff</td></tr></table></html>";
    std::ofstream(folder / "old.json") << "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more";
    for (const auto& [name, named] : {std::pair("page.xls", "this is a web page (HTML)"), std::pair("old.json", "this is a workbook of Excel 97-2003 (.xls)")}) {
        const Ran ran = run_program(folder, {"check", name, "--rules", "firm.policy", "--lang", "en"});
        EXPECT_EQ(ran.status, 2) << name;
        EXPECT_NE(ran.err.find(named), std::string::npos) << ran.err;
    }
    fs::remove_all(folder);
}

TEST(Foreign, TextsThatBeginLikeItAreRead) {
    for (const std::string word : {"PAR1", "PARE", "BM", "GIF8", "RIFF", "ORC", "BZh", "FEA1", "MIME", "<5", "<=100", "II*", "MM", "7z", "Rar!"}) {
        EXPECT_EQ(read_as("in.csv", word + ",b\n1,2\n"), word + "|b\n2: 1|2\n");
    }
}

TEST(Foreign, Utf16IsReadWithoutItsMark) {
    const auto wide = [](const std::u16string& text, bool big, bool mark) {
        std::string bytes;
        for (const char16_t unit : (mark ? u"\uFEFF" + text : text)) {
            const char low = static_cast<char>(unit & 0xFFU), high = static_cast<char>(unit >> 8);
            bytes += big ? high : low;
            bytes += big ? low : high;
        }
        return bytes;
    };
    for (const bool big : {false, true}) {
        for (const bool mark : {false, true}) {
            EXPECT_EQ(read_as("in.csv", wide(u"company_id,名称\r\n1,甲\r\n2,乙\r\n", big, mark)), "company_id|名称\n2: 1|甲\n3: 2|乙\n") << big << mark;
            EXPECT_EQ(read_as("in.tsv", wide(u"统一社会信用代码\t企业名称\r\n1\t甲公司\r\n", big, mark)), "统一社会信用代码|企业名称\n2: 1|甲公司\n") << big << mark;
        }
    }
    // A text of another encoding with zeros in it is none.
    EXPECT_EQ(read_as("in.csv", "a,b\n1,x\0y\n"s), "a|b\n2: 1|x\0y\n"s);
}

}  // namespace
}  // namespace eligo::screening
