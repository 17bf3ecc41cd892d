// What FEEL computes with beyond JSON: temporal values, ranges and functions, boxed into a Value; and what all values
// can do: be named, compared and printed.
//
//   Value day = box(*parse_date("2026-11-21"));
//   if (const Date* date = unbox<Date>(day)) ...
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/value.h"
#include "processes/feel/temporal.h"

namespace fermata::feel {

/// A range of values; an end that is null is open to infinity.
struct Range {
  Value start;
  Value end;
  bool start_included = false;
  bool end_included = false;
  /// Written as a comparison, "< 5" or "!= 5": such a test is a range in all but equality with one written in brackets.
  enum class Form : std::uint8_t { interval, comparison, equal, not_equal };
  Form form = Form::interval;
};

enum class Tag : std::uint32_t { date = 1, time, date_time, days_duration, months_duration, range, function };

template <class T>
struct TagOf;
template <>
struct TagOf<Date> {
  static constexpr Tag value = Tag::date;
};
template <>
struct TagOf<TimeOfDay> {
  static constexpr Tag value = Tag::time;
};
template <>
struct TagOf<DateTime> {
  static constexpr Tag value = Tag::date_time;
};
template <>
struct TagOf<DaysDuration> {
  static constexpr Tag value = Tag::days_duration;
};
template <>
struct TagOf<MonthsDuration> {
  static constexpr Tag value = Tag::months_duration;
};
template <>
struct TagOf<Range> {
  static constexpr Tag value = Tag::range;
};

/// One boxed struct. Functions have a class of their own (function.h).
template <class T>
class Box final : public Boxed {
 public:
  explicit Box(T made, std::size_t depth = 0)
      : Boxed(static_cast<std::uint32_t>(TagOf<T>::value), depth), content(std::move(made)) {}
  [[nodiscard]] bool equals(const Boxed& other) const override;
  [[nodiscard]] Value stored_form() const override;

  const T content;
};

[[nodiscard]] Value box(const Date& made);
[[nodiscard]] Value box(TimeOfDay made);
[[nodiscard]] Value box(DateTime made);
[[nodiscard]] Value box(const DaysDuration& made);
[[nodiscard]] Value box(const MonthsDuration& made);
[[nodiscard]] Value box(Range made);

/// The content if the value is of that kind, else nullptr. Lives as long as the value.
template <class T>
[[nodiscard]] const T* unbox(const Value& value) {
  if (!value.is_boxed() || value.as_boxed().tag() != static_cast<std::uint32_t>(TagOf<T>::value)) return nullptr;
  return &static_cast<const Box<T>&>(value.as_boxed()).content;
}

[[nodiscard]] bool has_tag(const Value& value, Tag tag);
/// "number", "date and time", "list" ...: for warnings.
[[nodiscard]] std::string_view type_name(const Value& value);

/// FEEL's '=' (10.3.2.15): true, false, or nullopt when the kinds cannot be compared. null equals only null.
[[nodiscard]] std::optional<bool> equal(const Value& a, const Value& b);
/// FEEL's '<': nullopt when there is no order between the two.
[[nodiscard]] std::optional<std::partial_ordering> order(const Value& a, const Value& b);
/// is(): the same value in the same representation (time zones included).
[[nodiscard]] bool identical(const Value& a, const Value& b);
/// Whether the range holds the value; nullopt when they cannot be compared.
[[nodiscard]] std::optional<bool> contains(const Range& range, const Value& value);

/// How much there is to walk through: values share their parts, so a small thing may be an enormous tree.
struct Extent {
  std::uint64_t parts = 0;  ///< values within values, each as often as it occurs
  std::uint64_t bytes = 0;  ///< about as much as its text would take
};
/// Adds the value's extent; gives up beyond `parts_max`, so the time is bounded.
void measure(const Value& value, Extent& extent, std::uint64_t parts_max);

/// Appends FEEL's notation; `quoted` puts strings into quotes.
void append_feel_text(std::string& out, const Value& value, bool quoted);

}  // namespace fermata::feel
