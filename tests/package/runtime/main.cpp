// Loads a pack and checks a company by it.
#include <eligo/pack.hpp>
#include <eligo/version.hpp>

#include <cstdio>

using namespace std::chrono_literals;

namespace {

int fail(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    return 1;
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count < 2) return fail("consumer PACK");
    if (eligo::Pack::load("nowhere.eligo").has_value()) return fail("a pack that is not there was loaded");
    const auto pack = eligo::Pack::load(arguments[1]).value();
    auto company = pack.profile("company");
    auto policy = pack.policy("small_firm");
    if (policy.check(company, {.as_of = 2018y / 6 / 1}).verdict() != eligo::Verdict::Undetermined) return fail("nothing is known, yet it is determined");
    if (company.set("employees", -1).ok()) return fail("a negative number of employees was taken");
    company.set("employees", 301);
    if (policy.check(company, {.as_of = 2018y / 6 / 1}).verdict() != eligo::Verdict::Ineligible) return fail("a large firm is not ineligible");
    if (policy.check(company, {.as_of = 2015y / 6 / 1}).verdict() != eligo::Verdict::NotInForce) return fail("the policy was in force before it began");
}
