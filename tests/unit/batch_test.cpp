// Columns by way of <eligo/batch.hpp>: a producer that owes nothing to the library's own, every format that is read, offsets and
// slices, what is refused, and that whatever changes hands is released once. Results are those of single checks.
#include <eligo/batch.hpp>
#include <eligo/eligo.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace eligo {
namespace {

using namespace std::chrono_literals;

constexpr const char* rules = R"(vocabulary firm "企业" | "Firm" {
  founded_on : date fixed "成立日期" | "Founded on"
  resident   : bool default true "居民企业" | "Resident"
  staff      : int in 0..1_000 "职工" | "Staff"
  share      : percent in 0%..100% "占比" | "Share"
  assets     : money in -1亿元..1亿元 "资产" | "Assets"
  revenue    : yearly money in 0元..1亿元 "收入" | "Revenue"
  sort       : one of { food "食品" | "Food", tools "工具" | "Tools" } "种类" | "Sort"
  industry   : code gbt4754 "行业" | "Industry"
  claims     : list of claim up to 5 "项目" | "Claims"
}
record claim {
  paid : money in 0元..1亿元 "投入" | "Paid"
}
policy first for firm "甲" | "First" {
  in force 2010-01-01 ..
  require old      founded_on + 12 months <= as_of                    "满一年" | "A year old"    @ "一"
  require small    staff <= 300 and resident                          "规模" | "Size"            @ "二"
  require solvent  assets >= 0元 and share >= 12.5%                    "资产" | "Assets"          @ "三"
  exclude trade    industry in {K, F52}                               "行业" | "Trade"           @ "四"
  benefit support : money = round(revenue[-1] * 1% + sum(c.paid for c in claims), 0.01元) when sort = tools "支持" | "Support" @ "五"
}
policy second for firm "乙" | "Second" {
  in force 2010-01-01 ..
  require grown    revenue[0] >= revenue[-1]                          "增长" | "Grown"           @ "一"
}
)";

// ---- a producer of its own: arrays whose buffers and private data are counted

int alive = 0;

struct Kept {
    std::vector<std::vector<std::uint8_t>> bytes;
    std::vector<const void*> buffers;
    std::vector<ArrowArray> arrays;
    std::vector<ArrowArray*> array_pointers;
    std::vector<ArrowSchema> schemas;
    std::vector<ArrowSchema*> schema_pointers;
    std::string format, name;
    ArrowArray dictionary{};
    ArrowSchema dictionary_schema{};
};

void release_array(ArrowArray* array) {
    auto* const kept = static_cast<Kept*>(array->private_data);
    for (ArrowArray& child : kept->arrays)
        if (child.release != nullptr) child.release(&child);
    if (kept->dictionary.release != nullptr) kept->dictionary.release(&kept->dictionary);
    delete kept;
    array->release = nullptr;
    --alive;
}
void release_schema(ArrowSchema* schema) {
    auto* const kept = static_cast<Kept*>(schema->private_data);
    for (ArrowSchema& child : kept->schemas)
        if (child.release != nullptr) child.release(&child);
    if (kept->dictionary_schema.release != nullptr) kept->dictionary_schema.release(&kept->dictionary_schema);
    delete kept;
    schema->release = nullptr;
    --alive;
}

struct Field {
    ArrowSchema schema{};
    ArrowArray array{};
};

template <class T>
std::vector<std::uint8_t> bytes_of(const std::vector<T>& values) {
    std::vector<std::uint8_t> bytes(values.size() * sizeof(T));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}
std::vector<std::uint8_t> bits(const std::vector<int>& values) {
    std::vector<std::uint8_t> made((values.size() + 7) / 8);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] != 0) made[i / 8] = static_cast<std::uint8_t>(made[i / 8] | 1U << (i % 8));
    return made;
}

