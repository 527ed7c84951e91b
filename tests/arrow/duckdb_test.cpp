// Columns of a producer that is not ours, by way of <eligo/batch.hpp>: DuckDB makes firms of every kind of fact and hands them over as
// Arrow's structures; they are screened where they lie, and row by row the results are those of single checks of the same values, which
// DuckDB spells out as text. Then DuckDB reads the results, where they lie, and counts them.
// `.ci/duckdb` fetches the library; ELIGO_DUCKDB names another. Without one all of this is skipped, and says so.
// Broken when: a layout that others use is misread, or ours is one that others misread.
#include <eligo/batch.hpp>
#include <eligo/eligo.hpp>

#include <gtest/gtest.h>

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace eligo {
namespace {

using namespace std::chrono_literals;

// ---- what is used of DuckDB's C interface, as its header declares it

struct DuckResult {
    std::uint64_t columns, rows, changed;
    void* data;
    char* message;
    void* internal;
};
using DuckHandle = void*;

struct Duck {
    int (*open)(const char* path, DuckHandle* database);
    void (*close)(DuckHandle* database);
    int (*connect)(DuckHandle database, DuckHandle* connection);
    void (*disconnect)(DuckHandle* connection);
    int (*query)(DuckHandle connection, const char* sql, DuckResult* result);
    void (*destroy_result)(DuckResult* result);
    const char* (*result_error)(DuckResult* result);
    std::uint64_t (*row_count)(DuckResult* result);
    std::uint64_t (*column_count)(DuckResult* result);
    const char* (*column_name)(DuckResult* result, std::uint64_t column);
    char* (*value_varchar)(DuckResult* result, std::uint64_t column, std::uint64_t row);
    void (*free)(void* memory);
    int (*query_arrow)(DuckHandle connection, const char* sql, DuckHandle* result);
    int (*query_arrow_schema)(DuckHandle result, ArrowSchema** schema);
    int (*query_arrow_array)(DuckHandle result, ArrowArray** array);
    const char* (*query_arrow_error)(DuckHandle result);
    void (*destroy_arrow)(DuckHandle* result);
    int (*arrow_array_scan)(DuckHandle connection, const char* view, ArrowSchema* schema, ArrowArray* array, DuckHandle* stream);
    void (*destroy_arrow_stream)(DuckHandle* stream);
};

// nullptr: there is none. It stays loaded.
const Duck* duck() {
    static const Duck* const found = []() -> const Duck* {
        const char* const named = std::getenv("ELIGO_DUCKDB");
        void* const library = dlopen(named != nullptr ? named : ELIGO_DUCKDB_LIBRARY, RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) return nullptr;
        static Duck made;
        bool all = true;
        const auto find = [&]<class Function>(Function*& function, const char* name) {
            function = reinterpret_cast<Function*>(dlsym(library, name));
            all = all && function != nullptr;
        };
        find(made.open, "duckdb_open");
        find(made.close, "duckdb_close");
        find(made.connect, "duckdb_connect");
        find(made.disconnect, "duckdb_disconnect");
        find(made.query, "duckdb_query");
        find(made.destroy_result, "duckdb_destroy_result");
        find(made.result_error, "duckdb_result_error");
        find(made.row_count, "duckdb_row_count");
        find(made.column_count, "duckdb_column_count");
        find(made.column_name, "duckdb_column_name");
        find(made.value_varchar, "duckdb_value_varchar");
        find(made.free, "duckdb_free");
        find(made.query_arrow, "duckdb_query_arrow");
        find(made.query_arrow_schema, "duckdb_query_arrow_schema");
        find(made.query_arrow_array, "duckdb_query_arrow_array");
        find(made.query_arrow_error, "duckdb_query_arrow_error");
        find(made.destroy_arrow, "duckdb_destroy_arrow");
        find(made.arrow_array_scan, "duckdb_arrow_array_scan");
        find(made.destroy_arrow_stream, "duckdb_destroy_arrow_stream");
        return all ? &made : nullptr;
    }();
    return found;
}

// A value as DuckDB writes it; nothing for NULL.
using Text = std::optional<std::string>;
struct Table {
    std::vector<std::string> names;
    std::vector<std::vector<Text>> rows;
};

// ---- firms: every kind of fact, NULLs, and more rows than DuckDB puts into one array

constexpr const char* rules = R"(vocabulary firm "企业" | "Firm" {
  founded_on : date fixed "成立日期" | "Founded on"
  resident   : bool default true "居民企业" | "Resident"
  staff      : int in 0..1_000 "职工" | "Staff"
  share      : percent in 0%..100% "占比" | "Share"
  assets     : money in -1亿元..1亿元 "资产" | "Assets"
  revenue    : yearly money in 0元..1亿元 "收入" | "Revenue"
  sort       : one of { food "食品" | "Food", tools "工具" | "Tools", toys "玩具" | "Toys" } "种类" | "Sort"
  industry   : code gbt4754 "行业" | "Industry"
  region     : text "地区" | "Region"
  claims     : list of claim up to 5 "项目" | "Claims"
}
record claim {
  paid    : money in 0元..1亿元 "投入" | "Paid"
  paid_on : date "投入日" | "Paid on"
}
policy first for firm "甲" | "First" {
  in force 2010-01-01 ..
  require old      founded_on + 12 months <= as_of                    "满一年" | "A year old"    @ "一"
  require small    staff <= 300 and resident                          "规模" | "Size"            @ "二"
  require solvent  assets >= 0元 and share >= 12.5%                    "资产" | "Assets"          @ "三"
  exclude trade    industry in {K, F52}                               "行业" | "Trade"           @ "四"
  benefit support : money = round(revenue[-1] * 1% + sum(c.paid for c in claims where c.paid_on >= 2015-01-01), 0.01元) when sort = tools "支持" | "Support" @ "五"
  benefit since : date = founded_on + 24 months "起始" | "Since" @ "六"
}
policy second for firm "乙" | "Second" {
  in force 2010-01-01 ..
  require grown    revenue[0] >= revenue[-1]                          "增长" | "Grown"           @ "一"
  require here     region = "上海市浦东新区张江高科技园区" or region = "上海" "地区" | "Region"     @ "二"
}
)";
constexpr std::string_view policies[] = {"first", "second"};
const Question question{.as_of = 2018y / 6 / 1};

