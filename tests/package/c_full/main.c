// Compiles a policy from memory in C99, carries the pack over as bytes and checks a company by it.
#include <eligo/eligo.h>

#include <stdio.h>
#include <string.h>

static const char* const path = "small.policy";
static const char* const source =
    "vocabulary company \"企业\" | \"Company\" { employees : number in 0..5_000_000 \"职工总数\" | \"Employees\" }\n"
    "policy small_firm for company \"小企业\" | \"Small firm\" {\n"
    "  in force 2016-01-01 ..\n"
    "  require staff employees <= 300 \"职工不超过300人\" | \"At most 300 employees\" @ \"示例 1\"\n"
    "  benefit grant : money = 100元 \"补助\" | \"Grant\" @ \"示例 2\"\n"
    "}\n";
static const char* const broken = "policy\n";

static int fail(const char* what) {
    fprintf(stderr, "%s\n", what);
    return 1;
}

int main(void) {
    eligo_error* error = NULL;
    eligo_pack* compiled = NULL;
    if (eligo_compile(&path, &broken, 1, &compiled, &error) != ELIGO_BAD_SOURCE || compiled != NULL) return fail("a broken policy compiles");
    if (eligo_error_count(error) == 0 || strncmp(eligo_error_where(error, 0), "small.policy:1:", 15) != 0) return fail("the mistake is not told where it is");
    eligo_error_free(error);
    if (eligo_compile(&path, &source, 1, &compiled, &error) != ELIGO_OK) return fail(eligo_error_message(error, 0, ELIGO_ENGLISH));

    eligo_bytes* bytes = NULL;
    eligo_pack* pack = NULL;
    if (eligo_pack_bytes(compiled, &bytes, NULL) != ELIGO_OK) return fail("the pack has no bytes");
    eligo_pack_free(compiled);
    if (eligo_pack_read(eligo_bytes_data(bytes), eligo_bytes_size(bytes), &pack, NULL) != ELIGO_OK) return fail("the pack cannot be read");
    eligo_bytes_free(bytes);

    eligo_profile* company = NULL;
    eligo_policy* policy = NULL;
    eligo_result* result = NULL;
    const eligo_question question = {.struct_size = sizeof question, .as_of = {2018, 6, 1}};
    if (eligo_profile_new(pack, "company", &company, NULL) != ELIGO_OK) return fail("there is no vocabulary `company`");
    if (eligo_profile_set_int(company, "employees", 120, NULL) != ELIGO_OK) return fail("120 employees are refused");
    if (eligo_policy_new(pack, "small_firm", &policy, NULL) != ELIGO_OK) return fail("there is no policy `small_firm`");
    if (eligo_result_new(&result, NULL) != ELIGO_OK) return fail("no result can be made");
    if (eligo_policy_check(policy, company, &question, result, NULL) != ELIGO_OK) return fail("the check was refused");
    if (eligo_result_verdict(result) != ELIGO_ELIGIBLE) return fail("a small firm is not eligible");
    eligo_result_free(result);
    eligo_policy_free(policy);
    eligo_profile_free(company);
    eligo_pack_free(pack);
    return 0;
}
