// Conversions (DMN 1.5, table 74): date, time, date and time, duration, number, string.
#include "processes/feel/builtins.h"

namespace fermata::feel {
namespace {

template <class T>
Value boxed_or_null(const Call& call, const std::optional<T>& made, std::string_view reason) {
  return made ? box(*made) : call.null_with(reason);
}

Value date_from(const Call& call) {
  const Value& from = call.single(0);
  if (from.is_string())
    return boxed_or_null(call, parse_date(from.as_string()), "the text is not a date such as 2026-11-21");
  if (has_tag(from, Tag::date)) return from;
  if (const auto* time = unbox<DateTime>(from)) return box(time->date);
  return call.wrong_type(0, "string or date and time");
}

Value date_of_parts(const Call& call) {
  const auto year = call.integer(0);
  const auto month = call.integer(1);
  const auto day = call.integer(2);
  if (!year || !month || !day) return Value::null();
  if (*month < 1 || *month > 12 || *day < 1 || *day > 31) return call.null_with("there is no such day");
  const Date made{*year, static_cast<int>(*month), static_cast<int>(*day)};
  if (*year > year_max || *year < -year_max || !calendar::is_valid(made)) return call.null_with("there is no such day");
  return box(made);
}

Value time_from(const Call& call) {
  const Value& from = call.single(0);
  if (from.is_string())
    return boxed_or_null(call, parse_time(from.as_string()), "the text is not a time such as 10:00:30");
  if (has_tag(from, Tag::time)) return from;
  if (const auto* time = unbox<DateTime>(from)) return box(TimeOfDay{time->ns, time->zone});
  if (has_tag(from, Tag::date)) {
    TimeOfDay midnight;
    midnight.zone.kind = Zone::Kind::offset;
    return box(std::move(midnight));
  }
  return call.wrong_type(0, "string or date and time");
}

Value time_of_parts(const Call& call) {
  const auto hour = call.integer(0);
  const auto minute = call.integer(1);
  const auto second = call.number(2);
  if (!hour || !minute || !second) return Value::null();
  const std::optional<Decimal> ns = multiply(*second, Decimal::from_int64(ns_per_second));
  const std::int64_t whole = ns ? to_int64(*ns).value_or(-1) : -1;
  if (*hour < 0 || *hour > 23 || *minute < 0 || *minute > 59 || whole < 0 || whole >= 60 * ns_per_second) {
    return call.null_with("there is no such time of day");
  }
  TimeOfDay made{(*hour * 3600 + *minute * 60) * ns_per_second + whole, {}};
  if (!call.argument(3).is_null()) {
    const auto* offset = unbox<DaysDuration>(call.single(3));
    if (offset == nullptr) return call.wrong_type(3, "days and time duration");
    constexpr Int128 offset_max = static_cast<Int128>(18 * 3600) * ns_per_second;
    if (offset->ns > offset_max || offset->ns < -offset_max) return call.null_with("the offset is more than 18 hours");
    made.zone.kind = Zone::Kind::offset;
    made.zone.offset_seconds = static_cast<std::int32_t>(offset->ns / ns_per_second);
  }
  return box(std::move(made));
}

Value date_time_from(const Call& call) {
  const Value& from = call.single(0);
  if (from.is_string()) {
    return boxed_or_null(call, parse_date_time(from.as_string()),
                         "the text is not a date and time such as 2026-11-21T10:00:30");
  }
  if (has_tag(from, Tag::date_time)) return from;
  if (const auto* date = unbox<Date>(from)) {
    DateTime midnight{*date, 0, {}};
    midnight.zone.kind = Zone::Kind::offset;
    return box(std::move(midnight));
  }
  return call.wrong_type(0, "string");
}

Value date_time_of_parts(const Call& call) {
  const Value& first = call.single(0);
  const Value& second = call.single(1);
  Date date;
  if (const auto* day = unbox<Date>(first)) {
    date = *day;
  } else if (const auto* time = unbox<DateTime>(first)) {
    date = time->date;
  } else {
    return call.wrong_type(0, "date or date and time");
  }
  if (const auto* time = unbox<TimeOfDay>(second)) return box(DateTime{date, time->ns, time->zone});
  return call.wrong_type(1, "time");
}

// date and time(moment, "Europe/Paris"): the same moment as clocks there show it (a Camunda extension).
Value date_time_in_zone(const Call& call) {
  const auto* moment = unbox<DateTime>(call.single(0));
  if (moment == nullptr || !call.single(1).is_string()) return date_time_of_parts(call);
  const std::optional<TimeOfDay> zoned = parse_time("00:00:00@" + std::string(call.single(1).as_string()));
  if (!zoned) return call.null_with("there is no such time zone");
  return box(from_instant(instant(*moment), zoned->zone));
}

Value duration_from(const Call& call) {
  const Value& from = call.single(0);
  if (has_tag(from, Tag::days_duration) || has_tag(from, Tag::months_duration)) return from;
  const auto text = call.string(0);
  if (!text) return Value::null();
  if (const auto months = parse_months_duration(*text)) return box(*months);
  return boxed_or_null(call, parse_days_duration(*text), "the text is not a duration such as P1DT2H or P1Y6M");
}

Value months_between_dates(const Call& call) {
  const auto point = [&call](std::size_t index) -> std::optional<DateTime> {
    const Value& value = call.single(index);
    if (const auto* time = unbox<DateTime>(value)) return *time;
    if (const auto* date = unbox<Date>(value)) return DateTime{*date, 0, {}};
    (void)call.wrong_type(index, "date or date and time");
    return std::nullopt;
  };
  const auto from = point(0);
  const auto to = point(1);
  if (!from || !to) return Value::null();
  return box(MonthsDuration{months_between(*from, *to)});
}

Value number_from(const Call& call) {
  const Value& from = call.single(0);
  if (from.is_number() && !call.given(1)) return from;
  const auto text = call.string(0);
  if (!text) return Value::null();
  if (text->size() > 1'000) return call.null_with("the text is too long for a number");
  call.step(1 + text->size() / 16);
  const auto separator = [&call](std::size_t index, std::string_view allowed, bool& wrong) -> char {
    const Value& value = call.single(index);
    if (value.is_null()) return '\0';
    if (value.is_string() && value.as_string().size() == 1 && allowed.find(value.as_string()) != std::string_view::npos)
      return value.as_string()[0];
    wrong = true;
    return '\0';
  };
  bool wrong = false;
  const char grouping = separator(1, " ,.", wrong);
  const char decimal = separator(2, ",.", wrong);
  if (wrong || (grouping != '\0' && grouping == decimal)) {
    return call.null_with(
        "the separators must be different: a space, comma or dot between groups, a comma or dot before decimals");
  }
  std::string plain;
  for (const char c : *text) {
    if (c == grouping && c != '\0') continue;
    if (decimal != '\0' && decimal != '.' && c == '.') return call.null_with("the text is not a number");
    plain += decimal != '\0' && c == decimal ? '.' : c;
  }
  const std::optional<Decimal> number = plain.empty() || plain[0] == '+' ? std::nullopt : parse_decimal(plain);
  return number ? Value::number(*number) : call.null_with("the text is not a number");
}

Value string_from(const Call& call) {
  const Value& from = call.argument(0);
  if (from.is_null()) return call.null_with("the argument is null");
  if (from.is_string()) return from;
  if (has_tag(from, Tag::range)) return Value::string("<range>");  // the standard says nothing; as feelin
  call.step(6);
  Extent extent;  // a list may hold the same long text many times
  measure(from, extent, call.run.limits.steps_max);
  call.step(extent.parts);
  call.charge(extent.bytes);
  return call.made_string(to_feel_text(from));
}

}  // namespace

void add_conversion_builtins(BuiltinTable& table) {
  table.push_back({"date", {{{"from"}, 1, date_from}, {{"year", "month", "day"}, 3, date_of_parts}}});
  table.push_back({"time", {{{"from"}, 1, time_from}, {{"hour", "minute", "second", "offset"}, 3, time_of_parts}}});
  table.push_back({"date and time",
                   {{{"from"}, 1, date_time_from},
                    {{"date", "time"}, 2, date_time_in_zone},
                    {{"date", "timezone"}, 2, date_time_in_zone}}});
  table.push_back({"duration", {{{"from"}, 1, duration_from}}});
  table.push_back({"years and months duration", {{{"from", "to"}, 2, months_between_dates}}});
  table.push_back({"number", {{{"from", "grouping separator", "decimal separator"}, 1, number_from}}});
  table.push_back({"string", {{{"from"}, 1, string_from}}});
}

}  // namespace fermata::feel
