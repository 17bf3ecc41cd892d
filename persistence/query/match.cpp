#include "persistence/query/match.h"

#include <algorithm>
#include <optional>
#include <string>

#include "engine/base/json.h"

namespace fermata::query {
namespace {

std::size_t character_bytes(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return end - at;
}

bool among(const Scalar& actual, const std::vector<Scalar>& operands) {
  return std::find(operands.begin(), operands.end(), actual) != operands.end();
}

bool fulfils_list(const Scalar& json, const Condition& condition, Effort& effort) {
  std::vector<Scalar> texts;
  if (json.kind == Scalar::Kind::text) {
    const Result<Value> list = parse_json(json.text);
    if (list && list->is_list()) {
      for (const Value& item : list->as_list()) {
        if (item.is_string()) texts.push_back({Scalar::Kind::text, 0, std::string(item.as_string())});
      }
    }
  }
  const auto any = [&](auto&& holds) { return std::any_of(texts.begin(), texts.end(), holds); };
  switch (condition.op) {
    case Op::eq:
    case Op::in: return any([&](const Scalar& text) { return among(text, condition.operands); });
    case Op::neq:
    case Op::not_in: return !any([&](const Scalar& text) { return among(text, condition.operands); });
    case Op::like: return any([&](const Scalar& text) { return is_like(text.text, condition.operands.front().text, effort); });
    case Op::exists: return (condition.operands.front().integer != 0) == !texts.empty();
    default: return false;
  }
}

std::optional<std::strong_ordering> order_of(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return compare(a.as_number(), b.as_number());
  if (a.is_string() && b.is_string()) return a.as_string().compare(b.as_string()) <=> 0;
  return std::nullopt;
}

}  // namespace

Error too_costly() {
  return {ErrorCode::limit_exceeded, "a text is too long for this pattern of $like, it takes more than " + std::to_string(like_steps_max) +
                                         " steps to compare them; narrow the search by other conditions, or give a shorter pattern"};
}

bool is_like(std::string_view text, std::string_view pattern, Effort& effort) {
  // Greedy with one point to come back to: the last star. Each star is retried at most once per character of the text.
  std::size_t at = 0, next = 0, star = std::string_view::npos, retry = 0, steps = 0;
  while (at < text.size()) {
    if (++steps > effort.like_steps) {
      effort.spent = true;
      return false;
    }
    if (next < pattern.size() && pattern[next] == '*') {
      star = next++;
      retry = at;
      continue;
    }
    if (next < pattern.size() && pattern[next] == '?') {
      at += character_bytes(text, at);
      ++next;
      continue;
    }
    const bool escaped = next + 1 < pattern.size() && pattern[next] == '\\';
    if (next < pattern.size() && text[at] == pattern[next + (escaped ? 1 : 0)]) {
      ++at;
      next += escaped ? 2 : 1;
      continue;
    }
    if (star == std::string_view::npos) return false;
    retry += character_bytes(text, retry);
    at = retry;
    next = star + 1;
  }
  while (next < pattern.size() && pattern[next] == '*') ++next;
  return next == pattern.size();
}

bool fulfils(const Field& field, const Scalar& actual, const Condition& condition, Effort& effort) {
  if (field.type == FieldType::text_list) return fulfils_list(actual, condition, effort);
  const bool absent = actual.kind == Scalar::Kind::null;
  const std::vector<Scalar>& operands = condition.operands;
  switch (condition.op) {
    case Op::eq:
    case Op::in: return !absent && among(actual, operands);
    case Op::neq:
    case Op::not_in: return absent || !among(actual, operands);
    case Op::gt: return !absent && operands.front() < actual;
    case Op::gte: return !absent && !(actual < operands.front());
    case Op::lt: return !absent && actual < operands.front();
    case Op::lte: return !absent && !(operands.front() < actual);
    case Op::like: return !absent && is_like(actual.text, operands.front().text, effort);
    case Op::exists: return (operands.front().integer != 0) == !absent;
  }
  return false;
}

bool fulfils(const Value& actual, FieldCondition::Op op, const std::vector<Value>& operands, Effort& effort) {
  const auto equals_any = [&] { return std::any_of(operands.begin(), operands.end(), [&](const Value& one) { return one == actual; }); };
  const auto order = [&] { return operands.empty() ? std::nullopt : order_of(actual, operands.front()); };
  switch (op) {
    case Op::eq:
    case Op::in: return equals_any();
    case Op::neq:
    case Op::not_in: return !equals_any();
    case Op::gt: return order() == std::strong_ordering::greater;
    case Op::gte: return order() == std::strong_ordering::greater || order() == std::strong_ordering::equal;
    case Op::lt: return order() == std::strong_ordering::less;
    case Op::lte: return order() == std::strong_ordering::less || order() == std::strong_ordering::equal;
    case Op::like: return actual.is_string() && !operands.empty() && operands.front().is_string() && is_like(actual.as_string(), operands.front().as_string(), effort);
    case Op::exists: return !operands.empty() && operands.front().is_boolean() && operands.front().as_boolean();
  }
  return false;
}

}  // namespace fermata::query
