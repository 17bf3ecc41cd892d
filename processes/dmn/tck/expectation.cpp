#include "processes/dmn/tck/expectation.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "processes/feel/feel.h"
#include "processes/feel/values.h"

namespace fermata::dmn::tck {
namespace {

using xml::XmlElement;

Value read_simple(const XmlElement& value) {
  if (is_true(value.find(xml::Namespace::xsi, "nil"), false)) return Value::null();
  std::string_view type = value.get(xml::Namespace::xsi, "type");
  type = type.substr(type.find(':') + 1);
  static const std::map<std::string_view, std::vector<const char*>> feel_types{
      {"decimal", {"number"}},
      {"double", {"number"}},
      {"float", {"number"}},
      {"integer", {"number"}},
      {"int", {"number"}},
      {"long", {"number"}},
      {"boolean", {"boolean"}},
      {"date", {"date"}},
      {"time", {"time"}},
      {"dateTime", {"date and time"}},
      {"duration", {"years and months duration", "days and time duration"}},
      {"yearMonthDuration", {"years and months duration"}},
      {"dayTimeDuration", {"days and time duration"}}};
  const auto known = feel_types.find(type);
  if (known == feel_types.end()) return Value::string(value.text);
  for (const char* feel_type : known->second) {
    if (Result<Value> made = feel::value_from_text(feel_type, value.trimmed_text())) return *std::move(made);
  }
  return Value::string("unreadable " + value.text);
}

}  // namespace

const XmlElement* child(const XmlElement& element, std::string_view name) {
  const auto found = std::ranges::find_if(element.children, [&](const XmlElement* each) { return each->name == name; });
  return found == element.children.end() ? nullptr : *found;
}

std::vector<const XmlElement*> children(const XmlElement& element, std::string_view name) {
  std::vector<const XmlElement*> found;
  for (const XmlElement* each : element.children) {
    if (each->name == name) found.push_back(each);
  }
  return found;
}

Value read_value(const XmlElement& holder) {
  if (const XmlElement* list = child(holder, "list")) {
    if (is_true(list->find(xml::Namespace::xsi, "nil"), false)) return Value::null();
    Value::List items;
    for (const XmlElement* item : children(*list, "item")) items.push_back(read_value(*item));
    return Value::list(std::move(items));
  }
  if (const XmlElement* value = child(holder, "value")) return read_simple(*value);
  const std::vector<const XmlElement*> components = children(holder, "component");
  if (components.empty()) return Value::null();
  Value::Entries entries;
  for (const XmlElement* component : components)
    entries.push_back({std::string(component->get("name")), read_value(*component)});
  return Value::context(std::move(entries));
}

bool is_untyped(const XmlElement& element) {
  if (element.name == "value" && element.find(xml::Namespace::xsi, "type") != nullptr) return false;
  return std::ranges::all_of(element.children, [](const XmlElement* each) { return is_untyped(*each); });
}

bool agrees(const Value& expected, const Value& actual, bool untyped) {
  // Without types there is no other way to write null.
  if (untyped && expected.is_string() && expected.as_string().empty() && actual.is_null()) return true;
  if (untyped && expected.is_string() && !actual.is_null() && !actual.is_list() && !actual.is_context())
    return expected.as_string() == feel::to_feel_text(actual);
  if (expected.is_number() && actual.is_number()) {
    constexpr double tolerance = 1e-8;
    const double a = to_double(expected.as_number());
    const double b = to_double(actual.as_number());
    return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(a));
  }
  if (expected.is_list() && actual.is_list()) {
    const auto a = expected.as_list();
    const auto b = actual.as_list();
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](const Value& x, const Value& y) { return agrees(x, y, untyped); });
  }
  if (expected.is_context() && actual.is_context()) {
    const auto entries = expected.as_context();
    return entries.size() == actual.as_context().size() &&
           std::all_of(entries.begin(), entries.end(), [&](const Value::Entry& entry) {
             const Value* other = actual.find(entry.key);
             return other != nullptr && agrees(entry.value, *other, untyped);
           });
  }
  if (expected.is_boxed() && actual.is_boxed()) return feel::identical(expected, actual);
  return expected == actual;
}

}  // namespace fermata::dmn::tck
