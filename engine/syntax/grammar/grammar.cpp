// The grammar of the language in Boost.Spirit X3, in the order of the language reference: tokens, expressions,
// types, declarations, policies, scenarios. It builds the concrete tree of cst.hpp and understands nothing: what
// needs a second look (a wrong operator, a date that is none) is read here and told by from_cst.
//
// No alternative reads an expression twice: alternatives are told apart by their first token, so that time stays
// linear. Nothing here has an X3 attribute; nodes are pushed by the directives of recovery.hpp.
#include "cst.hpp"

#include "recovery.hpp"

#include <algorithm>

namespace eligo::syntax::grammar {

namespace {

// ---- Tokens ----------------------------------------------------------------------------------------------------

constexpr auto word(std::string_view spelling) { return Word(spelling); }
constexpr auto pair(std::string_view first, std::string_view second) { return WordPair(first, second); }
constexpr auto sign(std::string_view spelling, std::string_view not_before = {}) { return Sign(spelling, not_before); }

const auto name = node(Kind::Name, name_token);
const auto text = node(Kind::Text, text_token);
const auto date = node(Kind::Date, date_token);
const auto count = node(Kind::Count, count_token);
const auto citation = node(Kind::Citation, citation_token);
const auto range_sign = node(Kind::Operator, range_token);

const auto need_name = need(Missing::Name, name);
const auto need_text = need(Missing::Text, text);
const auto need_date = need(Missing::Date, date);

const auto line_end = sign("\n");
const auto lines = *line_end;
const auto end_of_entry = need(Missing::EndOfEntry, line_end | end_of_file | ahead(sign("}")) | new_declaration);
const auto end_of_item = need(Missing::EndOfItem, sign(",") | line_end | end_of_file | ahead(sign("}")));
const auto between_items = +(sign(",") | line_end);

const auto label = node(Kind::Label, text >> -(sign("|") >> lines >> need_text));

// ---- Expressions -----------------------------------------------------------------------------------------------

struct expression_tag;
struct if_rest_tag;
struct unary_tag;
struct negation_tag;
struct additive_tag;
struct argument_tag;
struct value_tag;
const x3::rule<expression_tag> expression = "expression";
const x3::rule<if_rest_tag> if_rest = "the rest of an if";
const x3::rule<unary_tag> unary = "unary";
const x3::rule<negation_tag> negation = "negation";
const x3::rule<additive_tag> additive = "additive";
const x3::rule<argument_tag> argument = "argument";
const x3::rule<value_tag> value = "value";

const auto need_expression = need(Missing::Expression, expression);
const auto need_additive = need(Missing::Expression, additive);

// `lo .. hi`, whose ends may both be open. What may follow a range must not be read as its upper end.
const auto follows_range = text_token | word("default") | word("fixed") | word("rising") | word("published") | word("always");
const auto range_tail = range_sign >> -(!follows_range >> additive);
const auto range_of = [](const auto& low) { return chain(Kind::Range, low >> -range_tail) | chain(Kind::Range, range_tail); };
const auto range_or_additive = range_of(additive);
const auto range_or_expression = range_of(expression);

const auto set = node(Kind::Set, sign("{") >> lines >> -(range_or_additive % between_items) >> -between_items >> need(sign("}")));

const auto for_part = node(Kind::ForPart, word("for") >> need_name >> need(word("in")) >> need(Missing::Expression, range_or_additive) >>
                                              -(word("where") >> need_expression));
const auto where_part = node(Kind::WherePart, word("where") >> need_expression);
const auto argument_def = range_or_expression >> -(for_part | where_part);
const auto arguments = node(Kind::Arguments, sign("(") >> -(argument % sign(",")) >> need(sign(")")));
const auto named = chain(Kind::Call, name >> -arguments);

const auto if_word = node(Kind::Operator, word("if"));
const auto else_if_word = node(Kind::Operator, word("elseif") | word("elsif") | word("elif"));
const auto if_rest_def = need_expression >> need(word("then")) >> need_expression >>
                         (node(Kind::If, else_if_word >> nested(if_rest)) | (need(word("else")) >> need_expression));
const auto conditional = node(Kind::If, if_word >> if_rest);

const auto bracketed = node(Kind::Bracketed, sign("(") >> need_expression >> need(sign(")")));
const auto constant = node(Kind::Constant, word("true") | word("false") | word("unknown"));
const auto number = node(Kind::Number, number_token);

const auto member_part = node(Kind::MemberPart, sign(".", ".") >> need_name);
const auto index_part = node(Kind::IndexPart, sign("[") >> need_additive >> -(range_sign >> need_additive) >> need(sign("]")));
const auto parts = *(member_part | index_part);
const auto path = chain(Kind::Postfix, name >> parts);

const auto between_word = node(Kind::Operator, ahead(pair("months", "from") | pair("days", "from")) >> (word("months") | word("days")));
const auto operand = chain(Kind::Postfix, (bracketed | date | number | constant | text | named) >> parts);
const auto between = node(Kind::Between, between_word >> word("from") >> need(Missing::Expression, operand) >> need(word("to")) >>
                                             need(Missing::Expression, operand));
const auto primary = conditional | between | operand;

const auto as_of = chain(Kind::AsOf, primary >> -(node(Kind::Operator, pair("as", "of")) >> need(Missing::Date, operand)));
const auto unary_def = node(Kind::Negate, node(Kind::Operator, sign("-")) >> need(Missing::Expression, nested(unary))) | as_of;
const auto multiply_sign = node(Kind::Operator, sign("*") | sign("/"));
const auto multiplicative = chain(Kind::Binary, unary >> *(multiply_sign >> need(Missing::Expression, unary)));
const auto add_sign = node(Kind::Operator, sign("+") | sign("-"));
const auto additive_def = chain(Kind::Binary, multiplicative >> *(add_sign >> need(Missing::Expression, multiplicative)));

const auto in_word = node(Kind::Operator, word("in") | pair("not", "in"));
const auto compare_sign = node(Kind::Operator, comparison_token);
const auto comparison = chain(Kind::Compare, additive >> *((compare_sign >> need_additive) |
                                                           (in_word >> need(Missing::RangeOrSet, set | range_or_additive))));
// The signs of other languages are read as what they mean there, and told by from_cst.
const auto not_sign = node(Kind::Operator, word("not") | sign("!", "="));
const auto negation_def = node(Kind::Not, not_sign >> need(Missing::Expression, nested(negation))) | comparison;
const auto and_sign = node(Kind::Operator, word("and") | sign("&&") | sign("&"));
const auto conjunction = chain(Kind::Binary, negation >> *(and_sign >> need(Missing::Expression, negation)));
const auto or_sign = node(Kind::Operator, word("or") | sign("||"));
const auto disjunction = chain(Kind::Binary, conjunction >> *(or_sign >> need(Missing::Expression, conjunction)));
const auto otherwise_word = node(Kind::Operator, word("otherwise"));
const auto expression_def = nested(chain(Kind::Otherwise, disjunction >> *(otherwise_word >> need(Missing::Expression, disjunction))));

// What a scenario gives: besides ranges and constants, lists of records.
const auto field_value = node(Kind::FieldValue, name >> need(sign("=", "=")) >> need(Missing::Expression, value));
const auto record = node(Kind::Record, sign("{") >> lines >> -(field_value % between_items) >> -between_items >> need(sign("}")));
const auto list = node(Kind::List, sign("[") >> lines >> -(value % between_items) >> -between_items >> need(sign("]")));
const auto value_def = nested(record | list | range_or_expression);

BOOST_SPIRIT_DEFINE(expression, if_rest, unary, negation, additive, argument, value)

// ---- Types -----------------------------------------------------------------------------------------------------

struct type_tag;
const x3::rule<type_tag> type = "type";

const auto type_word = [](std::string_view spelling) { return node(Kind::Word, Word(spelling)); };
const auto member = node(Kind::Member, name >> -label);
const auto members = need(sign("{")) >> lines >> -(member % between_items) >> -between_items >> need(sign("}"));
// These words are types only where what follows says so; a record may be called `list`.
const auto one_of = node(Kind::Word, word("one") >> ahead(word("of") | sign("{"))) >> need(word("of")) >> members;
const auto code = node(Kind::Word, word("code") >> ahead(name)) >> name;
const auto list_of = node(Kind::Word, word("list") >> ahead(word("of") | name)) >> need(word("of")) >> need_name >>
                     -node(Kind::UpTo, pair("up", "to") >> need(Missing::Count, count));
const auto plain_type = one_of | list_of | code | type_word("bool") | type_word("int") | type_word("number") | type_word("percent") |
                        type_word("money") | type_word("date") | type_word("months") | type_word("days") | type_word("text") | (name >> !sign(":"));
const auto type_def = node(Kind::Type, (node(Kind::Operator, word("yearly")) >> need(Missing::Type, plain_type)) | plain_type);
const auto need_type = need(Missing::Type, type);

// ---- Sources, lets, parameters, tables -------------------------------------------------------------------------

const auto trailer = *(label | citation);

const auto import = entry(Kind::Import, word("import") >> need_text >> end_of_entry);
const auto source = entry(Kind::Source, word("source") >> need_name >> need_text >> end_of_entry);

const auto let_parameter = node(Kind::LetParameter, need_name >> -(sign(":") >> need_type));
const auto parameters = node(Kind::Parameters, sign("(") >> -(!sign(")") >> let_parameter % sign(",")) >> need(sign(")")));
const auto let_with = [](const auto& end, Separator separator) {
    return entry(Kind::Let, word("let") >> need_name >> -parameters >> need(sign("=", "=")) >> need_expression >> trailer >> end, separator);
};
const auto let = let_with(end_of_entry, Separator::Line);

const auto published = node(Kind::Published, word("published") >> need_date);
// The date is looked at before it is read: what an alternative has read stays in the tree although it fails later.
const auto period = node(Kind::Range, -date >> need(Missing::Period, range_sign) >> -(ahead(date >> value_begins) >> date));
const auto parameter_entry =
    entry(Kind::ParameterEntry, period >> -published >> need_expression >> *citation >> end_of_entry);
const auto parameter_header = word("parameter") >> need_name >> need(sign(":")) >> need_type >> trailer;
const auto parameter = entry(Kind::Parameter, header(parameter_header) >> body(parameter_entry, {Missing::Period, Separator::Line, true}) >>
                                                  end_of_entry);

const auto cell_end = sign("|") | line_end | citation_token | sign("}") | word("published") | end_of_file;
const auto any_cell = node(Kind::Operator, sign("-") >> ahead(cell_end));
const auto compared_cell = node(Kind::CellComparison, node(Kind::Operator, comparison_token) >> need_additive);
const auto cell = node(Kind::Cell, -(any_cell | set | compared_cell | range_or_expression) >> -published);
const auto cells = cell % sign("|", "|");
const auto otherwise_row = node(Kind::Word, word("otherwise")) >> need(sign("|", "|")) >> cells;
const auto row = entry(Kind::Row, (otherwise_row | cells) >> *citation >> end_of_entry);

// The first line of a table repeats its inputs. When it does not, that is told, and the line is read as a row.
struct HeaderMissing : Token<HeaderMissing> {
    [[nodiscard]] std::size_t end_of(const Builder&, std::size_t) const { return npos; }
    template <class Context, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator&, const Context& context, RuleContext&, Attribute&) const {
        Builder& builder = x3::get<BuilderTag>(context);
        builder.mistakes.push_back(failure(builder, first, Missing::TableHeader).mistake);
        return false;
    }
};
const auto header_line_end = need(Missing::TableHeader, line_end | end_of_file | ahead(sign("}")));
const auto table_head = entry(Kind::Header, name >> *(sign("|") >> need(Missing::TableHeader, name)) >> header_line_end) | HeaderMissing{};

const auto result = node(Kind::Result, name >> need(sign(":")) >> need_type);
const auto results = node(Kind::Results, sign("(") >> need(Missing::Name, result) % sign(",") >> need(sign(")"))) |
                     node(Kind::Results, need_type);
const auto first_word = node(Kind::Flag, word("first") | word("unique"));
const auto table_header =
    word("table") >> need_name >> need_sign("(", parameters) >> need(sign(":")) >> results >> -first_word >> trailer;
const auto table = entry(Kind::Table, header(table_header) >> body(table_head, row, {Missing::Period, Separator::Line, true}) >> end_of_entry);

// ---- Vocabularies and records ----------------------------------------------------------------------------------

const auto in_range = node(Kind::InRange, word("in") >> need(Missing::Range, chain(Kind::Range, additive >> need(Missing::Range, range_sign) >>
                                                                                                   -(!follows_range >> additive)) |
                                                                                  chain(Kind::Range, range_tail)));
const auto default_value = node(Kind::Default, word("default") >> need_expression);
const auto change = node(Kind::Flag, word("fixed") | word("rising"));
const auto field = entry(Kind::Field, name >> need(sign(":")) >> need_type >> *(in_range | default_value | change | label | citation) >> end_of_item,
                         Separator::LineOrComma);
const auto subject_entry = let_with(end_of_item, Separator::LineOrComma) | field;
const auto subject_body = body(subject_entry, {Missing::SubjectEntry, Separator::LineOrComma, true});
const auto vocabulary = entry(Kind::Vocabulary, header(word("vocabulary") >> need_name >> -label) >> subject_body >> end_of_entry);
const auto record_declaration = entry(Kind::RecordDeclaration, header(word("record") >> need_name >> -label) >> subject_body >> end_of_entry);

// ---- Policies --------------------------------------------------------------------------------------------------

struct clause_tag;
const x3::rule<clause_tag> clause = "clause";

const auto need_period = need(Missing::Period, chain(Kind::Range, additive >> need(Missing::Period, range_sign) >> -additive) |
                                                   chain(Kind::Range, range_sign >> additive));
const auto authority = entry(Kind::Authority, word("authority") >> need(Missing::Text, label) >> end_of_entry);
const auto in_force = entry(Kind::InForce, word("in") >> need(word("force")) >> need_period >> end_of_entry);
const auto assessed_on = entry(Kind::AssessedOn, word("assessed") >> need(word("on")) >> need_expression >> end_of_entry);
const auto conflict = entry(Kind::Conflict, word("conflicts") >> need(word("with")) >> need_name >> *citation >> end_of_entry);

// A text behind `require name` or `when` is the label: no condition begins with one.
const auto guard = node(Kind::Guard, node(Kind::Operator, word("when") | word("unless")) >> need(Missing::Expression, !text_token >> expression));
const auto asking = node(Kind::Word, word("require") | word("exclude"));
const auto single_clause = entry(Kind::Clause, asking >> need(Missing::ClauseName, name) >>
                                                   need(Missing::Condition, !text_token >> expression) >>
                                                   *(guard | label | citation) >> end_of_entry);
const auto at_least = node(Kind::Word, word("at")) >> need(word("least")) >> need(Missing::Count, count) >> need(word("of"));
const auto grouping = at_least | (node(Kind::Word, word("all") | word("any")) >> need(word("of")));
const auto clause_group = entry(Kind::Clause, header(grouping >> need_name >> *(guard | label | citation)) >>
                                                  body(clause, {Missing::PolicyEntry, Separator::Line, true}) >> end_of_entry);
const auto clause_def = single_clause | nested(clause_group);
BOOST_SPIRIT_DEFINE(type, clause)

const auto benefit_when = node(Kind::When, node(Kind::Operator, word("when")) >> need(Missing::Expression, !text_token >> expression)) |
                          node(Kind::When, node(Kind::Operator, word("always")));
const auto benefit = entry(Kind::Benefit, word("benefit") >> need_name >> need(sign(":")) >> need_type >> need(sign("=", "=")) >>
                                              need_expression >> *(benefit_when | label | citation) >> end_of_entry);
const auto policy_entry =
    authority | source | in_force | assessed_on | conflict | let | table | parameter | clause | benefit;
const auto policy_header = word("policy") >> need_name >> need(word("for")) >> need_name >> -label;
const auto policy = entry(Kind::Policy, header(policy_header) >> body(policy_entry, {Missing::PolicyEntry, Separator::Line, true}) >>
                                            end_of_entry);

// ---- Scenarios -------------------------------------------------------------------------------------------------

// The next word opens a section or another declaration: the list of items before it has ended.
struct ItemsEnd : Token<ItemsEnd> {
    [[nodiscard]] std::size_t end_of(const Builder& builder, std::size_t at) const {
        const std::string_view opening = word_at(builder.text, at);
        const std::size_t next = skip_blanks(builder.text, at + opening.size());
        const bool assigned = next < builder.text.size() && builder.text[next] == '=';
        const bool section = !assigned && has_role(opening, OpensScenarioEntry);
        return section || begins_other_declaration(builder.text, at) ? at : npos;
    }
};
const ItemsEnd items_end;

// A section is one entry of a scenario, so that a mistake before its first item costs no more than the section.
const auto items_of = [](const auto& item) { return *(-between_items >> !items_end >> item); };
const auto given = entry(Kind::Given, path >> need(sign("=", "=")) >> need(Missing::Expression, value) >> end_of_item, Separator::LineOrComma);
const auto given_section = entry(Kind::Section, word("given") >> need(Missing::Given, given) >> items_of(given));

const auto verdict = node(Kind::Verdict, word("eligible") | word("ineligible") | word("undetermined") |
                                             (word("not") >> need(word("in")) >> need(word("force"))));
const auto outcome = node(Kind::Outcome, word("holds") | word("fails") | word("unknown"));
const auto begins_expectation = word("eligible") | word("ineligible") | word("undetermined") | word("not") | word("because") | word("needs");
// A list of paths goes on behind a comma, unless what stands there is an expectation of its own.
const auto compares = sign("=") | word("in") | word("holds") | word("fails") | word("unknown");
const auto next_path = sign(",") >> lines >> !items_end >> !begins_expectation >> ahead(path >> !compares) >> path;
const auto paths = need(Missing::Name, path) >> *next_path;
const auto because = node(Kind::Because, word("because") >> paths);
const auto needs = node(Kind::Needs, word("needs") >> paths);
const auto equals = node(Kind::Operator, sign("=", "=")) >> need(Missing::Expression, value);
const auto lies_in = node(Kind::Operator, word("in")) >> need(Missing::Range, range_or_additive);
const auto expected = (verdict >> *(because | needs)) | because | needs |
                      (path >> need(Missing::ExpectedValue, equals | lies_in | outcome));
const auto expectation = entry(Kind::Expect, expected >> end_of_item, Separator::LineOrComma);
const auto expect_section = entry(Kind::Section, word("expect") >> need(Missing::Expectation, expectation) >> items_of(expectation));

const auto as_of_date = node(Kind::AsOfDate, need(word("as")) >> need(word("of")) >> need_date);
const auto known_on = node(Kind::KnownOn, word("known") >> need(word("on")) >> need_date);
const auto like = node(Kind::Like, word("like") >> need_text);
const auto scenario_header = word("scenario") >> need_text >> need(word("for")) >> need_name >> as_of_date >> *(known_on | like);
const auto scenario = entry(Kind::Scenario, header(scenario_header) >> body(given_section | expect_section,
                                                                            {Missing::ScenarioEntry, Separator::LineOrComma, true}) >>
                                                end_of_entry);

// ---- Files -----------------------------------------------------------------------------------------------------

const auto declaration = import | source | vocabulary | record_declaration | parameter | table | let | policy | scenario;
const auto file = node(Kind::File, body(declaration, {Missing::Declaration, Separator::Line, false}));
const auto expression_alone = entry(Kind::File, lines >> need_expression >> lines >> need(Missing::EndOfText, end_of_file));
const auto blank = x3::lit(' ') | '\t' | '\r';

template <class Parser>
Tree tree_of(std::string_view written, const Progress& progress, const Parser& parser) {
    Builder builder;
    builder.text = written;
    builder.progress = &progress;
    Iterator first = written.data();
    const Iterator last = first + written.size();
    x3::phrase_parse(first, last, x3::with<BuilderTag>(builder)[parser], blank);
    return {std::move(builder.nodes), std::move(builder.mistakes)};
}

}  // namespace

std::vector<NodeId> Tree::children(NodeId id) const {
    std::vector<NodeId> found;
    for (NodeId at = id; at > nodes[id].first; at = nodes[at - 1].first) found.push_back(at - 1);
    std::ranges::reverse(found);
    return found;
}

Tree parse_tree(std::string_view text, const Progress& progress) { return tree_of(text, progress, file); }
Tree parse_expression_tree(std::string_view text, const Progress& progress) { return tree_of(text, progress, expression_alone); }

}  // namespace eligo::syntax::grammar