// Regions longer and shorter than the 12 bytes that a view of a text holds; a HUGEINT; lists that are empty, NULL, or have elements with NULLs.
constexpr const char* make_firms = R"(CREATE TABLE firms AS SELECT
  'C' || i AS company_id,
  CASE WHEN i % 11 = 0 THEN NULL ELSE DATE '2012-01-01' + (i * 7919 % 2500)::INTEGER END AS founded_on,
  CASE WHEN i % 5 = 0 THEN NULL ELSE i % 7 <> 0 END AS resident,
  CASE WHEN i % 17 = 0 THEN NULL ELSE (i * 31 % 500)::SMALLINT END AS staff,
  CASE WHEN i % 19 = 0 THEN NULL ELSE (i * 37 % 1001)::DECIMAL(8,4) / 1000 END::DECIMAL(5,4) AS share,
  CASE WHEN i % 23 = 0 THEN NULL ELSE (i * 41 % 5000 - 1000)::DECIMAL(18,2) / 100 END::DECIMAL(18,2) AS assets,
  CASE WHEN i % 13 = 0 THEN NULL ELSE (i * 43 % 100000)::HUGEINT END AS "revenue.2017",
  CASE WHEN i % 29 = 0 THEN NULL ELSE (i * 47 % 100000 + 500)::DECIMAL(9,1) END AS "revenue.2018",
  CASE WHEN i % 31 = 0 THEN NULL ELSE CASE WHEN i % 3 = 0 THEN 'food' WHEN i % 3 = 1 THEN 'tools' ELSE 'toys' END END::ENUM ('toys', 'unused', 'food', 'tools') AS sort,
  CASE WHEN i % 37 = 0 THEN NULL WHEN i % 9 = 0 THEN 'K70' WHEN i % 10 = 0 THEN 'F52' ELSE 'C39' END AS industry,
  CASE WHEN i % 6 = 0 THEN NULL WHEN i % 4 = 0 THEN '上海' WHEN i % 4 = 1 THEN '上海市浦东新区张江高科技园区' WHEN i % 4 = 2 THEN '' ELSE '北京市海淀区中关村大街一号院' || i END AS region,
  CASE WHEN i % 12 = 0 THEN NULL ELSE list_transform(range(i % 5), x -> {
    'paid': CASE WHEN (i + x) % 40 = 0 THEN NULL ELSE ((i * 53 + x * 7) % 90000)::DECIMAL(12,2) / 100 END::DECIMAL(12,2),
    'paid_on': CASE WHEN (i + x) % 50 = 1 THEN NULL ELSE DATE '2013-01-01' + (i * 59 + x * 400)::INTEGER % 2000 END}) END AS claims
FROM range(5000) t(i))";
constexpr std::size_t firm_count = 5000;

