#include "activities/builtin/tryton/input.h"

namespace fermata::tryton {

// The input of a task that maps none holds every variable that is visible, whoever has set it: it must not take the place
// of what the model's author has written.
std::string text_input(const sdk::Call& call, std::string_view name) {
  if (std::string text = call.headers().string_or(name, ""); !text.empty()) return text;
  if (const sdk::Json* value = call.input().find(name); value != nullptr && !value->is_null()) {
    if (!value->is_string()) throw sdk::InputError("the input \"" + std::string(name) + "\" must be a text");
    return value->as_string();
  }
  return {};
}

std::string required_text(const sdk::Call& call, std::string_view name) {
  std::string text = text_input(call, name);
  if (text.empty()) throw sdk::InputError("the input \"" + std::string(name) + "\" is missing");
  return text;
}

sdk::Json json_input(const sdk::Call& call, std::string_view name) {
  const std::string text = call.headers().string_or(name, "");
  if (text.empty()) {
    const sdk::Json* value = call.input().find(name);
    return value != nullptr ? *value : sdk::Json();
  }
  try {
    return sdk::Json::parse(text);
  } catch (const sdk::JsonError& error) {
    throw sdk::InputError("the header \"" + std::string(name) + "\" is not JSON: " + error.what());
  }
}

std::string result_name(const sdk::Call& call) {
  return call.headers().string_or("resultVariable", "result");
}

}  // namespace fermata::tryton