// `valid` empty: no nulls. `offset` elements of the buffers come before the first that is meant.
Field field(const std::string& name, const std::string& format, std::int64_t length, std::vector<std::vector<std::uint8_t>> buffers, const std::vector<int>& valid = {}, std::int64_t offset = 0,
            std::vector<Field> children = {}, Field* dictionary = nullptr) {
    Field made;
    auto* const schema = new Kept;
    auto* const array = new Kept;
    schema->format = format;
    schema->name = name;
    array->bytes.push_back(bits(valid));
    for (auto& buffer : buffers) array->bytes.push_back(std::move(buffer));
    for (const auto& buffer : array->bytes) array->buffers.push_back(buffer.data());
    if (valid.empty()) array->buffers[0] = nullptr;
    for (Field& child : children) {
        schema->schemas.push_back(child.schema);
        array->arrays.push_back(child.array);
    }
    for (auto& child : schema->schemas) schema->schema_pointers.push_back(&child);
    for (auto& child : array->arrays) array->array_pointers.push_back(&child);
    if (dictionary != nullptr) {
        schema->dictionary_schema = dictionary->schema;
        array->dictionary = dictionary->array;
    }
    const auto count = static_cast<std::int64_t>(children.size());
    made.schema = {schema->format.c_str(), schema->name.c_str(), nullptr, ARROW_FLAG_NULLABLE, count, schema->schema_pointers.data(), dictionary != nullptr ? &schema->dictionary_schema : nullptr, release_schema, schema};
    made.array = {length, valid.empty() ? 0 : -1, offset, static_cast<std::int64_t>(array->buffers.size()), count, array->buffers.data(), array->array_pointers.data(),
                  dictionary != nullptr ? &array->dictionary : nullptr, release_array, array};
    alive += 2;
    return made;
}

Field texts(const std::string& name, const std::vector<std::string>& values, const std::vector<int>& valid = {}) {
    std::vector<std::int32_t> offsets{0};
    std::string all;
    for (const auto& value : values) {
        all += value;
        offsets.push_back(static_cast<std::int32_t>(all.size()));
    }
    return field(name, "u", static_cast<std::int64_t>(values.size()), {bytes_of(offsets), bytes_of(std::vector<char>(all.begin(), all.end()))}, valid);
}

std::vector<std::int64_t> wide(const std::vector<std::int64_t>& values) {
    std::vector<std::int64_t> words;
    for (const std::int64_t value : values) {
        words.push_back(value);
        words.push_back(value < 0 ? -1 : 0);
    }
    return words;
}

