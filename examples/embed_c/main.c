// Loads a compiled pack, sets a few facts, checks a policy and prints why.
//   eligo compile rules -o shanghai.eligo && embed_c shanghai.eligo
#include <eligo/eligo.h>

#include <stdio.h>
#include <stdlib.h>

// The first thing that went wrong; the program ends with it.
static void require(eligo_status status, eligo_error** error) {
    if (status == ELIGO_OK) return;
    fprintf(stderr, "%s\n", eligo_error_message(*error, 0, ELIGO_ENGLISH));
    exit(2);
}

int main(int argument_count, char** arguments) {
    eligo_error* error = NULL;
    eligo_pack* pack = NULL;
    require(eligo_pack_load(argument_count > 1 ? arguments[1] : "shanghai.eligo", &pack, &error), &error);

    eligo_profile* company = NULL;
    require(eligo_profile_new(pack, "company", &company, &error), &error);
    require(eligo_profile_set_date(company, "registered_on", (eligo_date){2012, 3, 1}, &error), &error);
    require(eligo_profile_set_int(company, "employees", 120, &error), &error);
    require(eligo_profile_set(company, "rd_staff", "15 .. 20", &error), &error);
    require(eligo_profile_set(company, "revenue.2017", "46000000.00", &error), &error);
    require(eligo_profile_set_bool(company, "major_incident", 0, &error), &error);
    require(eligo_profile_problems(company, &error), &error);

    eligo_policy* policy = NULL;
    eligo_result* result = NULL;
    const eligo_question question = {.struct_size = sizeof question, .as_of = {2018, 6, 1}};
    require(eligo_policy_new(pack, "high_tech_enterprise", &policy, &error), &error);
    require(eligo_result_new(&result, &error), &error);
    require(eligo_policy_check(policy, company, &question, result, &error), &error);
    printf("%s: %s\n\n", eligo_policy_name(policy), eligo_verdict_name(eligo_result_verdict(result)));

    eligo_explanation* why = NULL;
    require(eligo_policy_explain(policy, company, &question, ELIGO_ENGLISH, &why, &error), &error);
    fputs(eligo_explanation_text(why), stdout);

    eligo_explanation_free(why);
    eligo_result_free(result);
    eligo_policy_free(policy);
    eligo_profile_free(company);
    eligo_pack_free(pack);
    return 0;
}
