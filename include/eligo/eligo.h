// eligo in C99: load a compiled pack of policies, set a subject's facts, check them, ask why. Only eligo_compile() and
// eligo_compile_files() need the full library (eligo::eligo); everything else is in the runtime (eligo::runtime).
//
// What holds for every function:
//
// - Handles are opaque. What a function gives out through a pointer to a handle is the caller's, who frees it once with
//   the handle's own ..._free; freeing NULL does nothing. Handles keep alive what they depend on: a pack may be freed
//   before its policies, profiles and results. There is no global state.
// - A function that can fail returns a status and takes `error` last, which may be NULL. When it fails, it puts a new
//   error there, to be freed by eligo_error_free(), and gives out nothing else (handles are set to NULL). When it
//   succeeds, it puts NULL there. So an error variable need not be initialised, but it must be freed before it is used again.
// - NULL where something is needed is refused with ELIGO_BAD_ARGUMENT. Getters, which return no status, answer NULL, 0 or the
//   first value of their enumeration for NULL and for an index that is too large.
// - Texts are UTF-8 and end with a zero byte. A text that a getter returns belongs to the handle it was asked of, and
//   lives until that handle is freed or, where the handle can change, is next changed. Numbers in texts are exact and
//   in plain decimal notation with all their digits: money in yuan with at least two decimals, percentages as fractions ("0.15").
// - Indices count from 0.
// - Packs are immutable and may be used by any number of threads at once. Every other handle may be used by one thread
//   at a time, but a profile that nobody changes may be read by several.
// - No exception leaves a function. When memory runs out, a function that returns a status returns ELIGO_NO_MEMORY (its error takes no
//   memory), and everything can be used as before; a getter answers as for NULL. A library that was built without exceptions
//   (ELIGO_EXCEPTIONS=OFF) cannot do so: std::bad_alloc then passes through it without cleaning up, and the program is to end.
//
// What is here keeps its meaning and its layout within one ELIGO_ABI_VERSION. Enumerations are 32-bit integers to which
// values may be added at the end: do not take one that you do not know for a success.
//
// Tested by tests/unit/capi_test.cpp and tests/package/.
#ifndef ELIGO_ELIGO_H
#define ELIGO_ELIGO_H

#include <stddef.h>
#include <stdint.h>

#include "version.hpp"

