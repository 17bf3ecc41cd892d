#include "processes/feel/values.h"

#include "processes/feel/feel.h"

namespace fermata::feel {

template <class T>
bool Box<T>::equals(const Boxed& other) const {
  // Deep equality of the base is FEEL's equality: what cannot be compared is different.
  const auto& box = static_cast<const Box<T>&>(other);
  if constexpr (std::is_same_v<T, Range>) {
    return content.start == box.content.start && content.end == box.content.end &&
           content.start_included == box.content.start_included && content.end_included == box.content.end_included &&
           content.form == box.content.form;
  } else if constexpr (std::is_same_v<T, Date>) {
    return content == box.content;
  } else if constexpr (std::is_same_v<T, DaysDuration>) {
    return content.ns == box.content.ns;
  } else if constexpr (std::is_same_v<T, MonthsDuration>) {
    return content.months == box.content.months;
  } else {
    return to_text(content) == to_text(box.content);
  }
}

template <class T>
Value Box<T>::stored_form() const {
  if constexpr (std::is_same_v<T, Range>) {
    if (content.form == Range::Form::not_equal) return Value::null();
    std::string text = content.start_included ? "[" : "(";
    append_feel_text(text, content.start, true);
    text += "..";
    append_feel_text(text, content.end, true);
    text += content.end_included ? "]" : ")";
    return Value::string(std::move(text));
  } else {
    return Value::string(to_text(content));
  }
}

template class Box<Date>;
template class Box<TimeOfDay>;
template class Box<DateTime>;
template class Box<DaysDuration>;
template class Box<MonthsDuration>;
template class Box<Range>;

Value box(const Date& made) {
  return Value::boxed(new Box<Date>(made));
}
Value box(TimeOfDay made) {
  return Value::boxed(new Box<TimeOfDay>(std::move(made)));
}
Value box(DateTime made) {
  return Value::boxed(new Box<DateTime>(std::move(made)));
}
Value box(const DaysDuration& made) {
  return Value::boxed(new Box<DaysDuration>(made));
}
Value box(const MonthsDuration& made) {
  return Value::boxed(new Box<MonthsDuration>(made));
}
Value box(Range made) {
  const std::size_t depth = std::max(made.start.depth(), made.end.depth()) + 1;
  return Value::boxed(new Box<Range>(std::move(made), depth));
}

bool has_tag(const Value& value, Tag tag) {
  return value.is_boxed() && value.as_boxed().tag() == static_cast<std::uint32_t>(tag);
}

std::string_view type_name(const Value& value) {
  switch (value.kind()) {
    case ValueKind::null:
      return "null";
    case ValueKind::boolean:
      return "boolean";
    case ValueKind::number:
      return "number";
    case ValueKind::string:
      return "string";
    case ValueKind::list:
      return "list";
    case ValueKind::context:
      return "context";
    case ValueKind::boxed:
      break;
  }
  switch (static_cast<Tag>(value.as_boxed().tag())) {
    case Tag::date:
      return "date";
    case Tag::time:
      return "time";
    case Tag::date_time:
      return "date and time";
    case Tag::days_duration:
      return "days and time duration";
    case Tag::months_duration:
      return "years and months duration";
    case Tag::range:
      return "range";
    case Tag::function:
      return "function";
  }
  return "unknown";
}

namespace {

// Times with an offset are ordered by what a clock in UTC shows; a local and a zoned one have no order.
std::optional<Int128> comparable(const TimeOfDay& time, bool& zoned) {
  const std::optional<std::int32_t> offset = offset_of(time);
  zoned = offset.has_value();
  return static_cast<Int128>(time.ns) - static_cast<Int128>(offset.value_or(0)) * ns_per_second;
}

std::optional<Int128> comparable(const DateTime& time, bool& zoned) {
  zoned = time.zone.kind != Zone::Kind::local;
  return instant(time);
}

template <class T>
std::optional<std::partial_ordering> order_of_times(const T& a, const T& b) {
  bool a_zoned = false;
  bool b_zoned = false;
  const std::optional<Int128> left = comparable(a, a_zoned);
  const std::optional<Int128> right = comparable(b, b_zoned);
  if (a_zoned != b_zoned) return std::nullopt;
  return *left < *right   ? std::partial_ordering::less
         : *left > *right ? std::partial_ordering::greater
                          : std::partial_ordering::equivalent;
}

// '=' looks at the properties hour, minute and second, so fractions of a second do not tell two times apart.
template <class T>
std::optional<bool> equal_times(const T& a, const T& b) {
  bool a_zoned = false;
  bool b_zoned = false;
  const std::optional<Int128> left = comparable(a, a_zoned);
  const std::optional<Int128> right = comparable(b, b_zoned);
  if (a_zoned != b_zoned) return false;
  const auto seconds = [](Int128 ns) { return ns % ns_per_second < 0 ? ns / ns_per_second - 1 : ns / ns_per_second; };
  return seconds(*left) == seconds(*right);
}

std::partial_ordering partial(std::strong_ordering ordering) {
  return ordering;
}

std::optional<bool> equal_lists(const Value& a, const Value& b) {
  const auto left = a.as_list();
  const auto right = b.as_list();
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!equal(left[i], right[i]).value_or(false)) return false;
  }
  return true;
}

