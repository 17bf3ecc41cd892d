// Values, names, lists, contexts, ranges and paths.
#include "processes/feel/nodes.h"

namespace fermata::feel {

Global::Global(std::uint32_t at, std::string name) : Node(at), name_(std::move(name)) {
  if (const Builtin* builtin = find_builtin(name_)) fallback_ = builtin_function(*builtin);
}

const Value& Global::peek(Evaluation& run, Value& storage) const {
  if (const Value* found = run.variables->find(name_)) [[likely]]
    return *found;
  if (!fallback_.is_null()) return fallback_;
  storage = run.null_because(offset, [this] { return "there is no variable " + name_; });
  return storage;
}

Value Global::evaluate(Evaluation& run) const {
  Value storage;
  return peek(run, storage);
}

const Value& FilterName::peek(Evaluation& run, Value& storage) const {
  for (const Slot slot : items_) {
    if (const Value* found = run.local(slot).find(name_)) return *found;
  }
  return outside_->peek(run, storage);
}

Value FilterName::evaluate(Evaluation& run) const {
  Value storage;
  return peek(run, storage);
}

ListNode::ListNode(std::uint32_t at, std::vector<NodePtr> items) : Node(at), items_(std::move(items)) {
  for (const NodePtr& item : items_) adopt(*item);
}

Value ListNode::evaluate(Evaluation& run) const {
  run.step(offset, 1 + items_.size());
  run.charge(offset, 64 + items_.size() * sizeof(Value));
  Value::List made;
  made.reserve(items_.size());
  for (const NodePtr& item : items_) made.push_back(item->evaluate(run));
  return run.checked(offset, Value::list(std::move(made)));
}

bool ListNode::chooses() const {
  return std::any_of(items_.begin(), items_.end(), [](const NodePtr& item) { return item->chooses(); });
}

ContextNode::ContextNode(std::uint32_t at, std::vector<Entry> entries) : Node(at), entries_(std::move(entries)) {
  for (const Entry& entry : entries_) adopt(*entry.value);
}

Value ContextNode::evaluate(Evaluation& run) const {
  run.step(offset, 1 + entries_.size());
  run.charge(offset, 64 + entries_.size() * sizeof(Value::Entry));
  Value::Entries made;
  made.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    Value value = entry.value->evaluate(run);
    run.charge(offset, entry.key.size());
    run.local(entry.slot) = value;
    made.push_back({entry.key, std::move(value)});
  }
  return run.checked(offset, Value::context(std::move(made)));
}

bool ContextNode::chooses() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.value->chooses(); });
}

RangeNode::RangeNode(std::uint32_t at, NodePtr start, bool start_included, NodePtr end, bool end_included)
    : Node(at),
      start_(std::move(start)),
      end_(std::move(end)),
      start_included_(start_included),
      end_included_(end_included) {
  adopt(*start_);
  adopt(*end_);
}

Value RangeNode::evaluate(Evaluation& run) const {
  run.step(offset);
  Range made;
  made.start = start_->evaluate(run);
  made.end = end_->evaluate(run);
  // An end that is null is open, and an open end is not included.
  made.start_included = start_included_ && !made.start.is_null();
  made.end_included = end_included_ && !made.end.is_null();
  const Value& known = made.start.is_null() ? made.end : made.start;
  const bool ordered = known.is_null() || order(known, made.end.is_null() ? known : made.end);
  if (!ordered) {
    return run.null_because(offset, [&] {
      return "a range cannot reach from a " + std::string(type_name(made.start)) + " to a " +
             std::string(type_name(made.end));
    });
  }
  return run.checked(offset, box(std::move(made)));
}

Value ComparisonRange::evaluate(Evaluation& run) const {
  run.step(offset);
  Range made;
  made.form = op_ == Comparator::equal       ? Range::Form::equal
              : op_ == Comparator::not_equal ? Range::Form::not_equal
                                             : Range::Form::comparison;
  Value end = end_->evaluate(run);
  switch (op_) {
    case Comparator::equal:
    case Comparator::not_equal:
      made.start = end;
      made.end = std::move(end);
      made.start_included = made.end_included = op_ == Comparator::equal;
      break;
    case Comparator::less:
    case Comparator::less_equal:
      made.end = std::move(end);
      made.end_included = op_ == Comparator::less_equal;
      break;
    case Comparator::greater:
    case Comparator::greater_equal:
      made.start = std::move(end);
      made.start_included = op_ == Comparator::greater_equal;
      break;
  }
  return run.checked(offset, box(std::move(made)));
}

