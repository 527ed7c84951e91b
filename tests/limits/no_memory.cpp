// The n-th allocation fails, for every n, through whole sessions of the C interface; and every one from the n-th on.
// Broken when: an exception crosses a C function, something is left behind or half changed, or an error needs memory to be told.
#include <eligo/arrow.h>
#include <eligo/eligo.h>
#include <eligo/eligo.hpp>

#include <gtest/gtest.h>

#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <new>
#include <string>
#include <vector>

namespace {

// Which allocation fails next: 1 is the coming one, 0 none. `for_ever`: those after it too.
std::size_t failing = 0;
bool for_ever = false;
std::size_t taken = 0;     // since counting began
std::int64_t alive = 0;    // allocations that were not given back
std::size_t bytes = 0, most_bytes = 0;  // that they hold, and held at most since counting began

bool fails() {
    ++taken;
    if (failing == 0) return false;
    if (failing == 1) return for_ever || failing-- == 1;
    --failing;
    return false;
}

void* allocate(std::size_t size) noexcept {
    if (fails()) return nullptr;
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) std::abort();
    ++alive;
    bytes += malloc_usable_size(memory);
    most_bytes = std::max(most_bytes, bytes);
    return memory;
}

void* allocate_or_throw(std::size_t size) {
    void* const memory = allocate(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void give_back(void* memory) noexcept {
    if (memory == nullptr) return;
    --alive;
    bytes -= malloc_usable_size(memory);
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return allocate_or_throw(size); }
void* operator new[](std::size_t size) { return allocate_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete[](void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { give_back(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { give_back(memory); }

namespace {

// Small, with everything that a session of the C interface can touch: a list, a default, a yearly fact, texts, sets, benefits.
constexpr const char* path = "firm.policy";
constexpr const char* source = R"(vocabulary firm "企业" | "Firm" {
  resident : bool default true "居民企业" | "Resident"
  staff : number in 0..5_000_000 "职工" | "Staff"
  revenue : yearly money in 0元..10万亿元 "收入" | "Revenue"
  city : text "城市" | "City"
  sort : one of { food "食品" | "Food", tools "工具" | "Tools" } "行业" | "Sort"
  claims : list of claim up to 5 "项目" | "Claims"
}
record claim { paid : money in 0元..1亿元 "投入" | "Paid" }
policy grant for firm "补助" | "Grant" {
  authority "市科委" | "The city"
  source m "m"
  in force 2016-01-01 .. 2019-12-31
  require here resident "居民企业" | "Resident" @ m 1
  require small staff <= 300 "规模" | "Size" @ m 2
  require place city in {"上海", "北京"} "地点" | "Place" @ m 3
  require few count(c in claims) <= 3 "项目数" | "Claims" @ m 6
  require each all(c.paid >= 1元 for c in claims) "每项有投入" | "Each was paid" @ m 4
  benefit amount : money = round(revenue[-1] * 1%, 0.01元) "补助" | "Grant" @ m 5
}
)";

// What has been made in a session; all of it goes when the session ends, however it ends.
struct Handles {
    eligo_pack* pack = nullptr;
    eligo_bytes* bytes = nullptr;
    eligo_profile *profile = nullptr, *twin = nullptr;
    eligo_policy *policy = nullptr, *another = nullptr;
    eligo_result* result = nullptr;
    eligo_explanation* why = nullptr;
    eligo_screening* screening = nullptr;
    ~Handles() {
        eligo_screening_free(screening);
        eligo_explanation_free(why);
        eligo_result_free(result);
        eligo_policy_free(another);
        eligo_policy_free(policy);
        eligo_profile_free(twin);
        eligo_profile_free(profile);
        eligo_bytes_free(bytes);
        eligo_pack_free(pack);
    }
};

// A session tells what it saw; that must be the same whatever failed on the way.
struct Session {
    Handles of;
    std::uint64_t seen = 0xCBF29CE484222325;  // a hash, which takes no memory
    bool given_up = false;                    // every allocation fails from some point on

    void see(const char* text) {
        for (const char* at = text == nullptr ? "(null)" : text; *at != 0; ++at) seen = (seen ^ static_cast<unsigned char>(*at)) * 0x100000001B3;
    }
    void see(std::uint64_t number) { seen = (seen ^ number) * 0x100000001B3; }

    // A call that may run out of memory, which it must say, and which then works as if nothing had been.
    template <class Call>
    void call(eligo_status expected, Call made) {
        if (given_up) return;
        eligo_error* error = nullptr;
        eligo_status status = made(&error);
        if (status == ELIGO_NO_MEMORY) {
            if (eligo_error_status(error) != ELIGO_NO_MEMORY || eligo_error_count(error) != 1 || std::strcmp(eligo_error_code(error, 0), "no_memory") != 0) std::abort();
            if (eligo_error_message(error, 0, ELIGO_CHINESE) == nullptr || eligo_error_message(error, 0, ELIGO_ENGLISH) == nullptr) std::abort();
            eligo_error_free(error);
            given_up = for_ever;
            if (given_up) return;
            status = made(&error);
        }
        if (status != expected) std::abort();
        see(static_cast<std::uint64_t>(status));
        for (std::size_t i = 0; i < eligo_error_count(error); ++i) {
            see(eligo_error_where(error, i));
            see(eligo_error_message(error, i, ELIGO_ENGLISH));
        }
        eligo_error_free(error);
    }
    void text(const std::function<const char*()>& get) {
        if (given_up) return;
        const char* got = get();
        if (got == nullptr) got = get();
        given_up = got == nullptr;
        if (!given_up) see(got);
    }
};

void compile_it(Session& session) {
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_compile(&path, &source, 1, &session.of.pack, error); });
}

void refuse_it(Session& session) {
    const char* wrong = "policy p for nobody \"p\" { require x y > 1 \"x\" }";
    session.call(ELIGO_BAD_SOURCE, [&](eligo_error** error) { return eligo_compile(&path, &wrong, 1, &session.of.pack, error); });
}

std::vector<std::uint8_t>& image() {
    static std::vector<std::uint8_t> written = [] {
        const auto compiled = eligo::compile({{path, source}});
        if (!compiled.ok()) std::abort();
        return compiled.pack->bytes();
    }();
    return written;
}

void tell_facts(Session& session) {
    const auto set = [&](eligo_status expected, const char* key, const char* value) {
        session.call(expected, [&](eligo_error** error) { return eligo_profile_set(session.of.profile, key, value, error); });
    };
    set(ELIGO_OK, "company_id", "a firm with a name of some length");
    set(ELIGO_OK, "city", "a city that no policy asks about");
    set(ELIGO_OK, "revenue.2017", "1234567.89");
    set(ELIGO_OK, "revenue.2001", "1 .. 2");
    set(ELIGO_OK, "claims[2].paid", "5");
    set(ELIGO_BAD_VALUE, "claims[1].paid", "-5");
    set(ELIGO_BAD_VALUE, "staff", "very many");
    set(ELIGO_BAD_VALUE, "nobody.has.this", "1");
    session.call(ELIGO_BAD_VALUE, [&](eligo_error** error) { return eligo_profile_set_list(session.of.profile, "claims", 99, error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_profile_set_list(session.of.profile, "claims", 4, error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_profile_set_unknown(session.of.profile, "claims[0].paid", error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_profile_forget(session.of.profile, "claims[2].paid", error); });
    session.call(ELIGO_BAD_VALUE, [&](eligo_error** error) { return eligo_profile_problems(session.of.profile, error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_profile_set_int(session.of.profile, "staff", 12, error); });
    session.call(ELIGO_BAD_VALUE, [&](eligo_error** error) { return eligo_profile_set_date(session.of.profile, "staff", {2018, 1, 1}, error); });
}

void ask(Session& session) {
    Handles& of = session.of;
    eligo_question question{};
    question.struct_size = sizeof question;
    question.as_of = {2018, 6, 1};
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_policy_check(of.policy, of.profile, &question, of.result, error); });
    if (session.given_up) return;
    session.see(static_cast<std::uint64_t>(eligo_result_verdict(of.result)));
    for (std::size_t i = 0; i < eligo_result_benefit_count(of.result); ++i) {
        session.see(eligo_result_benefit_name(of.result, i));
        const eligo_truth given = eligo_result_benefit_given(of.result, i);
        session.see(static_cast<std::uint64_t>(given));
        if (given != ELIGO_FALSE) session.text([&] { return eligo_result_benefit_high(of.result, i); });
        std::int64_t fen = 0;
        if (eligo_result_benefit_fen(of.result, i, &fen, nullptr) != 0) session.see(static_cast<std::uint64_t>(fen));
    }
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_policy_explain(of.policy, of.profile, &question, ELIGO_CHINESE, &of.why, error); });
    session.see(eligo_explanation_text(of.why));
    session.see(eligo_explanation_json(of.why));
    for (std::size_t i = 0; i < eligo_explanation_missing_count(of.why); ++i) session.see(eligo_explanation_missing(of.why, i));
    eligo_explanation_free(of.why);
    of.why = nullptr;
}

void load_and_ask(Session& session) {
    Handles& of = session.of;
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_pack_read(image().data(), image().size(), &of.pack, error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_pack_bytes(of.pack, &of.bytes, error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_profile_new(of.pack, "firm", &of.profile, error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_policy_new(of.pack, "grant", &of.policy, error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_result_new(&of.result, error); });
    session.call(ELIGO_NOT_FOUND, [&](eligo_error** error) { return eligo_policy_new(of.pack, "no such policy", &of.another, error); });
    if (session.given_up) return;
    ask(session);  // nothing is known
    tell_facts(session);
    ask(session);
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_profile_set_list(of.profile, "claims", 0, error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_profile_set(of.profile, "city", "上海", error); });
    ask(session);
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_profile_copy(of.profile, &of.twin, error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_policy_copy(of.policy, &of.another, error); });
}

// Columns of two firms that nobody needs to free.
struct Columns {
    std::int32_t staff[2]{12, 400};
    std::int32_t places[3]{0, 6, 12};
    const char* bytes = "上海天津";
    const void* of_staff[2]{nullptr, staff};
    const void* of_city[3]{nullptr, places, bytes};
    const void* of_rows[1]{nullptr};
    ArrowSchema fields[2]{}, schema{};
    ArrowArray children[2]{}, array{};
    ArrowSchema* field_places[2]{&fields[0], &fields[1]};
    ArrowArray* child_places[2]{&children[0], &children[1]};
    Columns() {
        const auto forget_schema = [](ArrowSchema* one) { one->release = nullptr; };
        const auto forget_array = [](ArrowArray* one) { one->release = nullptr; };
        fields[0] = {.format = "i", .name = "staff", .release = forget_schema};
        fields[1] = {.format = "u", .name = "city", .release = forget_schema};
        schema = {.format = "+s", .name = "", .n_children = 2, .children = field_places, .release = forget_schema};
        children[0] = {.length = 2, .n_buffers = 2, .buffers = of_staff, .release = forget_array};
        children[1] = {.length = 2, .n_buffers = 3, .buffers = of_city, .release = forget_array};
        array = {.length = 2, .n_buffers = 1, .n_children = 2, .buffers = of_rows, .children = child_places, .release = forget_array};
    }
};

void load_and_screen(Session& session) {
    Handles& of = session.of;
    eligo_question question{};
    question.struct_size = sizeof question;
    question.as_of = {2018, 6, 1};
    const char* const name = "grant";
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_pack_read(image().data(), image().size(), &of.pack, error); });
    session.call(ELIGO_OK, [&](eligo_error** error) { return eligo_screening_new(of.pack, &name, 1, &question, &of.screening, error); });
    for (std::size_t i = 0; i < eligo_screening_field_count(of.screening); ++i) session.see(eligo_screening_field(of.screening, i));
    for (int times = 0; times < 2; ++times) {
        ArrowSchema out_schema{};
        ArrowArray out_array{};
        session.call(ELIGO_OK, [&](eligo_error** error) {
            Columns columns;
            return eligo_screening_run(of.screening, &columns.schema, &columns.array, nullptr, &out_schema, &out_array, error);
        });
        if (session.given_up) return;
        for (int row = 0; row < 2; ++row) session.see(static_cast<const std::uint8_t*>(out_array.children[0]->buffers[1])[row]);
        out_schema.release(&out_schema);
        out_array.release(&out_array);
    }
}

struct Run {
    std::uint64_t seen = 0;
    std::size_t allocations = 0;
    std::int64_t left = 0;
    bool given_up = false;
};

Run run(void (*what)(Session&), std::size_t fail_at, bool and_all_after) {
    Run run;
    const std::int64_t before = alive;
    {
        Session session;
        taken = 0;
        failing = fail_at;
        for_ever = and_all_after;
        what(session);
        run.given_up = session.given_up;
        run.seen = session.seen;
        run.allocations = taken;
        failing = 0;
        for_ever = false;
    }
    run.left = alive - before;
    return run;
}

void with_every_failure(void (*what)(Session&)) {
    (void)image();
    (void)run(what, 0, false);  // what is made once and kept
    const Run whole = run(what, 0, false);
    ASSERT_FALSE(whole.given_up);
    ASSERT_EQ(whole.left, 0);
    ASSERT_GT(whole.allocations, 100U);
    for (std::size_t n = 1; n <= whole.allocations; ++n) {
        const Run once = run(what, n, false);
        ASSERT_FALSE(once.given_up) << n;
        ASSERT_EQ(once.seen, whole.seen) << n;
        ASSERT_EQ(once.left, 0) << n;
        const Run from_here = run(what, n, true);
        ASSERT_TRUE(from_here.given_up) << n;
        ASSERT_EQ(from_here.left, 0) << n;
    }
}

// All that can be seen of a profile.
std::string shown(const Handles& of) {
    eligo_question question{};
    question.struct_size = sizeof question;
    question.as_of = {2018, 6, 1};
    eligo_explanation* why = nullptr;
    eligo_error* problems = nullptr;
    if (eligo_policy_explain(of.policy, of.profile, &question, ELIGO_ENGLISH, &why, nullptr) != ELIGO_OK) std::abort();
    (void)eligo_profile_problems(of.profile, &problems);
    std::string text = eligo_explanation_json(why);
    for (std::size_t i = 0; i < eligo_error_count(problems); ++i) text += std::string("\n") + eligo_error_message(problems, i, ELIGO_ENGLISH);
    eligo_error_free(problems);
    eligo_explanation_free(why);
    return text;
}

TEST(NoMemory, WhatCouldNotBeSetIsAsItWas) {
    using Set = std::function<eligo_status(eligo_profile*)>;
    const auto text = [](const char* key, const char* value) { return Set([=](eligo_profile* profile) { return eligo_profile_set(profile, key, value, nullptr); }); };
    const std::vector<Set> sets = {
        text("claims[2].paid", "0.5"),
        text("claims[4].paid", "-5"),
        text("city", "a city that is not in the pack"),
        text("staff", "many"),
        text("revenue.2017", "5"),
        text("revenue.2030", "5"),
        text("revenue.2016", "7"),
        [](eligo_profile* profile) { return eligo_profile_set_unknown(profile, "claims[3].paid", nullptr); },
        [](eligo_profile* profile) { return eligo_profile_set_unknown(profile, "revenue", nullptr); },
        [](eligo_profile* profile) { return eligo_profile_set_list(profile, "claims", 5, nullptr); },
        [](eligo_profile* profile) { return eligo_profile_set_list(profile, "claims", 9, nullptr); },
        [](eligo_profile* profile) { return eligo_profile_forget(profile, "claims", nullptr); },
    };
    Handles of;
    ASSERT_EQ(eligo_pack_read(image().data(), image().size(), &of.pack, nullptr), ELIGO_OK);
    ASSERT_EQ(eligo_policy_new(of.pack, "grant", &of.policy, nullptr), ELIGO_OK);
    ASSERT_EQ(eligo_profile_new(of.pack, "firm", &of.profile, nullptr), ELIGO_OK);
    std::size_t failures = 0;
    for (const Set& set : sets) {
        const std::string before = shown(of);
        for (std::size_t n = 1;; ++n, ++failures) {
            failing = n;
            const eligo_status status = set(of.profile);
            failing = 0;
            if (status != ELIGO_NO_MEMORY) break;
            EXPECT_EQ(shown(of), before) << n;
        }
    }
    EXPECT_GT(failures, sets.size() * 3);
}

TEST(NoMemory, InACompilation) { with_every_failure(compile_it); }
TEST(NoMemory, WhileMistakesAreTold) { with_every_failure(refuse_it); }
TEST(NoMemory, InAScreening) { with_every_failure(load_and_screen); }
TEST(NoMemory, FromAPackToItsReasons) { with_every_failure(load_and_ask); }

// ---- what a caller allows is not exceeded

std::string repeated(int count, const std::function<std::string(int)>& part) {
    std::string text;
    for (int i = 0; i < count; ++i) text += part(i);
    return text;
}

constexpr const char* head = "vocabulary firm \"f\" {\n a : number in 0..100 \"a\"\n b : number in 0..100 \"b\"\n}\n";

// Each grows in another way.
std::vector<std::string> large_sources() {
    const auto number = [](int i) { return std::to_string(i); };
    return {
        head + repeated(600, [&](int i) { return "policy p" + number(i) + " for firm \"p\" { in force 2016-01-01 ..\n require r a * " + number(i + 1) + " + b <= 300 \"r\" @ \"m\" }\n"; }),
        std::string(head) + "policy p for firm \"p\" { in force 2016-01-01 ..\n" + repeated(1'500, [&](int i) { return " require r" + number(i) + " a * " + number(i + 1) + " <= b + " + number(i) + " \"r\" @ \"m\"\n"; }) + "}\n",
        "vocabulary firm \"f\" {\n" + repeated(4'000, [&](int i) { return " f" + number(i) + " : number in 0..100 \"label\"\n"; }) + "}\npolicy p for firm \"p\" { in force 2016-01-01 ..\n require r f1 >= 1 \"r\" @ \"m\" }\n",
        "# " + std::string(2'000'000, 'x') + "\n" + head + "policy p for firm \"" + std::string(1'000'000, 'x') + "\" { in force 2016-01-01 ..\n require r a >= 1 \"r\" @ \"m\" }\n",
        repeated(20'000, [](int) { return std::string("policy ( { \n"); }),
    };
}

TEST(Allowed, ACompilationHoldsNoMoreThanItMay) {
    int within = 0, beyond = 0;
    for (const std::string& text : large_sources()) {
        for (const std::uint64_t limit : {std::uint64_t{1'000'000}, std::uint64_t{10'000'000}, std::uint64_t{100'000'000}, std::uint64_t{1'000'000'000}}) {
            const std::vector<eligo::Source> sources{{"p.policy", text}};
            const std::size_t before = bytes;
            most_bytes = bytes;
            const auto compiled = eligo::compile(sources, {.memory = limit, .steps = 0, .cancelled = {}});
            const std::size_t held = most_bytes - before;
            (compiled.refusal == eligo::Refusal::Limit ? beyond : within) += 1;
            EXPECT_LE(held, limit + text.size() * 3 + 500'000) << text.substr(0, 200);
            if (compiled.refusal == eligo::Refusal::None && compiled.ok()) {
                // Nor is it much more careful than it must be.
                EXPECT_LE(limit / 10, std::max<std::size_t>(held * 40, 10'000'000)) << text.substr(0, 200);
            }
        }
    }
    EXPECT_GT(within, 4);
    EXPECT_GT(beyond, 4);
}

TEST(Allowed, APackHoldsNoMoreThanItMay) {
    int packs = 0;
    for (const std::string& text : large_sources()) {
        const auto compiled = eligo::compile({{"p.policy", text}});
        if (!compiled.ok()) continue;
        ++packs;
        const auto image = compiled.pack->bytes();
        int refused = 0;
        for (std::uint64_t limit = 100'000; limit < 2'000'000'000; limit *= 4) {
            const std::size_t before = bytes;
            most_bytes = bytes;
            const auto read = eligo::Pack::read(image, {.memory = limit, .steps = 0, .cancelled = {}});
            EXPECT_LE(most_bytes - before, limit * 5 / 4 + 200'000) << text.substr(0, 200);
            if (!read) {
                EXPECT_EQ(read.error().refusal, eligo::Refusal::Limit);
            }
            if (!read) ++refused;
        }
        EXPECT_GT(refused, 0) << text.substr(0, 200);
    }
    EXPECT_EQ(packs, 4);
}

}  // namespace