std::optional<bool> equal_contexts(const Value& a, const Value& b) {
  if (a.as_context().size() != b.as_context().size()) return false;
  for (const Value::Entry& entry : a.as_context()) {
    const Value* other = b.find(entry.key);
    if (other == nullptr || !equal(entry.value, *other).value_or(false)) return false;
  }
  return true;
}

DateTime midnight_utc(const Date& date) {
  DateTime time{date, 0, {}};
  time.zone.kind = Zone::Kind::offset;
  return time;
}

std::optional<bool> equal_boxed(const Value& a, const Value& b) {
  if (a.as_boxed().tag() != b.as_boxed().tag()) {
    const Date* left = unbox<Date>(a);
    const Date* right = unbox<Date>(b);
    const DateTime* left_time = unbox<DateTime>(a);
    const DateTime* right_time = unbox<DateTime>(b);
    // A date is the midnight of its day in UTC (10.3.2.3.5).
    if (left != nullptr && right_time != nullptr) return equal_times(midnight_utc(*left), *right_time);
    if (left_time != nullptr && right != nullptr) return equal_times(*left_time, midnight_utc(*right));
    return std::nullopt;
  }
  if (const auto* time = unbox<TimeOfDay>(a)) return equal_times(*time, *unbox<TimeOfDay>(b));
  if (const auto* time = unbox<DateTime>(a)) return equal_times(*time, *unbox<DateTime>(b));
  return a == b;
}

}  // namespace

std::optional<bool> equal(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  if (a.kind() != b.kind()) {
    // A list of one is its item, and an item is a list of one.
    if (a.is_list() && a.as_list().size() == 1 && !b.is_list()) return equal(a.as_list()[0], b);
    if (b.is_list() && b.as_list().size() == 1 && !a.is_list()) return equal(a, b.as_list()[0]);
    return std::nullopt;
  }
  switch (a.kind()) {
    case ValueKind::list:
      return equal_lists(a, b);
    case ValueKind::context:
      return equal_contexts(a, b);
    case ValueKind::boxed:
      return equal_boxed(a, b);
    default:
      return a == b;
  }
}

std::optional<std::partial_ordering> order(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return partial(compare(a.as_number(), b.as_number()));
  // UTF-8 bytes sort as code points do.
  if (a.is_string() && b.is_string()) return partial(a.as_string().compare(b.as_string()) <=> 0);
  if (!a.is_boxed() || !b.is_boxed()) return std::nullopt;
  if (const auto* date = unbox<Date>(a)) {
    if (const auto* other = unbox<Date>(b)) {
      return partial(calendar::days_from_civil(*date) <=> calendar::days_from_civil(*other));
    }
    if (const auto* other = unbox<DateTime>(b)) return order_of_times(midnight_utc(*date), *other);
  }
  if (const auto* time = unbox<DateTime>(a)) {
    if (const auto* other = unbox<DateTime>(b)) return order_of_times(*time, *other);
    if (const auto* other = unbox<Date>(b)) return order_of_times(*time, midnight_utc(*other));
  }
  if (a.as_boxed().tag() != b.as_boxed().tag()) return std::nullopt;
  if (const auto* time = unbox<TimeOfDay>(a)) return order_of_times(*time, *unbox<TimeOfDay>(b));
  if (const auto* length = unbox<DaysDuration>(a)) {
    const Int128 other = unbox<DaysDuration>(b)->ns;
    return length->ns < other   ? std::partial_ordering::less
           : length->ns > other ? std::partial_ordering::greater
                                : std::partial_ordering::equivalent;
  }
  if (const auto* length = unbox<MonthsDuration>(a))
    return partial(length->months <=> unbox<MonthsDuration>(b)->months);
  return std::nullopt;
}