const Value& Path::peek(Evaluation& run, Value& storage) const {
  run.step(offset);
  Value object_storage;
  const Value& object = object_->peek(run, object_storage);
  if (&object != &object_storage) {
    // The object lives on elsewhere, so its member does too.
    if (const Value* found = object.find(member_)) return *found;
  }
  storage = member_of(run, offset, object, member_);
  return storage;
}

Value Path::evaluate(Evaluation& run) const {
  Value storage;
  return peek(run, storage);
}

namespace {

Value number(std::int64_t value) {
  return Value::integer(value);
}

std::optional<Value> zone_member(const std::string& member, std::optional<std::int32_t> offset, const Zone& zone) {
  if (member == "time offset") {
    if (!offset) return Value::null();
    return box(DaysDuration{static_cast<Int128>(*offset) * ns_per_second});
  }
  if (member == "timezone") return zone.kind == Zone::Kind::named ? Value::string(zone.id) : Value::null();
  return std::nullopt;
}

std::optional<Value> clock_member(const std::string& member, std::int64_t ns) {
  if (member == "hour") return number(ns / (3600 * ns_per_second));
  if (member == "minute") return number(ns / (60 * ns_per_second) % 60);
  if (member == "second") return number(ns / ns_per_second % 60);
  return std::nullopt;
}

std::optional<Value> date_member(const std::string& member, const Date& date) {
  if (member == "year") return number(date.year);
  if (member == "month") return number(date.month);
  if (member == "day") return number(date.day);
  if (member == "weekday") return number(calendar::weekday(calendar::days_from_civil(date)));
  return std::nullopt;
}

std::optional<Value> duration_member(const std::string& member, const DaysDuration& duration) {
  const Int128 seconds = duration.ns / ns_per_second;
  if (member == "days") return number(static_cast<std::int64_t>(seconds / 86'400));
  if (member == "hours") return number(static_cast<std::int64_t>(seconds / 3600 % 24));
  if (member == "minutes") return number(static_cast<std::int64_t>(seconds / 60 % 60));
  if (member == "seconds") return number(static_cast<std::int64_t>(seconds % 60));
  return std::nullopt;
}

std::optional<Value> range_member(const std::string& member, const Range& range) {
  if (member == "start") return range.start;
  if (member == "end") return range.end;
  if (member == "start included") return Value::boolean(range.start_included);
  if (member == "end included") return Value::boolean(range.end_included);
  return std::nullopt;
}

std::optional<Value> boxed_member(const Value& object, const std::string& member) {
  if (const auto* date = unbox<Date>(object)) {
    if (auto found = date_member(member, *date)) return found;
    // As a midnight in UTC it has a clock too (10.3.2.3.5).
    Zone utc;
    utc.kind = Zone::Kind::offset;
    if (auto found = clock_member(member, 0)) return found;
    return zone_member(member, 0, utc);
  }
  if (const auto* time = unbox<DateTime>(object)) {
    if (auto found = date_member(member, time->date)) return found;
    if (auto found = clock_member(member, time->ns)) return found;
    return zone_member(member, offset_of(*time), time->zone);
  }
  if (const auto* time = unbox<TimeOfDay>(object)) {
    if (auto found = clock_member(member, time->ns)) return found;
    return zone_member(member, offset_of(*time), time->zone);
  }
  if (const auto* duration = unbox<DaysDuration>(object)) return duration_member(member, *duration);
  if (const auto* duration = unbox<MonthsDuration>(object)) {
    if (member == "years") return number(duration->months / 12);
    if (member == "months") return number(duration->months % 12);
  }
  if (const auto* range = unbox<Range>(object)) return range_member(member, *range);
  return std::nullopt;
}

}  // namespace

Value member_of(Evaluation& run, std::uint32_t at, const Value& object, const std::string& member) {
  if (object.is_context()) {
    if (const Value* found = object.find(member)) return *found;
    return run.null_because(at, [&] { return "the context has no entry " + member; });
  }
  if (object.is_list()) {
    const auto items = object.as_list();
    run.step(at, 1 + items.size());
    run.charge(at, 64 + items.size() * sizeof(Value));
    Value::List made;
    made.reserve(items.size());
    for (const Value& item : items) made.push_back(member_of(run, at, item, member));
    return run.checked(at, Value::list(std::move(made)));
  }
  if (object.is_boxed()) {
    std::optional<Value> found = boxed_member(object, member);
    if (found && !found->is_null()) return *std::move(found);
    if (found)
      return run.null_because(at, [&] { return "this " + std::string(type_name(object)) + " has no " + member; });
  }
  return run.null_because(at, [&] { return "a " + std::string(type_name(object)) + " has no " + member; });
}

}  // namespace fermata::feel