#ifdef __cplusplus
extern "C" {
#endif

// ---- version

#define ELIGO_ABI_VERSION 1

// The ABI of the library that was linked, to be compared with ELIGO_ABI_VERSION, and its version, "0.1.0"; valid for ever.
int32_t eligo_abi_version(void);
const char* eligo_version(void);

// ---- enumerations, all of them since ABI 1

typedef int32_t eligo_status;
enum {
    ELIGO_OK = 0,
    ELIGO_BAD_ARGUMENT = 1,  // a mistake of the host: NULL, no such day, a profile of another pack or subject
    ELIGO_NOT_FOUND = 2,     // the pack has no policy or vocabulary of that name
    ELIGO_FILE_FAILED = 3,   // a file could not be read or written
    ELIGO_BAD_PACK = 4,      // bytes that are no pack that can run
    ELIGO_BAD_VALUE = 5,     // a fact that cannot be, or facts that contradict each other
    ELIGO_BAD_SOURCE = 6,    // policies that do not compile
    ELIGO_NO_MEMORY = 7,     // memory ran out; nothing was given out, and what was to be changed is as it was
    ELIGO_INTERNAL = 8,      // a fault of this library, to be reported; as ELIGO_NO_MEMORY
    ELIGO_LIMIT = 9,         // it takes more than the caller's limits; as ELIGO_NO_MEMORY
    ELIGO_CANCELLED = 10     // the caller's wish (eligo_limits); as ELIGO_NO_MEMORY
};

typedef int32_t eligo_language;
enum { ELIGO_CHINESE = 0, ELIGO_ENGLISH = 1 };

typedef int32_t eligo_severity;
enum { ELIGO_ERROR = 0, ELIGO_WARNING = 1 };

typedef int32_t eligo_verdict;
enum {
    ELIGO_NOT_IN_FORCE = 0,  // the policy does not apply on that day
    ELIGO_ELIGIBLE = 1,
    ELIGO_INELIGIBLE = 2,   // whatever is unknown
    ELIGO_UNDETERMINED = 3  // it could still go either way
};
// "eligible", "ineligible", "undetermined", "not_in_force"; NULL for any other number. Valid for ever.
const char* eligo_verdict_name(eligo_verdict verdict);

// Of a condition whose facts may be unknown.
typedef int32_t eligo_truth;
enum { ELIGO_FALSE = 0, ELIGO_UNKNOWN = 1, ELIGO_TRUE = 2 };

// ---- what went wrong

typedef struct eligo_error eligo_error;

// ELIGO_OK for NULL; otherwise what the failing function returned.
eligo_status eligo_error_status(const eligo_error* error);
// How many things went wrong: one, but for eligo_profile_problems() and the compiler, which tell all they found.
size_t eligo_error_count(const eligo_error* error);
// Only the compiler gives warnings.
eligo_severity eligo_error_severity(const eligo_error* error, size_t index);
// A name for what it is: "out_of_range" and the like for facts (as in eligo::ProblemKind), "E0302" for policies; may be empty.
const char* eligo_error_code(const eligo_error* error, size_t index);
// Where it is: the key of a fact, the path of a file, "file:line:column" in a policy (both from 1, columns in
// characters); may be empty.
const char* eligo_error_where(const eligo_error* error, size_t index);
// In words, for people; for policies with the source line, carets and help (several lines). NULL in an unknown language.
const char* eligo_error_message(const eligo_error* error, size_t index, eligo_language language);
void eligo_error_free(eligo_error* error);

// ---- limits

// What a piece of work may take. Functions that take limits take NULL for none; members that are zero are none.
typedef struct eligo_limits {
    size_t struct_size;  // sizeof(eligo_limits)
    // Bytes that the work may hold at once, what it makes included. Counted is what grows with the input, in the library's own reckoning,
    // which errs on the side of more.
    uint64_t memory;
    // A step is an instruction of a check, a value that is compiled or explained, or a small fixed number of bytes that are read: some
    // nanoseconds to some hundred.
    uint64_t steps;
    // Asked at short intervals of the work (mostly well below a tenth of a second; half a second in sources of megabytes) by the thread that does it; anything but 0 ends it with
    // ELIGO_CANCELLED. It may read an atomic flag or a clock; it must not use the handles that the work is about.
    int (*cancelled)(void* context);
    void* context;
} eligo_limits;

// ---- packs

typedef struct eligo_pack eligo_pack;
typedef struct eligo_bytes eligo_bytes;

// From a .eligo file, or from `size` bytes, which are copied; 64 MiB at most. They are verified, wherever they come from.
eligo_status eligo_pack_load(const char* path, eligo_pack** pack, eligo_error** error);
eligo_status eligo_pack_read(const void* bytes, size_t size, eligo_pack** pack, eligo_error** error);
// The same within limits.
eligo_status eligo_pack_load_within(const char* path, const eligo_limits* limits, eligo_pack** pack, eligo_error** error);
eligo_status eligo_pack_read_within(const void* bytes, size_t size, const eligo_limits* limits, eligo_pack** pack, eligo_error** error);
void eligo_pack_free(eligo_pack* pack);

// Into a .eligo file, which is replaced; or as the bytes that eligo_pack_read() takes.
eligo_status eligo_pack_save(const eligo_pack* pack, const char* path, eligo_error** error);
eligo_status eligo_pack_bytes(const eligo_pack* pack, eligo_bytes** bytes, eligo_error** error);
const uint8_t* eligo_bytes_data(const eligo_bytes* bytes);
size_t eligo_bytes_size(const eligo_bytes* bytes);
void eligo_bytes_free(eligo_bytes* bytes);

// The policies by name, and the vocabularies and records that they are about.
size_t eligo_pack_policy_count(const eligo_pack* pack);
const char* eligo_pack_policy_name(const eligo_pack* pack, size_t index);
size_t eligo_pack_subject_count(const eligo_pack* pack);
const char* eligo_pack_subject_name(const eligo_pack* pack, size_t index);

// ---- profiles: one subject's facts

typedef struct eligo_profile eligo_profile;

// A day of the calendar, months and days from 1.
typedef struct eligo_date {
    int32_t year, month, day;
} eligo_date;

// An empty profile of a vocabulary ("company"), or an independent copy of a profile.
eligo_status eligo_profile_new(const eligo_pack* pack, const char* subject, eligo_profile** profile, eligo_error** error);
eligo_status eligo_profile_copy(const eligo_profile* profile, eligo_profile** copy, eligo_error** error);
void eligo_profile_free(eligo_profile* profile);
const char* eligo_profile_subject(const eligo_profile* profile);

// Set a fact. Keys are paths: "employees"; "revenue.2015", a fiscal year of a yearly fact; "claims[0].paid_in", a fact of
// an element of a list; "company.employees", a fact of a record; "fiscal_year" and "company_id" are keys of every subject. A
// fact that is not set is absent: its declared default, else unknown.
//
// A value that cannot be is refused with ELIGO_BAD_VALUE. So that nobody is judged by what was refused, its fact
// becomes unknown, and eligo_profile_problems() goes on naming it until it is set, made unknown or forgotten (of more than 1,000 refused
// values the first 1,000). So is what is not UTF-8, a key, company_id or fiscal_year of more than 10,000 bytes, any other value of more than
// 16,000,000, a year outside 1900 to 2199, and a list of more elements than its vocabulary says, which are 10,000 at most.
//
// eligo_profile_set() takes any value as text: a decimal in plain notation ("12000000.00", in yuan for money; "0.15" or
// "15%" for percentages), a date "2018-06-01", a member's name, a code, a text, "true", "false"; a number, date or
// duration also as a range: "8 .. 12", "3 ..", ".. 500", "0 <..< 1". Integers are whole units, yuan, months or days.
// Binary floating point, which holds no amount exactly, is not taken.
eligo_status eligo_profile_set(eligo_profile* profile, const char* key, const char* value, eligo_error** error);
eligo_status eligo_profile_set_int(eligo_profile* profile, const char* key, int64_t value, eligo_error** error);
eligo_status eligo_profile_set_bool(eligo_profile* profile, const char* key, int value, eligo_error** error);
eligo_status eligo_profile_set_date(eligo_profile* profile, const char* key, eligo_date value, eligo_error** error);
// Given as unknown, which a default does not replace: a yearly fact without a year in all years, a list of unknown length.
eligo_status eligo_profile_set_unknown(eligo_profile* profile, const char* key, eligo_error** error);
// A list of `count` elements; those it had stay, new ones have no facts yet.
eligo_status eligo_profile_set_list(eligo_profile* profile, const char* key, size_t count, eligo_error** error);
// As if it had never been set.
eligo_status eligo_profile_forget(eligo_profile* profile, const char* key, eligo_error** error);

// ELIGO_BAD_VALUE and an error with all that is wrong: values that were refused, and facts that contradict each other (more
// R&D staff than employees). A check of such a profile still answers, but look here first.
eligo_status eligo_profile_problems(const eligo_profile* profile, eligo_error** error);

// ---- policies: checking and explaining

typedef struct eligo_policy eligo_policy;
typedef struct eligo_result eligo_result;
typedef struct eligo_explanation eligo_explanation;

// What is asked besides the facts. Members that are left out in an initialiser are zero, as they should be:
//     eligo_question question = {.struct_size = sizeof question, .as_of = {2018, 6, 1}};
typedef struct eligo_question {
    size_t struct_size;   // sizeof(eligo_question), by which a later library knows an earlier caller
    eligo_date as_of;     // the day of the evaluation, from 1900-01-01 to 2199-12-31
    eligo_date known_on;  // leave out what was published after this day, in the same years; {0, 0, 0}: leave out nothing
    // On what the answer may take; NULL: none. What a check takes at most is known beforehand (eligo_policy_cost()), so that it is made or
    // refused at once; an explanation is ended.
    const eligo_limits* limits;
} eligo_question;

// A policy ready to be checked, with the working memory of its checks; or another one of the same, for another thread.
eligo_status eligo_policy_new(const eligo_pack* pack, const char* name, eligo_policy** policy, eligo_error** error);
eligo_status eligo_policy_copy(const eligo_policy* policy, eligo_policy** copy, eligo_error** error);
void eligo_policy_free(eligo_policy* policy);
const char* eligo_policy_name(const eligo_policy* policy);
// The vocabulary it is about, "company".
const char* eligo_policy_subject(const eligo_policy* policy);
// The days on which its versions are in force, both ends included; `from` or `to` may be NULL.
size_t eligo_policy_period_count(const eligo_policy* policy);
eligo_status eligo_policy_period(const eligo_policy* policy, size_t index, eligo_date* from, eligo_date* to, eligo_error** error);

// What one check takes at most, whatever the profile and the day: steps, and bytes of the working memory that the policy holds. Either
// may be NULL.
eligo_status eligo_policy_cost(const eligo_policy* policy, uint64_t* steps, uint64_t* memory, eligo_error** error);

// Puts the answer into `result`, in place of what it held. Allocates nothing. Answers whatever is unknown;
// ELIGO_BAD_ARGUMENT for a day that cannot be asked about and for a profile of another pack or subject, ELIGO_LIMIT and ELIGO_CANCELLED
// as the question's limits say, and then `result` holds ELIGO_NOT_IN_FORCE without benefits.
eligo_status eligo_policy_check(eligo_policy* policy, const eligo_profile* profile, const eligo_question* question, eligo_result* result, eligo_error** error);
// The verdict again, with all of its reasons, in one language. Allocates.
eligo_status eligo_policy_explain(const eligo_policy* policy, const eligo_profile* profile, const eligo_question* question, eligo_language language,
                                  eligo_explanation** explanation, eligo_error** error);

// A place for results, used for any number of checks of any policies.
eligo_status eligo_result_new(eligo_result** result, eligo_error** error);
void eligo_result_free(eligo_result* result);
eligo_verdict eligo_result_verdict(const eligo_result* result);
// The benefits that the policy gives on that day, in its order. The first look at a value's text after a check allocates, so they
// are one thread's at a time even though nothing seems to change; the texts live until the next check into `result`.
size_t eligo_result_benefit_count(eligo_result* result);
const char* eligo_result_benefit_name(eligo_result* result, size_t index);
// Whether it has a value. ELIGO_UNKNOWN: it may have one, and then the one that is told.
eligo_truth eligo_result_benefit_given(eligo_result* result, size_t index);
// Its value: the same text twice when it is exact, else the ends between which it lies. NULL when it has none, which
// eligo_result_benefit_given() tells; NULL where that says otherwise means that there was no memory for the text.
const char* eligo_result_benefit_low(eligo_result* result, size_t index);
const char* eligo_result_benefit_high(eligo_result* result, size_t index);
// The same ends in fen, where it is money and fits: 1. Otherwise 0, and nothing is written.
int eligo_result_benefit_fen(eligo_result* result, size_t index, int64_t* low, int64_t* high);

// As `eligo check` prints it, without colours; and as `eligo check --json` does. They stay readable and of bounded size, whatever the
// pack and the profile: what decides is told before the rest, and what is left out is counted (docs/limits.md has the bounds).
const char* eligo_explanation_text(const eligo_explanation* explanation);
const char* eligo_explanation_json(const eligo_explanation* explanation);
eligo_verdict eligo_explanation_verdict(const eligo_explanation* explanation);
// The keys of the facts that would settle the verdict or, once it is eligible, an amount.
size_t eligo_explanation_missing_count(const eligo_explanation* explanation);
const char* eligo_explanation_missing(const eligo_explanation* explanation, size_t index);
// How many clauses, elements of lists, values and comparisons are not told, in all; and how many keys of missing facts.
size_t eligo_explanation_left_out(const eligo_explanation* explanation);
size_t eligo_explanation_missing_left_out(const eligo_explanation* explanation);
void eligo_explanation_free(eligo_explanation* explanation);

// ---- many at once

typedef struct eligo_screening eligo_screening;

struct ArrowSchema;  // of the Arrow C Data Interface: <eligo/arrow.h>
struct ArrowArray;

// Policies of one vocabulary, each once, made ready for columns; what goes in and comes out is what <eligo/batch.hpp> says. The question's
// limits are those of making it.
eligo_status eligo_screening_new(const eligo_pack* pack, const char* const* policies, size_t count, const eligo_question* question, eligo_screening** screening,
                                 eligo_error** error);
void eligo_screening_free(eligo_screening* screening);
// The fields that it reads, for rows without fiscal years of their own.
size_t eligo_screening_field_count(const eligo_screening* screening);
const char* eligo_screening_field(const eligo_screening* screening, size_t index);
// Takes `schema` and `array` over: they are released when it returns, whatever it returns. On success `out_schema` and `out_array` are the
// caller's to release; otherwise they are left alone. ELIGO_BAD_VALUE for columns that are no facts, or hold what a fact cannot be.
eligo_status eligo_screening_run(eligo_screening* screening, struct ArrowSchema* schema, struct ArrowArray* array, const eligo_limits* limits,
                                 struct ArrowSchema* out_schema, struct ArrowArray* out_array, eligo_error** error);

// ---- compiling: the full library only

// Policies in memory: `count` texts, with the paths that messages name them by and imports are looked for among; no file is
// read. When they do
// not compile, ELIGO_BAD_SOURCE and an error that tells every mistake. When they do, ELIGO_OK; unlike elsewhere, `error` may
// then hold warnings.
eligo_status eligo_compile(const char* const* paths, const char* const* texts, size_t count, eligo_pack** pack, eligo_error** error);
// Files ending in .policy, folders of them (and the folders in these), or one .eligo pack. Imports are followed within the folders
// that are named, and for a file within the one that it lies in; only regular files are read.
eligo_status eligo_compile_files(const char* const* paths, size_t count, eligo_pack** pack, eligo_error** error);
// The same within limits. One source has 4,000,000 bytes at most, all together 80,000,000.
eligo_status eligo_compile_within(const char* const* paths, const char* const* texts, size_t count, const eligo_limits* limits, eligo_pack** pack, eligo_error** error);
eligo_status eligo_compile_files_within(const char* const* paths, size_t count, const eligo_limits* limits, eligo_pack** pack, eligo_error** error);

#ifdef __cplusplus
}
#endif

#endif
