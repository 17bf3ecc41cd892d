// The calendar (DMN 1.5, table 82) and the clock, which is the time of the evaluation's input.
#include "processes/feel/builtins.h"

namespace fermata::feel {
namespace {

// The date of the first argument, or nothing with a warning.
std::optional<Date> date_of(const Call& call) {
  const Value& value = call.single(0);
  if (const auto* date = unbox<Date>(value)) return *date;
  if (const auto* time = unbox<DateTime>(value)) return time->date;
  (void)call.wrong_type(0, "date or date and time");
  return std::nullopt;
}

Value day_of_year_of(const Call& call) {
  const auto date = date_of(call);
  return date ? Value::integer(day_of_year(*date)) : Value::null();
}

Value day_of_week(const Call& call) {
  static constexpr const char* names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  const auto date = date_of(call);
  return date ? Value::string(names[calendar::weekday(calendar::days_from_civil(*date)) - 1]) : Value::null();
}

Value month_of_year(const Call& call) {
  static constexpr const char* names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
  const auto date = date_of(call);
  return date ? Value::string(names[date->month - 1]) : Value::null();
}

Value week_of_year_of(const Call& call) {
  const auto date = date_of(call);
  return date ? Value::integer(week_of_year(*date)) : Value::null();
}

Value last_day_of_month(const Call& call) {
  const auto date = date_of(call);
  return date ? box(Date{date->year, date->month, calendar::days_in_month(date->year, date->month)}) : Value::null();
}

Value now(const Call& call) {
  return box(from_timestamp(call.run.input.now));
}
Value today(const Call& call) {
  return box(from_timestamp(call.run.input.now).date);
}

}  // namespace

void add_temporal_builtins(BuiltinTable& table) {
  table.push_back({"day of year", {{{"date"}, 1, day_of_year_of}}});
  table.push_back({"day of week", {{{"date"}, 1, day_of_week}}});
  table.push_back({"month of year", {{{"date"}, 1, month_of_year}}});
  table.push_back({"week of year", {{{"date"}, 1, week_of_year_of}}});
  table.push_back({"last day of month", {{{"date"}, 1, last_day_of_month}}});
  table.push_back({"now", {{{}, 0, now}}});
  table.push_back({"today", {{{}, 0, today}}});
}

}  // namespace fermata::feel