// What one firm came to under both policies.
struct Outcome {
    std::string first, second;
    std::optional<std::int64_t> support, since;  // fen; days since 1970
    bool operator==(const Outcome&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    return out << outcome.first << " " << outcome.second << " " << outcome.support.value_or(-1) << " " << outcome.since.value_or(-1);
}

std::int64_t days_of(const std::string& date) {
    int year = 0, month = 0, day = 0;
    EXPECT_EQ(std::sscanf(date.c_str(), "%d-%d-%d", &year, &month, &day), 3) << date;
    return std::chrono::sys_days(std::chrono::year{year} / month / day).time_since_epoch().count();
}

class DuckDb : public testing::Test {
protected:
    void SetUp() override {
        if (duck() == nullptr) GTEST_SKIP() << "no DuckDB at " << ELIGO_DUCKDB_LIBRARY << ": .ci/duckdb fetches it, ELIGO_DUCKDB names another";
        ASSERT_EQ(duck()->open(nullptr, &database_), 0);
        ASSERT_EQ(duck()->connect(database_, &connection_), 0);
        const Compiled compiled = compile({{"rules.policy", rules}});
        for (const auto& diagnostic : compiled.diagnostics) std::printf("%s\n", diagnostic.text_english.c_str());
        ASSERT_TRUE(compiled.ok());
        pack_ = std::make_unique<Pack>(*compiled.pack);
        run("SET enable_progress_bar=false");
        run(make_firms);
    }
    void TearDown() override {
        if (connection_ != nullptr) duck()->disconnect(&connection_);
        if (database_ != nullptr) duck()->close(&database_);
    }

    Table run(const std::string& sql) {
        Table table;
        DuckResult result{};
        EXPECT_EQ(duck()->query(connection_, sql.c_str(), &result), 0) << sql << "\n" << (duck()->result_error(&result) != nullptr ? duck()->result_error(&result) : "");
        for (std::uint64_t column = 0; column < duck()->column_count(&result); ++column) table.names.emplace_back(duck()->column_name(&result, column));
        table.rows.resize(duck()->row_count(&result));
        for (std::uint64_t row = 0; row < table.rows.size(); ++row)
            for (std::uint64_t column = 0; column < table.names.size(); ++column) {
                char* const text = duck()->value_varchar(&result, column, row);
                table.rows[row].push_back(text == nullptr ? Text{} : Text{text});
                duck()->free(text);
            }
        duck()->destroy_result(&result);
        return table;
    }

    // The firms one by one, from what DuckDB writes as text.
    std::vector<Outcome> checked() {
        std::vector<Profile> profiles;
        const Table firms = run(R"(SELECT COLUMNS(* EXCLUDE (claims))::VARCHAR, len(claims)::VARCHAR AS claims FROM firms)");
        const Table claims = run(R"(SELECT company_id, (k - 1)::VARCHAR, claims[k].paid::VARCHAR, claims[k].paid_on::VARCHAR FROM firms, range(1, 6) r(k) WHERE k <= len(claims))");
        std::map<std::string, std::size_t> by_id;
        for (const auto& row : firms.rows) {
            Profile& profile = profiles.emplace_back(pack_->profile("firm"));
            by_id[*row[0]] = profiles.size() - 1;
            for (std::size_t i = 1; i < row.size(); ++i) {
                if (!row[i]) continue;
                const Status done = firms.names[i] == "claims" ? profile.set_list("claims", std::stoul(*row[i])) : profile.set(firms.names[i], *row[i]);
                EXPECT_TRUE(done.ok()) << firms.names[i] << " " << *row[i];
            }
        }
        for (const auto& row : claims.rows) {
            Profile& profile = profiles[by_id.at(*row[0])];
            const std::string claim = "claims[" + *row[1] + "].";
            EXPECT_TRUE(!row[2] || profile.set(claim + "paid", *row[2]).ok());
            EXPECT_TRUE(!row[3] || profile.set(claim + "paid_on", *row[3]).ok());
        }
        Policy first = pack_->policy("first"), second = pack_->policy("second");
        std::vector<Outcome> outcomes;
        for (const Profile& profile : profiles) {
            const auto one = first.check(profile, question);
            Outcome outcome{std::string(name_of(one.verdict())), std::string(name_of(second.check(profile, question).verdict())), {}, {}};
            if (const auto amount = one.benefit("support"); amount && one.gives("support") == Truth::True && !amount->open) outcome.support = amount->low_fen;
            if (const auto day = one.benefit("since"); day && one.gives("since") == Truth::True && !day->open) outcome.since = days_of(day->low);
            outcomes.push_back(outcome);
        }
        return outcomes;
    }

