#include "persistence/query/match.h"

#include <gtest/gtest.h>

#include "engine/base/json.h"
#include "persistence/query/cursor.h"

namespace fermata::query {
namespace {

bool is_like(std::string_view text, std::string_view pattern) {
  Effort effort;
  const bool fits = query::is_like(text, pattern, effort);
  EXPECT_FALSE(effort.spent);
  return fits;
}

bool fulfils(const Value& actual, Op op, const std::vector<Value>& operands) {
  Effort effort;
  return query::fulfils(actual, op, operands, effort);
}

TEST(Like, KnowsItsWildcards) {
  EXPECT_TRUE(is_like("", ""));
  EXPECT_TRUE(is_like("", "*"));
  EXPECT_FALSE(is_like("", "?"));
  EXPECT_TRUE(is_like("order-7", "order-?"));
  EXPECT_FALSE(is_like("order-17", "order-?"));
  EXPECT_TRUE(is_like("order-17", "o*-1*"));
  EXPECT_TRUE(is_like("aXbXc", "*X*X*"));
  EXPECT_FALSE(is_like("aXbc", "*X*X*"));
  EXPECT_TRUE(is_like("mississippi", "m*iss*pi"));
  EXPECT_FALSE(is_like("abc", "ab"));
  EXPECT_FALSE(is_like("ABC", "abc"));
  EXPECT_TRUE(is_like("für", "f?r")) << "a question mark is one character, not one byte";
  EXPECT_TRUE(is_like("50*", "50\\*"));
  EXPECT_FALSE(is_like("500", "50\\*"));
  EXPECT_TRUE(is_like("what?", "*\\?"));
  EXPECT_TRUE(is_like("100%_", "100%_")) << "SQL's wildcards mean nothing here";
}

TEST(Like, IsNotFooledIntoExponentialTime) {
  const std::string text(20'000, 'a');
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "a*";
  EXPECT_FALSE(is_like(text, pattern + "b"));
}

TEST(Like, SaysThatItHasGivenUp) {
  const std::string text(100, 'a');
  const std::string pattern = "*" + std::string(50, 'a') + "b";
  Effort enough{.like_steps = 10'000};
  EXPECT_FALSE(query::is_like(text, pattern, enough));
  EXPECT_FALSE(enough.spent);
  Effort little{.like_steps = 1'000};
  EXPECT_FALSE(query::is_like(text, pattern, little));
  EXPECT_TRUE(little.spent) << "false means nothing here";
  Effort with_value{.like_steps = 1'000};
  EXPECT_FALSE(query::fulfils(Value::string(text), Op::like, {Value::string(pattern)}, with_value));
  EXPECT_TRUE(with_value.spent);
  Effort with_list{.like_steps = 1'000};
  const Field list{.name = "groups", .type = FieldType::text_list};
  const Scalar groups{Scalar::Kind::text, 0, "[\"b\",\"" + text + "\"]"};
  const Condition condition{0, Op::like, {{Scalar::Kind::text, 0, pattern}}};
  EXPECT_FALSE(query::fulfils(list, groups, condition, with_list));
  EXPECT_TRUE(with_list.spent);
  EXPECT_EQ(too_costly().code, ErrorCode::limit_exceeded);
}

TEST(VariableCondition, ComparesAsJson) {
  const auto value = [](const char* json) { return *parse_json(json); };
  EXPECT_TRUE(fulfils(value("1"), Op::eq, {value("1.0")}));
  EXPECT_TRUE(fulfils(value("12345678901234567890123"), Op::eq, {value("12345678901234567890123")}));
  EXPECT_FALSE(fulfils(value("12345678901234567890123"), Op::eq, {value("12345678901234567890124")})) << "not as doubles";
  EXPECT_TRUE(fulfils(value("12345678901234567890124"), Op::gt, {value("12345678901234567890123")}));
  EXPECT_FALSE(fulfils(value("\"10\""), Op::gt, {value("9")})) << "a string and a number have no order";
  EXPECT_FALSE(fulfils(value("null"), Op::lt, {value("9")}));
  EXPECT_TRUE(fulfils(value("null"), Op::eq, {value("null")}));
  EXPECT_TRUE(fulfils(value("{\"a\":1,\"b\":[2]}"), Op::eq, {value("{\"b\":[2],\"a\":1.0}")}));
  EXPECT_TRUE(fulfils(value("\"b\""), Op::gte, {value("\"a\"")}));
  EXPECT_FALSE(fulfils(value("true"), Op::like, {value("\"t*\"")}));
}

TEST(Cursor, SurvivesARoundTripAndNothingElse) {
  const std::vector<Scalar> position{Scalar{}, Scalar::of(-7), {Scalar::Kind::text, 0, std::string("\0ü", 3)}, {Scalar::Kind::text, 0, ""}};
  const std::string cursor = make_cursor(position, 42);
  EXPECT_EQ(decode_cursor(cursor, 42, 4), position);
  EXPECT_EQ(decode_cursor(cursor, 43, 4), std::nullopt);
  EXPECT_EQ(decode_cursor(cursor, 42, 3), std::nullopt);
  EXPECT_EQ(decode_cursor(cursor.substr(2), 42, 4), std::nullopt);
  EXPECT_EQ(decode_cursor("", 42, 4), std::nullopt);
  EXPECT_EQ(decode_cursor("not hex at all!", 42, 4), std::nullopt);
}

}  // namespace
}  // namespace fermata::query
