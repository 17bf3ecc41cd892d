// if, for, some, every and filters.
#include "processes/feel/nodes.h"

namespace fermata::feel {

Value If::evaluate(Evaluation& run) const {
  run.step(offset);
  Value condition;
  const Truth truth = condition_->judge(run, condition);
  if (truth != Truth::other) return (truth == Truth::yes ? then_ : otherwise_)->evaluate(run);
  (void)run.null_because(condition_->offset, [&] {
    return "the condition of if is " + std::string(type_name(condition)) +
           " instead of a boolean, which counts as false";
  });
  return otherwise_->evaluate(run);
}

namespace {

enum class Walk : std::uint8_t { finished, stopped, not_iterable };

// A whole number, or a date, as a position on the line that ranges are walked along.
std::optional<std::int64_t> position(const Value& value, bool& is_date) {
  if (const auto* date = unbox<Date>(value)) {
    is_date = true;
    return calendar::days_from_civil(*date);
  }
  is_date = false;
  return value.is_number() ? to_int64(value.as_number()) : std::nullopt;
}

// Calls visit(value) from start to end, up or down, without making a list. visit answers false to stop.
template <class Visit>
Walk walk_range(Evaluation& run, std::uint32_t at, const Value& start, const Value& end, bool start_included,
                bool end_included, Visit&& visit) {
  bool start_is_date = false;
  bool end_is_date = false;
  const std::optional<std::int64_t> from = position(start, start_is_date);
  const std::optional<std::int64_t> to = position(end, end_is_date);
  if (!from || !to || start_is_date != end_is_date) return Walk::not_iterable;
  const std::int64_t step = *from <= *to ? 1 : -1;
  for (std::int64_t i = *from;; i += step) {
    run.step(at, start_is_date ? 8 : 1);  // a date is made anew
    const bool skipped = (i == *from && !start_included) || (i == *to && !end_included);
    if (!skipped && !visit(start_is_date ? box(calendar::civil_from_days(i)) : Value::integer(i))) return Walk::stopped;
    if (i == *to) return Walk::finished;
  }
}

template <class Visit>
Walk walk(Evaluation& run, std::uint32_t at, const Iterator& iterator, Visit&& visit) {
  const Value domain = iterator.domain->evaluate(run);
  if (iterator.domain_end != nullptr) {
    const Value end = iterator.domain_end->evaluate(run);
    return walk_range(run, at, domain, end, true, true, visit);
  }
  if (const auto* range = unbox<Range>(domain)) {
    const auto ordering = order(range->start, range->end);
    if (!ordering || *ordering > 0) return Walk::not_iterable;  // only "for i in 2..1" counts down
    return walk_range(run, at, range->start, range->end, range->start_included, range->end_included, visit);
  }
  if (!domain.is_list()) return Walk::not_iterable;
  for (const Value& item : domain.as_list()) {
    run.step(at);
    if (!visit(item)) return Walk::stopped;
  }
  return Walk::finished;
}

void adopt_all(const std::vector<Iterator>& iterators, std::uint16_t& depth) {
  const auto take = [&depth](const Node& child) {
    depth = std::max<std::uint16_t>(depth, static_cast<std::uint16_t>(child.depth + 1));
  };
  for (const Iterator& iterator : iterators) {
    take(*iterator.domain);
    if (iterator.domain_end != nullptr) take(*iterator.domain_end);
  }
  depth = static_cast<std::uint16_t>(depth + iterators.size());  // each iterator is a loop within the one before
}

}  // namespace

For::For(std::uint32_t at, std::vector<Iterator> iterators, NodePtr result, Slot partial, bool uses_partial)
    : Node(at),
      iterators_(std::move(iterators)),
      result_(std::move(result)),
      partial_(partial),
      uses_partial_(uses_partial) {
  adopt(*result_);
  adopt_all(iterators_, depth);
}

bool For::iterate(Evaluation& run, std::size_t level, Value::List& results) const {
  const Walk walked = walk(run, offset, iterators_[level], [&](const Value& item) {
    run.local(iterators_[level].slot) = item;
    if (level + 1 < iterators_.size()) return iterate(run, level + 1, results);
    if (uses_partial_) {
      run.step(offset, results.size());
      run.local(partial_) = run.checked(offset, Value::list(results));
    }
    run.charge(offset, sizeof(Value));
    results.push_back(result_->evaluate(run));
    return true;
  });
  if (walked == Walk::not_iterable) {
    (void)run.null_because(iterators_[level].domain->offset,
                           [] { return std::string("for needs a list or a range of whole numbers or dates"); });
  }
  return walked == Walk::finished;
}

Value For::evaluate(Evaluation& run) const {
  run.step(offset);
  Value::List results;
  if (!iterate(run, 0, results)) return Value::null();
  return run.checked(offset, Value::list(std::move(results)));
}

Quantified::Quantified(std::uint32_t at, bool every, std::vector<Iterator> iterators, NodePtr condition, bool strict)
    : Node(at), iterators_(std::move(iterators)), condition_(std::move(condition)), every_(every), strict_(strict) {
  adopt(*condition_);
  adopt_all(iterators_, depth);
}

bool Quantified::iterate(Evaluation& run, std::size_t level, Verdict& verdict) const {
  const Walk walked = walk(run, offset, iterators_[level], [&](const Value& item) {
    run.local(iterators_[level].slot) = item;
    if (level + 1 < iterators_.size()) return iterate(run, level + 1, verdict);
    Value other;
    const Truth held = condition_->judge(run, other);
    if (held == Truth::other) {
      verdict.unknown = true;
      verdict.bad_condition = strict_ && !other.is_null();
      return !verdict.bad_condition;
    }
    verdict.decided = (held == Truth::yes) != every_;
    return !verdict.decided;
  });
  if (walked == Walk::not_iterable) verdict.bad_domain = true;
  return walked == Walk::finished;
}

Value Quantified::evaluate(Evaluation& run) const {
  run.step(offset);
  Verdict verdict;
  (void)iterate(run, 0, verdict);
  if (verdict.decided) return Value::boolean(!every_);
  if (verdict.bad_domain) {
    return run.null_because(
        offset, [] { return std::string("some and every need a list or a range of whole numbers or dates"); });
  }
  if (verdict.unknown || verdict.bad_condition) {
    return run.null_because(condition_->offset,
                            [] { return std::string("the condition after satisfies was neither true nor false"); });
  }
  return Value::boolean(every_);
}

namespace {

Value at_index(Evaluation& run, std::uint32_t at, std::span<const Value> items, const Decimal& wanted) {
  const std::optional<std::int64_t> index = to_int64(wanted);
  const auto size = static_cast<std::int64_t>(items.size());
  if (index && *index >= 1 && *index <= size) return items[static_cast<std::size_t>(*index - 1)];
  if (index && *index <= -1 && *index >= -size) return items[static_cast<std::size_t>(size + *index)];
  return run.null_because(at, [&] {
    return "there is no item " + to_string(wanted) + " in a list of " + std::to_string(size) +
           " (the first is 1, the last is -1)";
  });
}

}  // namespace

// A number selects by position, a boolean for each item keeps or drops it (10.3.2.5). What is not a list is a list of
// one.
Value Filter::evaluate(Evaluation& run) const {
  run.step(offset);
  const Value source = list_->evaluate(run);
  if (source.is_null()) return run.null_because(offset, [] { return std::string("null cannot be filtered"); });
  const std::span<const Value> items = source.is_list() ? source.as_list() : std::span<const Value>(&source, 1);
  if (const Value* fixed = condition_->constant(); fixed != nullptr && fixed->is_number())
    return at_index(run, offset, items, fixed->as_number());
  Value::List kept;
  const Value nothing;
  Value verdict;  // of an item, when it is neither true nor false
  kept.reserve(std::min<std::size_t>(items.size(), 256));
  LentLocal shown(run, item_);
  for (std::size_t i = 0; i < std::max<std::size_t>(items.size(), 1); ++i) {
    run.step(offset);
    shown.show(items.empty() ? nothing : items[i]);
    const Truth truth = condition_->judge(run, verdict);
    if (truth != Truth::other) {
      if (truth == Truth::no || items.empty()) continue;
      run.charge(offset, sizeof(Value));
      kept.push_back(items[i]);
      continue;
    }
    if (verdict.is_number() && i == 0) return at_index(run, condition_->offset, items, verdict.as_number());
    if (items.empty()) break;
    bool keep = false;
    // Beyond the standard, a range or a text is a test of the item, as it is after "in".
    if (const auto* range = unbox<Range>(verdict)) keep = contains(*range, items[i]).value_or(false);
    const bool compared = verdict.is_string() && items[i].is_string();
    if (compared) keep = verdict == items[i];
    if (!has_tag(verdict, Tag::range) && !compared) {
      (void)run.null_because(condition_->offset, [&] {
        return "a filter must be a boolean or a number, not " + std::string(type_name(verdict)) +
               "; the item is dropped";
      });
      if (!verdict.is_null()) return Value::null();
    }
    if (!keep) continue;
    run.charge(offset, sizeof(Value));
    kept.push_back(items[i]);
  }
  return Value::list(std::move(kept));
}

}  // namespace fermata::feel