    // The arrays of a query; each is handed to `use` with a schema of its own, and is then `use`'s.
    template <class Use>
    void each_array(const std::string& sql, Use use) {
        DuckHandle result = nullptr;
        ASSERT_EQ(duck()->query_arrow(connection_, sql.c_str(), &result), 0) << duck()->query_arrow_error(result);
        for (;;) {
            ArrowArray array{};
            ArrowArray* to = &array;
            ASSERT_EQ(duck()->query_arrow_array(result, &to), 0);
            if (array.release == nullptr) break;
            ArrowSchema schema{};
            ArrowSchema* described = &schema;
            ASSERT_EQ(duck()->query_arrow_schema(result, &described), 0);
            use(schema, array);
        }
        duck()->destroy_arrow(&result);
    }

    std::string formats(const std::string& sql) {
        std::string all;
        each_array(sql, [&](ArrowSchema& schema, ArrowArray& array) {
            all.clear();
            for (std::int64_t i = 0; i < schema.n_children; ++i) all += std::string(schema.children[i]->name) + " " + schema.children[i]->format + (schema.children[i]->dictionary != nullptr ? "*, " : ", ");
            schema.release(&schema);
            array.release(&array);
        });
        return all;
    }

    // Screens the table, from some row of each array on, and has DuckDB read the results into the table `results`.
    void screen(const std::string& sql, std::int64_t from, std::size_t& arrays) {
        auto made = Screening::make(*pack_, policies, question);
        ASSERT_TRUE(made.has_value());
        run("CREATE OR REPLACE TABLE results (first VARCHAR, support DECIMAL(38,2), since DATE, second VARCHAR)");
        each_array(sql, [&](ArrowSchema& schema, ArrowArray& array) {
            array.offset += from;
            array.length -= from;
            ArrowSchema out_schema{};
            ArrowArray out_array{};
            const auto done = made.value().run(&schema, &array, &out_schema, &out_array);
            ASSERT_TRUE(done.has_value()) << done.error().english;
            EXPECT_EQ(schema.release, nullptr);
            EXPECT_EQ(array.release, nullptr);
            DuckHandle stream = nullptr;
            ASSERT_EQ(duck()->arrow_array_scan(connection_, "handed_over", &out_schema, &out_array, &stream), 0);
            run(R"(INSERT INTO results SELECT first::VARCHAR, "first.support", "first.since", second::VARCHAR FROM handed_over)");
            run("DROP VIEW handed_over");
            duck()->destroy_arrow_stream(&stream);
            if (out_schema.release != nullptr) out_schema.release(&out_schema);
            if (out_array.release != nullptr) out_array.release(&out_array);
            ++arrays;
        });
    }

    std::vector<Outcome> read_back() {
        std::vector<Outcome> outcomes;
        for (const auto& row : run("SELECT first, (support * 100)::HUGEINT::VARCHAR, since::VARCHAR, second FROM results").rows)
            outcomes.push_back({*row[0], *row[3], row[1] ? std::optional(std::stoll(*row[1])) : std::nullopt, row[2] ? std::optional(days_of(*row[2])) : std::nullopt});
        return outcomes;
    }

    void expect_same(const std::vector<Outcome>& found, const std::vector<Outcome>& expected) {
        ASSERT_EQ(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size() && !HasFailure(); ++i) EXPECT_EQ(found[i], expected[i]) << "row " << i;
    }

