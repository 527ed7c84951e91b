#include "foreign.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "formats.hpp"

namespace eligo::io {
namespace {

using namespace std::string_view_literals;

struct Sign {
    std::string_view begins;
    std::string_view chinese, english;
    std::size_t at = 0;
    bool is_text = false;  // it may be a word as well: bytes that no text has must follow
};

constexpr std::string_view save_chinese = "请另存为 .xlsx 或 CSV", save_english = "save it as .xlsx or CSV";
constexpr std::string_view unpack_chinese = "请先解压，再读取其中的文件", unpack_english = "unpack it, and take the file in it";
constexpr std::string_view convert_chinese = "请先转换为 CSV，如 duckdb -c \"COPY (FROM '文件') TO 'companies.csv'\"", convert_english = "turn it into CSV first, as in duckdb -c \"COPY (FROM 'FILE') TO 'companies.csv'\"";
constexpr std::string_view picture_chinese = "请提供表格本身，而不是它的图片", picture_english = "take the table itself and not a picture of it";

struct Kind {
    Sign sign;
    std::string_view chinese, english;  // what to do
};

constexpr std::string_view ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv;

const std::array<Kind, 27>& kinds() {
    static const std::array<Kind, 27> all{{
        {{"\x09\x00\x04\x00"sv, "Excel 2 的工作簿（.xls）", "a workbook of Excel 2 (.xls)"}, save_chinese, save_english},
        {{"\x09\x02\x06\x00"sv, "Excel 3 的工作簿（.xls）", "a workbook of Excel 3 (.xls)"}, save_chinese, save_english},
        {{"\x09\x04\x06\x00"sv, "Excel 4 的工作簿（.xls）", "a workbook of Excel 4 (.xls)"}, save_chinese, save_english},
        {{"\x09\x08\x10\x00"sv, "Excel 97-2003 的工作簿（.xls）", "a workbook of Excel 97-2003 (.xls)"}, save_chinese, save_english},
        {{"PAR1"sv, "Parquet 文件", "a Parquet file", 0, true}, convert_chinese, convert_english},
        {{"PARE"sv, "加密的 Parquet 文件", "a Parquet file that is encrypted", 0, true}, convert_chinese, convert_english},
        {{"ARROW1\0\0"sv, "Arrow 文件", "an Arrow file"}, convert_chinese, convert_english},
        {{"FEA1"sv, "Feather 文件", "a Feather file", 0, true}, convert_chinese, convert_english},
        {{"Obj\x01"sv, "Avro 文件", "an Avro file"}, convert_chinese, convert_english},
        {{"ORC"sv, "ORC 文件", "an ORC file", 0, true}, convert_chinese, convert_english},
        {{"%PDF-"sv, "PDF 文件", "a PDF file"}, "请提供生成它的表格（.xlsx 或 CSV）", "take the table that it was made from (.xlsx or CSV)"},
        {{"PK\x05\x06"sv, "空的 zip 压缩包", "an empty zip archive"}, unpack_chinese, unpack_english},
        {{"PK\x03\x04"sv, "工作簿或 zip 压缩包", "a workbook or a zip archive"}, "请直接给出文件，不要经管道或再次压缩", "give it as a file, by no pipe and not compressed once more"},
        {{"SQLite format 3\0"sv, "SQLite 数据库", "an SQLite database"}, "请直接给出文件，不要经管道或再次压缩", "give it as a file, by no pipe and not compressed once more"},
        {{"Rar!\x1A\x07"sv, "RAR 压缩包", "a RAR archive"}, unpack_chinese, unpack_english},
        {{"7z\xBC\xAF\x27\x1C"sv, "7z 压缩包", "a 7z archive"}, unpack_chinese, unpack_english},
        {{"\xFD\x37zXZ\0"sv, "xz 压缩文件", "a file compressed with xz"}, unpack_chinese, unpack_english},
        {{"BZh"sv, "bzip2 压缩文件", "a file compressed with bzip2", 0, true}, unpack_chinese, unpack_english},
        {{"\x04\x22\x4D\x18"sv, "lz4 压缩文件", "a file compressed with lz4"}, unpack_chinese, unpack_english},
        {{"ustar"sv, "tar 包", "a tar archive", 257}, unpack_chinese, unpack_english},
        {{"\x89PNG\r\n\x1A\n"sv, "图片（PNG）", "a picture (PNG)"}, picture_chinese, picture_english},
        {{"\xFF\xD8\xFF"sv, "图片（JPEG）", "a picture (JPEG)"}, picture_chinese, picture_english},
        {{"GIF8"sv, "图片（GIF）", "a picture (GIF)", 0, true}, picture_chinese, picture_english},
        {{"BM"sv, "图片（BMP）", "a picture (BMP)", 0, true}, picture_chinese, picture_english},
        {{"II*\0"sv, "图片（TIFF）", "a picture (TIFF)"}, picture_chinese, picture_english},
        {{"MM\0*"sv, "图片（TIFF）", "a picture (TIFF)"}, picture_chinese, picture_english},
        {{"RIFF"sv, "图片（WebP）或音像", "a picture (WebP), sound or film", 0, true}, picture_chinese, picture_english},
    }};
    return all;
}

Problem named(std::string_view chinese, std::string_view english, std::string_view do_chinese, std::string_view do_english) {
    Problem problem = malformed({}, "这是" + std::string(chinese) + "，不能作为企业表读取；" + std::string(do_chinese), "this is " + std::string(english) + ", which is not read as a table of companies; " + std::string(do_english));
    problem.kind = ProblemKind::CannotRead;
    return problem;
}

// Bytes that no text has, in any of the encodings that are read.
bool has_other_than_text(std::string_view bytes) {
    return std::any_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\f' && c != '\x1B' && c != '\x1A'; });
}

// What is between `<` and the first blank or bracket, in small letters.
std::string first_tag(std::string_view text) {
    std::string tag;
    for (std::size_t at = 1; at < text.size() && tag.size() < 16; ++at) {
        const char c = text[at];
        if (c == ' ' || c == '>' || c == '\r' || c == '\n' || c == '\t' || (c == '/' && !tag.empty())) break;
        tag += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return tag;
}

std::optional<Problem> marked_text(std::string_view text) {
    text = without_byte_order_mark(text);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return std::nullopt;
    text.remove_prefix(first);
    constexpr std::string_view open_chinese = "请用Excel或WPS打开后另存为 .xlsx 或 CSV", open_english = "open it in a spreadsheet program and save it as .xlsx or CSV";
    if (text.starts_with("{\\rtf")) return named("RTF 文档", "an RTF document", open_chinese, open_english);
    if (text.starts_with("MIME-Version:")) return named("网页存档（MHTML）", "a web page in an archive (MHTML)", open_chinese, open_english);
    if (text[0] != '<') return std::nullopt;
    const std::string tag = first_tag(text);
    constexpr std::array<std::string_view, 14> of_pages{"!doctype", "html", "head", "body", "meta", "title", "style", "script", "table", "tr", "div", "center", "font", "!--"};
    if (tag == "?xml" && text.find("urn:schemas-microsoft-com:office:spreadsheet") != std::string_view::npos) return named("Excel 2003 的 XML 表格", "an XML spreadsheet of Excel 2003", open_chinese, open_english);
    const bool is_page = std::find(of_pages.begin(), of_pages.end(), tag) != of_pages.end() || (tag == "?xml" && text.find("<html") != std::string_view::npos);
    if (is_page) return named("网页（HTML），即使文件名以 .xls 结尾", "a web page (HTML), whatever its name ends in", open_chinese, open_english);
    if (tag == "?xml") return named("XML 文件", "an XML file", open_chinese, open_english);
    return std::nullopt;
}

}  // namespace

std::optional<Problem> foreign_format(std::string_view begin) {
    if (begin.starts_with(ole)) {
        constexpr std::string_view encrypted = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv;
        if (begin.find(encrypted) != std::string_view::npos) return named("有密码的工作簿", "a workbook with a password", "请去掉密码后另存为 .xlsx 或 CSV", "save it without one, as .xlsx or CSV");
        return named("Excel 97-2003 的工作簿（.xls）或其他旧版Office文件", "a workbook of Excel 97-2003 (.xls) or another file of old Office", save_chinese, save_english);
    }
    constexpr std::size_t near = 64;
    const auto found = std::find_if(kinds().begin(), kinds().end(), [&](const Kind& kind) {
        const bool begins = begin.size() >= kind.sign.at && begin.substr(kind.sign.at).starts_with(kind.sign.begins);
        return begins && (!kind.sign.is_text || has_other_than_text(begin.substr(0, near)));
    });
    if (found != kinds().end()) return named(found->sign.chinese, found->sign.english, found->chinese, found->english);
    return marked_text(begin);
}

}  // namespace eligo::io
