// Loads a pack and checks a company by it, in C99.
#include <eligo/eligo.h>

#include <stdio.h>
#include <string.h>

static int fail(const char* what) {
    fprintf(stderr, "%s\n", what);
    return 1;
}

// The verdict on one day, or -1 where the question was refused.
static eligo_verdict verdict_on(eligo_policy* policy, const eligo_profile* company, eligo_date day, eligo_result* result) {
    const eligo_question question = {.struct_size = sizeof question, .as_of = day};
    return eligo_policy_check(policy, company, &question, result, NULL) == ELIGO_OK ? eligo_result_verdict(result) : -1;
}

int main(int argument_count, char** arguments) {
    if (argument_count < 2) return fail("consumer PACK");
    if (eligo_abi_version() != ELIGO_ABI_VERSION) return fail("the library is of another ABI than its header");
    if (strcmp(eligo_version(), ELIGO_VERSION_STRING) != 0) return fail("the library is of another version than its header");

    eligo_error* error = NULL;
    eligo_pack* pack = NULL;
    if (eligo_pack_load("nowhere.eligo", &pack, &error) != ELIGO_FILE_FAILED) return fail("a pack that is not there was loaded");
    if (pack != NULL || eligo_error_status(error) != ELIGO_FILE_FAILED) return fail("what failed is not told");
    if (strstr(eligo_error_message(error, 0, ELIGO_ENGLISH), "nowhere.eligo") == NULL) return fail("the message does not name the file");
    eligo_error_free(error);
    if (eligo_pack_load(arguments[1], &pack, &error) != ELIGO_OK || error != NULL) return fail("the pack cannot be loaded");

    eligo_profile* company = NULL;
    eligo_policy* policy = NULL;
    eligo_result* result = NULL;
    if (eligo_profile_new(pack, "company", &company, NULL) != ELIGO_OK) return fail("there is no vocabulary `company`");
    if (eligo_policy_new(pack, "small_firm", &policy, NULL) != ELIGO_OK) return fail("there is no policy `small_firm`");
    if (eligo_policy_new(pack, "large_firm", &(eligo_policy*){NULL}, NULL) != ELIGO_NOT_FOUND) return fail("there is a policy `large_firm`");
    if (eligo_result_new(&result, NULL) != ELIGO_OK) return fail("no result can be made");
    eligo_pack_free(pack);  // its handles keep it alive

    const eligo_date summer = {2018, 6, 1}, too_early = {2015, 6, 1}, no_day = {2018, 2, 30};
    if (verdict_on(policy, company, summer, result) != ELIGO_UNDETERMINED) return fail("nothing is known, yet it is determined");
    if (eligo_profile_set_int(company, "employees", -1, &error) != ELIGO_BAD_VALUE) return fail("a negative number of employees was taken");
    if (strcmp(eligo_error_code(error, 0), "out_of_range") != 0 || strcmp(eligo_error_where(error, 0), "employees") != 0) return fail("the refusal does not say why");
    eligo_error_free(error);
    if (eligo_profile_set(company, "employees", "100 .. 120", NULL) != ELIGO_OK) return fail("a range was refused");
    if (verdict_on(policy, company, summer, result) != ELIGO_ELIGIBLE) return fail("a small firm is not eligible");
    int64_t low = 0, high = 0;
    if (eligo_result_benefit_count(result) != 1 || strcmp(eligo_result_benefit_name(result, 0), "grant") != 0) return fail("the grant is not told");
    if (strcmp(eligo_result_benefit_low(result, 0), "100.00") != 0) return fail("the grant is not 100.00");
    if (!eligo_result_benefit_fen(result, 0, &low, &high) || low != 10000 || high != 10000) return fail("the grant is not 10000 fen");
    eligo_profile_set_int(company, "employees", 301, NULL);
    if (verdict_on(policy, company, summer, result) != ELIGO_INELIGIBLE) return fail("a large firm is not ineligible");
    if (verdict_on(policy, company, too_early, result) != ELIGO_NOT_IN_FORCE) return fail("the policy was in force before it began");
    if (verdict_on(policy, company, no_day, result) != -1) return fail("a day that does not exist was asked about");

    eligo_explanation* why = NULL;
    const eligo_question question = {.struct_size = sizeof question, .as_of = summer, .known_on = {2018, 1, 1}};
    if (eligo_policy_explain(policy, company, &question, ELIGO_CHINESE, &why, NULL) != ELIGO_OK) return fail("no reasons are told");
    if (strstr(eligo_explanation_text(why), "职工不超过300人") == NULL) return fail("the reasons do not name the clause");
    if (strstr(eligo_explanation_json(why), "\"known_on\": \"2018-01-01\"") == NULL) return fail("the reasons do not say what was known");
    eligo_explanation_free(why);
    eligo_result_free(result);
    eligo_policy_free(policy);
    eligo_profile_free(company);
    return 0;
}