    DuckHandle database_ = nullptr, connection_ = nullptr;
    std::unique_ptr<Pack> pack_;
};

TEST_F(DuckDb, Screens_what_it_hands_over_and_reads_the_results) {
    EXPECT_EQ(formats("SELECT * FROM firms"),
              "company_id u, founded_on tdD, resident b, staff s, share d:5,4,128, assets d:18,2,128, revenue.2017 d:38,0, revenue.2018 d:9,1,128, sort C*, industry u, region u, claims +l, ");
    std::size_t arrays = 0;
    screen("SELECT * FROM firms", 0, arrays);
    EXPECT_GT(arrays, 1u) << "more rows than one array";
    const auto expected = checked();
    ASSERT_EQ(expected.size(), firm_count);
    expect_same(read_back(), expected);
    // Counted by DuckDB, and by us.
    std::map<std::string, std::int64_t> counts;
    std::int64_t sum = 0, given = 0;
    for (const Outcome& outcome : expected) {
        ++counts[outcome.first];
        sum += outcome.support.value_or(0);
        given += outcome.support.has_value();
    }
    EXPECT_EQ(counts.size(), 3u) << "firms of every verdict";
    EXPECT_GT(given, 100);
    for (const auto& row : run("SELECT first, count(*)::VARCHAR FROM results GROUP BY first").rows) EXPECT_EQ(std::stoll(*row[1]), counts.at(*row[0])) << *row[0];
    EXPECT_EQ(*run("SELECT (sum(support) * 100)::HUGEINT::VARCHAR FROM results").rows[0][0], std::to_string(sum));
}

// Rows of a slice; the lists' offsets and the bitmaps then begin somewhere.
TEST_F(DuckDb, Screens_slices) {
    std::size_t arrays = 0;
    screen("SELECT * FROM (SELECT * FROM firms LIMIT 2000)", 1237, arrays);
    EXPECT_EQ(arrays, 1u);
    const auto all = checked();
    expect_same(read_back(), {all.begin() + 1237, all.begin() + 2000});
}

TEST_F(DuckDb, Screens_large_offsets) {
    run("SET arrow_large_buffer_size=true");
    EXPECT_NE(formats("SELECT * FROM firms").find("region U, claims +L, "), std::string::npos);
    std::size_t arrays = 0;
    screen("SELECT * FROM firms", 0, arrays);
    expect_same(read_back(), checked());
}

TEST_F(DuckDb, Screens_views_of_texts_and_narrow_decimals) {
    run("SET arrow_output_version='1.5'");
    run("SET produce_arrow_string_view=true");
    EXPECT_EQ(formats("SELECT share, assets, region FROM firms"), "share d:5,4,32, assets d:18,2,64, region vu, ");
    std::size_t arrays = 0;
    screen("SELECT * FROM firms", 0, arrays);
    expect_same(read_back(), checked());
}

// Without a row there are no buffers to speak of.
TEST_F(DuckDb, Screens_texts_that_all_are_null_and_lists_that_all_are_empty) {
    run("UPDATE firms SET region = NULL, industry = NULL, sort = NULL, claims = []");
    std::size_t arrays = 0;
    screen("SELECT * FROM firms", 0, arrays);
    expect_same(read_back(), checked());
}

TEST_F(DuckDb, Is_told_what_is_not_read) {
    const auto refusal = [&](const std::string& sql) {
        std::string told;
        each_array(sql, [&](ArrowSchema& schema, ArrowArray& array) {
            auto made = Screening::make(*pack_, policies, question);
            ArrowSchema out_schema{};
            ArrowArray out_array{};
            const auto done = made.value().run(&schema, &array, &out_schema, &out_array);
            EXPECT_EQ(array.release, nullptr);
            if (done.has_value()) {
                out_schema.release(&out_schema);
                out_array.release(&out_array);
            } else if (told.empty()) {
                told = done.error().english;
            }
        });
        return told;
    };
    EXPECT_EQ(refusal("SELECT staff::DOUBLE AS staff FROM firms"), "staff: a format that is not read here: g");
    EXPECT_EQ(refusal("SELECT staff::UBIGINT AS staff FROM firms"), "staff: a format that is not read here: L");
    EXPECT_EQ(refusal("SELECT founded_on::TIMESTAMP AS founded_on FROM firms"), "founded_on: expected dates (tdD)");
    EXPECT_EQ(refusal("SELECT assets::DECIMAL(18,3) AS assets FROM firms"), "assets: more decimals than the fact has");
    EXPECT_EQ(refusal("SELECT 10::HUGEINT ** 30::HUGEINT AS assets FROM firms LIMIT 1"), "assets: a format that is not read here: g");
    EXPECT_EQ(refusal("SELECT 100000000000000000000000000000::HUGEINT AS assets"), "assets[0]: expected an amount of money in yuan from -100000000 to 100000000");
    EXPECT_EQ(refusal("SELECT [1, 2] AS claims"), "claims: expected a list of structs (+l or +L)");
    EXPECT_EQ(refusal("SELECT [NULL, {'paid': 1}] AS claims"), "claims: elements cannot be null");
    EXPECT_EQ(refusal("SELECT CASE WHEN i = 0 THEN 'food' ELSE 'drink' END::ENUM ('food', 'drink') AS sort FROM range(2) t(i)"), "sort: expected one of food, tools, toys, found \"drink\"");
    run("SET arrow_output_version='1.4'");
    run("SET arrow_output_list_view=true");
    EXPECT_EQ(refusal("SELECT claims FROM firms"), "claims: expected a list of structs (+l or +L)");
}

}  // namespace
}  // namespace eligo
