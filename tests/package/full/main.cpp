// Compiles a policy from memory, checks a company by it and saves the pack for the consumers of the runtime.
#include <eligo/eligo.hpp>

#include <cstdio>

using namespace std::chrono_literals;

namespace {

constexpr const char* source = R"(vocabulary company "企业" | "Company" {
  employees : number in 0..5_000_000 "职工总数" | "Employees"
}
policy small_firm for company "小企业" | "Small firm" {
  in force 2016-01-01 ..
  require staff employees <= 300 "职工不超过300人" | "At most 300 employees" @ "示例 1"
  benefit grant : money = 100元 "补助" | "Grant" @ "示例 2"
}
)";

int fail(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    return 1;
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count < 2) return fail("consumer PACK");
    const auto compiled = eligo::compile({{"small.policy", source}});
    for (const eligo::Diagnostic& diagnostic : compiled.diagnostics) std::fprintf(stderr, "%s\n", diagnostic.text_english.c_str());
    if (!compiled.ok()) return fail("the policy does not compile");
    auto company = compiled.pack->profile("company");
    if (!company.set("employees", 120).ok()) return fail("120 employees are refused");
    const auto result = compiled.pack->policy("small_firm").check(company, {.as_of = 2018y / 6 / 1});
    if (!result.eligible()) return fail("a small firm is not eligible");
    if (result.benefit("grant")->low_fen != 10000) return fail("the grant is not 100 yuan");
    if (eligo::compile({{"bad.policy", "policy"}}).ok()) return fail("a broken policy compiles");
    if (!compiled.pack->save(arguments[1])) return fail("the pack cannot be saved");
}
