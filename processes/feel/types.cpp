#include "processes/feel/types.h"

#include <algorithm>

#include "processes/feel/function.h"

namespace fermata::feel {

std::string_view kind_name(Type::Kind kind) {
  static constexpr std::string_view names[] = {"Any",
                                               "Null",
                                               "number",
                                               "string",
                                               "boolean",
                                               "date",
                                               "time",
                                               "date and time",
                                               "days and time duration",
                                               "years and months duration",
                                               "list",
                                               "context",
                                               "range",
                                               "function"};
  return names[static_cast<std::size_t>(kind)];
}

Type::Kind kind_of(const Value& value) {
  if (value.is_number()) return Type::Kind::number;
  if (value.is_string()) return Type::Kind::string;
  if (value.is_boolean()) return Type::Kind::boolean;
  if (has_tag(value, Tag::date)) return Type::Kind::date;
  if (has_tag(value, Tag::time)) return Type::Kind::time;
  if (has_tag(value, Tag::date_time)) return Type::Kind::date_time;
  if (has_tag(value, Tag::days_duration)) return Type::Kind::days_duration;
  if (has_tag(value, Tag::months_duration)) return Type::Kind::months_duration;
  return Type::Kind::any;
}

bool is_scalar(Type::Kind kind) {
  return kind >= Type::Kind::number && kind <= Type::Kind::months_duration;
}

bool never_compare(Type::Kind a, Type::Kind b) {
  const auto has_date = [](Type::Kind kind) { return kind == Type::Kind::date || kind == Type::Kind::date_time; };
  return a != b && !(has_date(a) && has_date(b));
}

bool simple_type(std::string_view name, Type& type) {
  struct Named {
    std::string_view name;
    Type::Kind kind;
  };
  static constexpr Named named[] = {
      {"Any", Type::Kind::any},
      {"Null", Type::Kind::null},
      {"number", Type::Kind::number},
      {"string", Type::Kind::string},
      {"boolean", Type::Kind::boolean},
      {"date", Type::Kind::date},
      {"time", Type::Kind::time},
      {"date and time", Type::Kind::date_time},
      {"dateTime", Type::Kind::date_time},
      {"days and time duration", Type::Kind::days_duration},
      {"day-time-duration", Type::Kind::days_duration},
      {"dayTimeDuration", Type::Kind::days_duration},
      {"years and months duration", Type::Kind::months_duration},
      {"year-month-duration", Type::Kind::months_duration},
      {"yearMonthDuration", Type::Kind::months_duration},
      {"list", Type::Kind::list},
      {"context", Type::Kind::context},
      {"range", Type::Kind::range},
      {"function", Type::Kind::function},
  };
  for (const Named& entry : named) {
    if (entry.name != name) continue;
    type = Type{entry.kind, {}, {}};
    return true;
  }
  return false;
}

namespace {

bool range_conforms(const Range& range, const Type& type) {
  if (type.arguments.empty()) return true;
  const Type& item = type.arguments[0];
  const auto fits = [&item](const Value& end) { return end.is_null() || conforms(end, item); };
  return fits(range.start) && fits(range.end);
}

bool context_conforms(const Value& value, const Type& type) {
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const Value* member = value.find(type.members[i]);
    if (member == nullptr || !(member->is_null() || conforms(*member, type.arguments[i]))) return false;
  }
  return true;
}

}  // namespace

bool conforms(const Value& value, const Type& type) {
  if (value.is_null()) return type.kind == Type::Kind::null;
  switch (type.kind) {
    case Type::Kind::any:
      return true;
    case Type::Kind::null:
      return false;
    case Type::Kind::number:
      return value.is_number();
    case Type::Kind::string:
      return value.is_string();
    case Type::Kind::boolean:
      return value.is_boolean();
    case Type::Kind::date:
      return has_tag(value, Tag::date);
    case Type::Kind::time:
      return has_tag(value, Tag::time);
    case Type::Kind::date_time:
      return has_tag(value, Tag::date_time);
    case Type::Kind::days_duration:
      return has_tag(value, Tag::days_duration);
    case Type::Kind::months_duration:
      return has_tag(value, Tag::months_duration);
    case Type::Kind::list: {
      if (!value.is_list()) return false;
      if (type.arguments.empty()) return true;
      const auto items = value.as_list();
      return std::all_of(items.begin(), items.end(),
                         [&type](const Value& item) { return item.is_null() || conforms(item, type.arguments[0]); });
    }
    case Type::Kind::context:
      return value.is_context() && context_conforms(value, type);
    case Type::Kind::range:
      return has_tag(value, Tag::range) && range_conforms(*unbox<Range>(value), type);
    case Type::Kind::function:
      return has_tag(value, Tag::function) && as_function(value)->conforms_to(type);
  }
  return false;
}

bool type_conforms(const Type& type, const Type& wanted) {
  if (wanted.kind == Type::Kind::any || type.kind == Type::Kind::null) return true;
  if (type.kind != wanted.kind) return false;
  if (wanted.arguments.empty()) return true;  // "list" is list<Any>
  if (type.kind == Type::Kind::context) {
    for (std::size_t i = 0; i < wanted.members.size(); ++i) {
      const auto member = std::find(type.members.begin(), type.members.end(), wanted.members[i]);
      if (member == type.members.end()) return false;
      const auto at = static_cast<std::size_t>(member - type.members.begin());
      if (!type_conforms(type.arguments[at], wanted.arguments[i])) return false;
    }
    return true;
  }
  if (type.arguments.size() != wanted.arguments.size()) return false;
  const bool is_function = type.kind == Type::Kind::function;
  for (std::size_t i = 0; i < type.arguments.size(); ++i) {
    const bool is_parameter = is_function && i + 1 < type.arguments.size();
    if (is_parameter ? !type_conforms(wanted.arguments[i], type.arguments[i])
                     : !type_conforms(type.arguments[i], wanted.arguments[i])) {
      return false;
    }
  }
  return true;
}

bool coerce(Value& value, const Type& type) {
  if (value.is_null() || conforms(value, type)) return true;
  if (value.is_list() && value.as_list().size() == 1 && conforms(value.as_list()[0], type)) {
    value = Value(value.as_list()[0]);
    return true;
  }
  if (type.kind == Type::Kind::list && !value.is_list() && !type.arguments.empty() &&
      conforms(value, type.arguments[0])) {
    value = Value::list({value});
    return true;
  }
  if (type.kind == Type::Kind::date_time && has_tag(value, Tag::date)) {
    DateTime midnight{*unbox<Date>(value), 0, {}};
    midnight.zone.kind = Zone::Kind::offset;
    value = box(std::move(midnight));
    return true;
  }
  return false;
}

}  // namespace fermata::feel