bool identical(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (!a.is_boxed()) return a == b;
  if (a.as_boxed().tag() != b.as_boxed().tag()) return false;
  const auto same_zone = [](const auto& x, const auto& y) { return x.zone == y.zone && x.ns == y.ns; };
  if (const auto* time = unbox<TimeOfDay>(a)) return same_zone(*time, *unbox<TimeOfDay>(b));
  if (const auto* time = unbox<DateTime>(a))
    return time->date == unbox<DateTime>(b)->date && same_zone(*time, *unbox<DateTime>(b));
  return a == b;
}

std::optional<bool> contains(const Range& range, const Value& value) {
  if (range.form == Range::Form::equal || range.form == Range::Form::not_equal) {
    const std::optional<bool> same = equal(value, range.start);
    if (!same) return std::nullopt;
    return *same == (range.form == Range::Form::equal);
  }
  // An interval written with null for an end holds nothing that is known; a comparison is open on one side by design.
  if (range.form == Range::Form::interval && (range.start.is_null() || range.end.is_null())) return std::nullopt;
  bool inside = true;
  if (!range.start.is_null()) {
    const auto from = order(value, range.start);
    if (!from) return std::nullopt;
    inside = range.start_included ? *from >= 0 : *from > 0;
  }
  if (!range.end.is_null()) {
    const auto to = order(value, range.end);
    if (!to) return std::nullopt;
    inside = inside && (range.end_included ? *to <= 0 : *to < 0);
  }
  if (range.start.is_null() && range.end.is_null()) return std::nullopt;
  return inside;
}

// The offset of a zone is looked up whenever it is asked for.
constexpr std::uint64_t zone_parts = 4;

void measure(const Value& value, Extent& extent, std::uint64_t parts_max) {
  if (++extent.parts > parts_max) return;
  extent.bytes += value.is_string() ? value.as_string().size() : 8;
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      measure(item, extent, parts_max);
      if (extent.parts > parts_max) return;
    }
  } else if (value.is_context()) {
    for (const Value::Entry& entry : value.as_context()) {
      extent.bytes += entry.key.size();
      measure(entry.value, extent, parts_max);
      if (extent.parts > parts_max) return;
    }
  } else if (const auto* time = unbox<DateTime>(value); time != nullptr && time->zone.kind == Zone::Kind::named) {
    extent.parts += zone_parts;
  } else if (const auto* time_of_day = unbox<TimeOfDay>(value);
             time_of_day != nullptr && time_of_day->zone.kind == Zone::Kind::named) {
    extent.parts += zone_parts;
  } else if (const auto* range = unbox<Range>(value)) {
    measure(range->start, extent, parts_max);
    measure(range->end, extent, parts_max);
  }
}

namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
  out += '"';
}

// Keys are names where they can be written as such, otherwise strings.
bool is_plain_key(std::string_view key) {
  if (key.empty() || (key[0] >= '0' && key[0] <= '9') || key.front() == ' ' || key.back() == ' ') return false;
  bool blank = false;
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ' && blank) return false;
    blank = c == ' ';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                        c == '?' || byte >= 0x80;
    if (!letter && c != ' ') return false;
  }
  return true;
}

}  // namespace

void append_feel_text(std::string& out, const Value& value, bool quoted) {
  switch (value.kind()) {
    case ValueKind::null:
      out += "null";
      return;
    case ValueKind::boolean:
      out += value.as_boolean() ? "true" : "false";
      return;
    case ValueKind::number:
      out += to_string(value.as_number());
      return;
    case ValueKind::string:
      if (quoted) {
        append_quoted(out, value.as_string());
      } else {
        out += value.as_string();
      }
      return;
    case ValueKind::list: {
      out += '[';
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!std::exchange(first, false)) out += ", ";
        append_feel_text(out, item, true);
      }
      out += ']';
      return;
    }
    case ValueKind::context: {
      out += '{';
      bool first = true;
      for (const Value::Entry& entry : value.as_context()) {
        if (!std::exchange(first, false)) out += ", ";
        if (is_plain_key(entry.key)) {
          out += entry.key;
        } else {
          append_quoted(out, entry.key);
        }
        out += ": ";
        append_feel_text(out, entry.value, true);
      }
      out += '}';
      return;
    }
    case ValueKind::boxed: {
      if (has_tag(value, Tag::function)) {
        out += "<function>";
        return;
      }
      const Value stored = value.as_boxed().stored_form();
      out += stored.is_string() ? stored.as_string() : std::string_view("<range>");
      return;
    }
  }
}

std::string to_feel_text(const Value& value) {
  std::string out;
  append_feel_text(out, value, false);
  return out;
}

}  // namespace fermata::feel