// Four firms, and the same as profiles.
Field four_firms() {
    std::vector<Field> fields;
    fields.push_back(field("founded_on", "tdD", 4, {bytes_of(std::vector<std::int32_t>{-1, 16436, 17532, 16436, 16436})}, {}, 1));  // 2015-01-01, 2018-01-01
    fields.push_back(field("resident", "b", 4, {bits({0, 0, 1, 1, 1, 0})}, {0, 0, 1, 1, 0, 1}, 2));
    fields.push_back(field("staff", "S", 4, {bytes_of(std::vector<std::uint16_t>{10, 300, 301, 9'999})}, {1, 1, 1, 0}));
    fields.push_back(field("share", "d:5,4", 4, {bytes_of(wide({1'250, 1'249, 10'000, 5'000}))}));
    fields.push_back(field("assets", "d:18,2,64", 4, {bytes_of(std::vector<std::int64_t>{-1, 100, 5, 77})}));
    fields.push_back(field("revenue.2017", "l", 4, {bytes_of(std::vector<std::int64_t>{1'000, 2'000, 3'000, 4'001})}));
    fields.push_back(field("revenue.2018", "i", 4, {bytes_of(std::vector<std::int32_t>{1'000, 1'999, 3'001, 0})}, {1, 1, 1, 0}));
    Field sorts = texts("", {"tools", "食品", "never looked at"});
    fields.push_back(field("sort", "c", 4, {bytes_of(std::vector<std::int8_t>{0, 1, 0, 0})}, {}, 0, {}, &sorts));
    fields.push_back(texts("industry", {"C39", "K70", "", "F52"}, {1, 1, 0, 1}));
    std::vector<Field> claim;
    claim.push_back(field("paid", "d:12,2,64", 3, {bytes_of(std::vector<std::int64_t>{150, 250, 1})}));
    std::vector<Field> element;
    element.push_back(field("item", "+s", 3, {}, {}, 0, std::move(claim)));
    fields.push_back(field("claims", "+l", 4, {bytes_of(std::vector<std::int32_t>{0, 2, 2, 3, 3})}, {}, 0, std::move(element)));
    fields.push_back(texts("company_id", {"a", "b", "c", "d"}));
    return field("", "+s", 4, {}, {}, 0, std::move(fields));
}

std::vector<Profile> same_firms(const Pack& pack) {
    const std::vector<std::map<std::string, std::string>> given = {
        {{"founded_on", "2015-01-01"}, {"resident", "true"}, {"staff", "10"}, {"share", "0.125"}, {"assets", "-0.01"}, {"revenue.2017", "1000"}, {"revenue.2018", "1000"}, {"sort", "tools"}, {"industry", "C39"}, {"claims[0].paid", "1.50"}, {"claims[1].paid", "2.50"}},
        {{"founded_on", "2018-01-01"}, {"resident", "true"}, {"staff", "300"}, {"share", "0.1249"}, {"assets", "1"}, {"revenue.2017", "2000"}, {"revenue.2018", "1999"}, {"sort", "food"}, {"industry", "K70"}},
        {{"founded_on", "2015-01-01"}, {"staff", "301"}, {"share", "1"}, {"assets", "0.05"}, {"revenue.2017", "3000"}, {"revenue.2018", "3001"}, {"sort", "tools"}, {"claims[0].paid", "0.01"}},
        {{"founded_on", "2015-01-01"}, {"resident", "false"}, {"share", "0.5"}, {"assets", "0.77"}, {"revenue.2017", "4001"}, {"sort", "tools"}, {"industry", "F52"}},
    };
    std::vector<Profile> profiles;
    for (std::size_t row = 0; row < given.size(); ++row) {
        Profile profile = pack.profile("firm");
        for (const auto& [key, value] : given[row]) EXPECT_TRUE(profile.set(key, value).ok()) << key;
        if (row == 1 || row == 3) {
            EXPECT_TRUE(profile.set_list("claims", 0).ok());
        }
        profiles.push_back(std::move(profile));
    }
    return profiles;
}

Pack pack_of_rules() {
    const Compiled compiled = compile({{"rules.policy", rules}});
    EXPECT_TRUE(compiled.ok());
    for (const auto& diagnostic : compiled.diagnostics) std::printf("%s\n", diagnostic.text_english.c_str());
    return *compiled.pack;
}

constexpr std::string_view both[] = {"first", "second"};

Result<bool> run(Screening& screening, Field& given, Field& results) { return screening.run(&given.schema, &given.array, &results.schema, &results.array); }

std::string_view verdict_at(const ArrowArray& array, std::int64_t row) {
    const auto index = static_cast<const std::int8_t*>(array.buffers[1])[row];
    const auto* const offsets = static_cast<const std::int32_t*>(array.dictionary->buffers[1]);
    return {static_cast<const char*>(array.dictionary->buffers[2]) + offsets[index], static_cast<std::size_t>(offsets[index + 1] - offsets[index])};
}
bool valid_at(const ArrowArray& array, std::int64_t row) { return (static_cast<const std::uint8_t*>(array.buffers[0])[row / 8] >> (row % 8) & 1) != 0; }

TEST(Batch, gives_what_single_checks_give) {
    const Pack pack = pack_of_rules();
    auto screening = Screening::make(pack, both, {.as_of = 2018y / 6 / 1}).value();
    Field given = four_firms(), results;
    ASSERT_TRUE(run(screening, given, results).has_value());
    EXPECT_EQ(given.schema.release, nullptr);
    EXPECT_EQ(given.array.release, nullptr);
    EXPECT_EQ(alive, 0) << "what was taken over was not released, or twice";
    ASSERT_EQ(results.array.n_children, 3);
    EXPECT_STREQ(results.schema.format, "+s");
    EXPECT_STREQ(results.schema.children[0]->name, "first");
    EXPECT_STREQ(results.schema.children[1]->name, "first.support");
    EXPECT_STREQ(results.schema.children[1]->format, "d:38,2");
    EXPECT_STREQ(results.schema.children[2]->name, "second");
    const auto profiles = same_firms(pack);
    Policy first = pack.policy("first"), second = pack.policy("second");
    std::string verdicts;
    for (std::size_t row = 0; row < profiles.size(); ++row) {
        const auto at = static_cast<std::int64_t>(row);
        const auto one = first.check(profiles[row], {.as_of = 2018y / 6 / 1}), two = second.check(profiles[row], {.as_of = 2018y / 6 / 1});
        EXPECT_EQ(verdict_at(*results.array.children[0], at), name_of(one.verdict())) << row;
        EXPECT_EQ(verdict_at(*results.array.children[2], at), name_of(two.verdict())) << row;
        verdicts += std::string(name_of(one.verdict())) + " ";
        const auto amount = one.benefit("support");
        const bool settled = one.gives("support") == Truth::True && amount && !amount->open;
        EXPECT_EQ(valid_at(*results.array.children[1], at), settled) << row;
        if (settled) {
            EXPECT_EQ(static_cast<const std::int64_t*>(results.array.children[1]->buffers[1])[2 * row], *amount->low_fen) << row;
        }
    }
    EXPECT_EQ(verdicts, "ineligible ineligible ineligible ineligible ");
    results.schema.release(&results.schema);
    results.array.release(&results.array);
    EXPECT_EQ(results.array.release, nullptr);
}

// The same columns with another answer each: rows of a slice, a child moved out before its parent goes.
TEST(Batch, reads_slices_and_lets_children_be_moved_away) {
    const Pack pack = pack_of_rules();
    auto screening = Screening::make(pack, both, {.as_of = 2018y / 6 / 1}).value();
    std::vector<Field> fields;
    fields.push_back(field("founded_on", "tdD", 3, {bytes_of(std::vector<std::int32_t>{0, 16436, 16436})}));
    fields.push_back(field("staff", "c", 3, {bytes_of(std::vector<std::int8_t>{100, 7, 8})}));
    fields.push_back(field("share", "C", 3, {bytes_of(std::vector<std::uint8_t>{0, 1, 1})}));
    fields.push_back(field("assets", "I", 3, {bytes_of(std::vector<std::uint32_t>{0, 5, 6})}));
    fields.push_back(field("revenue.2017", "s", 3, {bytes_of(std::vector<std::int16_t>{1, 200, 300})}));
    fields.push_back(texts("sort", {"food", "tools", "tools"}));
    fields.push_back(texts("industry", {"C39", "C39", "C39"}));
    std::vector<Field> claim, element;
    claim.push_back(field("paid", "C", 2, {bytes_of(std::vector<std::uint8_t>{9, 4})}));
    element.push_back(field("item", "+s", 2, {}, {}, 0, std::move(claim)));
    fields.push_back(field("claims", "+L", 3, {bytes_of(std::vector<std::int64_t>{0, 1, 2, 2})}, {1, 1, 0}, 0, std::move(element)));
    Field given = field("", "+s", 2, {}, {}, 1, std::move(fields)), results;
    const auto done = run(screening, given, results);
    ASSERT_TRUE(done.has_value());
    EXPECT_EQ(alive, 0);
    EXPECT_EQ(verdict_at(*results.array.children[0], 0), "eligible");
    EXPECT_EQ(verdict_at(*results.array.children[0], 1), "eligible");
    EXPECT_EQ(verdict_at(*results.array.children[2], 0), "undetermined");
    ArrowArray moved = *results.array.children[1];
    results.array.children[1]->release = nullptr;
    results.schema.release(&results.schema);
    results.array.release(&results.array);
    EXPECT_TRUE(valid_at(moved, 0));
    EXPECT_EQ(static_cast<const std::int64_t*>(moved.buffers[1])[0], 200 + 400);
    EXPECT_FALSE(valid_at(moved, 1)) << "the claims of the second firm are not known";
    EXPECT_EQ(moved.null_count, 1);
    moved.release(&moved);
}

TEST(Batch, says_which_fields_it_reads) {
    const Pack pack = pack_of_rules();
    const auto fields = Screening::make(pack, both, {.as_of = 2018y / 6 / 1}).value().fields();
    for (const char* const name : {"founded_on", "revenue.2017", "revenue.2018", "claims", "claims[].paid"}) EXPECT_NE(std::find(fields.begin(), fields.end(), name), fields.end()) << name;
}

// Views of texts: up to 12 bytes where they are, more in one of the buffers behind them.
Field viewed(const std::string& name, const std::vector<std::string>& values, const std::vector<int>& valid = {}) {
    std::vector<std::uint8_t> views(values.size() * 16);
    std::vector<std::uint8_t> long_ones[2];
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto size = static_cast<std::int32_t>(values[i].size());
        std::memcpy(&views[i * 16], &size, 4);
        std::memcpy(&views[i * 16 + 4], values[i].data(), values[i].size() <= 12 ? values[i].size() : 4);
        if (values[i].size() <= 12) continue;
        auto& bytes = long_ones[i % 2];
        const auto buffer = static_cast<std::int32_t>(i % 2), offset = static_cast<std::int32_t>(bytes.size());
        std::memcpy(&views[i * 16 + 8], &buffer, 4);
        std::memcpy(&views[i * 16 + 12], &offset, 4);
        bytes.insert(bytes.end(), values[i].begin(), values[i].end());
    }
    const std::vector<std::int64_t> sizes{static_cast<std::int64_t>(long_ones[0].size()), static_cast<std::int64_t>(long_ones[1].size())};
    return field(name, "vu", static_cast<std::int64_t>(values.size()), {views, long_ones[0], long_ones[1], bytes_of(sizes)}, valid);
}

TEST(Batch, reads_views_of_texts) {
    const Compiled compiled = compile({{"rules.policy", R"(vocabulary firm "企业" | "Firm" {
  region : text "地区" | "Region"
}
policy here for firm "甲" | "Here" {
  in force 2010-01-01 ..
  require here region = "a text of more than twelve bytes" or region = "twelve bytes" or region = "" "地区" | "Region" @ "一"
}
)"}});
    ASSERT_TRUE(compiled.ok());
    constexpr std::string_view here[] = {"here"};
    auto screening = Screening::make(*compiled.pack, here, {.as_of = 2018y / 6 / 1}).value();
    std::vector<Field> fields;
    fields.push_back(viewed("region", {"a text of more than twelve bytes", "another text of more than twelve bytes", "a text of more than twelve bytes", "twelve bytes", "twelve byteS", "", "a text of more than twelve bytes"},
                            {1, 1, 1, 1, 1, 1, 0}));
    Field given = field("", "+s", 7, {}, {}, 0, std::move(fields)), results;
    ASSERT_TRUE(run(screening, given, results).has_value());
    std::string verdicts;
    for (std::int64_t row = 0; row < 7; ++row) verdicts += std::string(verdict_at(*results.array.children[0], row)) + " ";
    EXPECT_EQ(verdicts, "eligible ineligible eligible eligible ineligible eligible undetermined ");
    results.schema.release(&results.schema);
    results.array.release(&results.array);
}

// Nulls that nobody has counted: a bitmap says whether there are any.
TEST(Batch, looks_for_nulls_among_rows_and_elements) {
    const Pack pack = pack_of_rules();
    const auto told = [&](const std::vector<int>& rows, const std::vector<int>& elements) {
        auto screening = Screening::make(pack, both, {.as_of = 2018y / 6 / 1}).value();
        std::vector<Field> claim, element, fields;
        claim.push_back(field("paid", "C", 2, {bytes_of(std::vector<std::uint8_t>{9, 4})}));
        element.push_back(field("item", "+s", 2, {}, elements, 0, std::move(claim)));
        fields.push_back(field("claims", "+l", 2, {bytes_of(std::vector<std::int32_t>{0, 1, 2})}, {}, 0, std::move(element)));
        Field given = field("", "+s", 2, {}, rows, 0, std::move(fields)), results;
        const auto done = run(screening, given, results);
        EXPECT_EQ(alive, 0);
        if (!done) return done.error().english;
        results.schema.release(&results.schema);
        results.array.release(&results.array);
        return std::string();
    };
    EXPECT_EQ(told({1, 1}, {1, 1}), "");
    EXPECT_EQ(told({1, 0}, {1, 1}), "rows cannot be null");
    EXPECT_EQ(told({1, 1}, {1, 0}), "claims: elements cannot be null");
}

// An array without rows may have no buffers either.
TEST(Batch, takes_no_rows_at_all) {
    const Pack pack = pack_of_rules();
    auto screening = Screening::make(pack, both, {.as_of = 2018y / 6 / 1}).value();
    std::vector<Field> claim, element, fields;
    claim.push_back(field("paid", "d:12,2", 0, {{}}));
    element.push_back(field("item", "+s", 0, {}, {}, 0, std::move(claim)));
    fields.push_back(field("claims", "+l", 0, {{}}, {}, 0, std::move(element)));
    fields.push_back(field("staff", "i", 0, {{}}));
    fields.push_back(field("sort", "u", 0, {{}, {}}));
    fields.push_back(field("resident", "b", 0, {{}}));
    Field given = field("", "+s", 0, {}, {}, 0, std::move(fields)), results;
    ASSERT_TRUE(run(screening, given, results).has_value());
    EXPECT_EQ(results.array.length, 0);
    EXPECT_EQ(results.array.n_children, 3);
    results.schema.release(&results.schema);
    results.array.release(&results.array);
}

// One field against the rules: the error's English text.
std::string refusal(Field given_field) {
    static const Pack pack = pack_of_rules();
    auto screening = Screening::make(pack, both, {.as_of = 2018y / 6 / 1}).value();
    std::vector<Field> fields;
    fields.push_back(given_field);
    Field given = field("", "+s", given_field.array.length, {}, {}, 0, std::move(fields)), results;
    const auto done = run(screening, given, results);
    EXPECT_EQ(alive, 0) << "released on errors too";
    if (!done) return done.error().english;
    results.schema.release(&results.schema);
    results.array.release(&results.array);
    return "";
}

TEST(Batch, refuses_what_it_cannot_read_exactly) {
    EXPECT_EQ(refusal(field("staff", "g", 1, {bytes_of(std::vector<double>{1.5})})), "staff: a format that is not read here: g");
    EXPECT_EQ(refusal(field("stuff", "i", 1, {bytes_of(std::vector<std::int32_t>{1})})), "stuff: no such fact");
    EXPECT_EQ(refusal(field("staff.2017", "i", 1, {bytes_of(std::vector<std::int32_t>{1})})), "staff.2017: no such fact");
    EXPECT_EQ(refusal(field("staff", "i", 2, {bytes_of(std::vector<std::int32_t>{1'000, 1'001})})), "staff[1]: expected a whole number from 0 to 1000");
    EXPECT_EQ(refusal(field("assets", "d:18,3,64", 1, {bytes_of(std::vector<std::int64_t>{1})})), "assets: more decimals than the fact has");
    EXPECT_EQ(refusal(field("founded_on", "i", 1, {bytes_of(std::vector<std::int32_t>{1})})), "founded_on: expected dates (tdD)");
    EXPECT_EQ(refusal(texts("sort", {"tools", "nothing"})), "sort[1]: expected one of food, tools, found \"nothing\"");
    EXPECT_EQ(refusal(field("fiscal_year", "i", 1, {bytes_of(std::vector<std::int32_t>{17})})), "fiscal_year[0]: expected a fiscal year from 1900 to 2199");
    EXPECT_EQ(refusal(field("claims", "+vl", 1, {bytes_of(std::vector<std::int32_t>{0}), bytes_of(std::vector<std::int32_t>{0})})), "claims: expected a list of structs (+l or +L)");
    Field sorts = texts("", {"tools", ""}, {1, 0});
    EXPECT_EQ(refusal(field("sort", "c", 2, {bytes_of(std::vector<std::int8_t>{0, 1})}, {}, 0, {}, &sorts)), "sort[1]: a null of the dictionary");
    EXPECT_EQ(refusal(field("staff", "i", 1, {bytes_of(std::vector<std::int32_t>{5})})), "");
}

// Where a text begins and ends is anything, as far as the interface goes; what it can be held against is held against that.
TEST(Batch, refuses_texts_that_leave_their_buffer) {
    const auto placed = [](const std::vector<std::int32_t>& offsets) {
        const std::string all = "toolsfood";
        return refusal(field("sort", "u", static_cast<std::int64_t>(offsets.size()) - 1, {bytes_of(offsets), bytes_of(std::vector<char>(all.begin(), all.end()))}));
    };
    EXPECT_EQ(placed({0, 5, 9}), "");
    EXPECT_EQ(placed({0, 5, 0}), "sort[1]: a text that leaves its buffer");
    EXPECT_EQ(placed({-4, 0}), "sort[0]: a text that leaves its buffer");
    const auto seen = [](std::int32_t size, std::int32_t buffer, std::int32_t offset) {
        const std::string all = "a text that is no sort of firm";
        return refusal(field("sort", "vu", 1, {bytes_of(std::vector<std::int32_t>{size, 0, buffer, offset}), bytes_of(std::vector<char>(all.begin(), all.end())), bytes_of(std::vector<std::int64_t>{30})}));
    };
    EXPECT_EQ(seen(28, 0, 2), "sort[0]: expected one of food, tools, found \"text that is no sort of firm\"");
    for (const std::string& refused : {seen(31, 0, 0), seen(28, 0, 3), seen(28, 1, 0), seen(28, -1, 0), seen(28, 0, -1), seen(-1, 0, 0)}) EXPECT_EQ(refused, "sort[0]: a text that leaves its buffer");
}

TEST(Batch, refuses_a_fact_that_is_given_twice) {
    const Pack pack = pack_of_rules();
    auto screening = Screening::make(pack, both, {.as_of = 2018y / 6 / 1}).value();
    std::vector<Field> fields;
    for (const std::int32_t staff : {5, 6}) fields.push_back(field("staff", "i", 1, {bytes_of(std::vector<std::int32_t>{staff})}));
    Field given = field("", "+s", 1, {}, {}, 0, std::move(fields)), results;
    EXPECT_EQ(run(screening, given, results).error().english, "staff: is given twice");
    EXPECT_EQ(alive, 0);
}

// Each kind in its own format, and decimals as wide as what may come.
TEST(Batch, gives_benefits_in_the_format_of_their_kind) {
    const Compiled compiled = compile({{"rules.policy", R"(vocabulary firm "企业" | "Firm" {
  fair  : bool "好" | "Good"
  since : date "日期" | "On"
  trade : one of { food "食品" | "Food", tools "工具" | "Tools" } "种类" | "Sort"
  field : code gbt4754 "行业" | "Industry"
  large : int in -1_000_000_000_000_000_000 .. 1_000_000_000_000_000_000 "大数" | "Large"
  other : int in -1_000_000_000_000_000_000 .. 1_000_000_000_000_000_000 "另一大数" | "Other"
}
policy all for firm "甲" | "All" {
  in force 2010-01-01 ..
  require any true "总是" | "Always" @ "一"
  benefit good   : bool = fair "好" | "Good"
  benefit on     : date = since "日期" | "On"
  benefit sort   : one of { food "食品" | "Food", tools "工具" | "Tools" } = trade "种类" | "Sort"
  benefit code   : code gbt4754 = field "行业" | "Industry"
  benefit narrow : number = large / 1048576 "窄" | "Narrow"
  benefit wide   : number = large * other / 1048576 "宽" | "Wide"
}
policy fine for firm "乙" | "Fine" {
  in force 2010-01-01 ..
  require any true "总是" | "Always" @ "一"
  benefit finest : number = large * other / 4611686018427387904 "最细" | "Finest"
}
)"}});
    ASSERT_TRUE(compiled.ok());
    constexpr std::string_view all[] = {"all"}, fine[] = {"fine"};
    EXPECT_EQ(Screening::make(*compiled.pack, fine, {.as_of = 2018y / 6 / 1}).error().english, "fine.finest: may have more than 76 digits, more than a column of decimals holds");
    auto screening = Screening::make(*compiled.pack, all, {.as_of = 2018y / 6 / 1}).value();
    std::vector<Field> fields;
    fields.push_back(field("fair", "b", 3, {bits({1, 0, 1})}, {1, 1, 0}));
    fields.push_back(field("since", "tdD", 3, {bytes_of(std::vector<std::int32_t>{16436, -1, 0})}, {1, 1, 0}));
    fields.push_back(texts("trade", {"tools", "food", ""}, {1, 1, 0}));
    fields.push_back(texts("field", {"C39", "K70", ""}, {1, 1, 0}));
    fields.push_back(field("large", "l", 3, {bytes_of(std::vector<std::int64_t>{-1'000'000'000'000'000'000, 1, 0})}, {1, 1, 0}));
    fields.push_back(field("other", "l", 3, {bytes_of(std::vector<std::int64_t>{999'999'999'999'999'999, -1, 0})}, {1, 1, 0}));
    Field given = field("", "+s", 3, {}, {}, 0, std::move(fields)), results;
    ASSERT_TRUE(run(screening, given, results).has_value());
    const auto& columns = results.array.children;
    const auto format = [&](std::size_t i) { return std::string(results.schema.children[i]->format); };
    EXPECT_EQ(format(1) + " " + format(2) + " " + format(3) + " " + format(4) + " " + format(5) + " " + format(6), "b tdD u u d:38,20 d:76,20,256");
    for (std::size_t i = 1; i <= 6; ++i) {
        EXPECT_EQ(columns[i]->null_count, 1) << i;
        EXPECT_TRUE(valid_at(*columns[i], 0) && valid_at(*columns[i], 1) && !valid_at(*columns[i], 2)) << i;
    }
    EXPECT_EQ(static_cast<const std::uint8_t*>(columns[1]->buffers[1])[0], 1);
    EXPECT_EQ(static_cast<const std::int32_t*>(columns[2]->buffers[1])[1], -1);
    const auto text = [&](std::size_t i, std::size_t row) {
        const auto* const offsets = static_cast<const std::int32_t*>(columns[i]->buffers[1]);
        return std::string(static_cast<const char*>(columns[i]->buffers[2]) + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row]));
    };
    EXPECT_EQ(text(3, 0) + " " + text(3, 1) + " " + text(4, 0) + " " + text(4, 1) + " " + text(4, 2), "tools food C39 K70 ");
    // -1 / 2^20 is -95,367,431,640,625 / 10^20: in 256 bits, the lowest first.
    const auto* const wide = static_cast<const std::int64_t*>(columns[6]->buffers[1]) + 4;
    EXPECT_EQ(std::vector<std::int64_t>(wide, wide + 4), (std::vector<std::int64_t>{-95'367'431'640'625, -1, -1, -1}));
    const auto* const narrow = static_cast<const std::int64_t*>(columns[5]->buffers[1]) + 2;
    EXPECT_EQ(std::vector<std::int64_t>(narrow, narrow + 2), (std::vector<std::int64_t>{95'367'431'640'625, 0}));
    results.schema.release(&results.schema);
    results.array.release(&results.array);
    EXPECT_EQ(alive, 0);
}

TEST(Batch, refuses_policies_that_are_not_there) {
    const Pack pack = pack_of_rules();
    constexpr std::string_view none[] = {"third"};
    EXPECT_EQ(Screening::make(pack, none, {.as_of = 2018y / 6 / 1}).error().english, "third: no such policy");
    EXPECT_FALSE(Screening::make(pack, both, {.as_of = 1800y / 6 / 1}).has_value());
    EXPECT_FALSE(Screening::make(pack, {}, {.as_of = 2018y / 6 / 1}).has_value());
}

}  // namespace
}  // namespace eligo
