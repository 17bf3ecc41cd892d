#include "processes/dmn/lint/table_lint.h"

#include <algorithm>
#include <numeric>

#include "processes/dmn/lint/column_source.h"
#include "processes/dmn/lint/cover.h"
#include "processes/feel/builtins.h"

namespace fermata::dmn::lint {
namespace {

constexpr std::size_t columns_max = 100;
constexpr std::uint64_t probe_steps_max = 300'000;    // of all cells of a table
constexpr std::uint64_t table_steps_max = 2'000'000;  // of each of the three searches
constexpr std::size_t overlaps_max = 10;
constexpr std::size_t gaps_max = 3;

std::string_view text_of(const XmlElement& entry) {
  const XmlElement* text = child(entry, "text");
  return text == nullptr ? std::string_view{} : text->trimmed_text();
}

class TableLinter {
 public:
  TableLinter(ReadContext& context, const XmlElement& table, const TableParts& parts)
      : context_(context), table_(table), parts_(parts), rules_(children(table, "rule")) {
    for (const XmlElement* rule : rules_) {
      inputs_.push_back(children(*rule, "inputEntry"));
      outputs_.push_back(children(*rule, "outputEntry"));
    }
  }

  void run(const std::vector<ColumnSource>& sources) {
    make_columns(sources);
    find_mismatches(sources);
    find_dead_rules();
    if (parts_.policy == HitPolicy::unique || parts_.policy == HitPolicy::any) find_overlaps();
    if (parts_.policy == HitPolicy::first) find_covered_rules();
    const bool has_default = std::ranges::any_of(parts_.outputs, [](const auto& o) { return o.fallback != nullptr; });
    if (parts_.policy != HitPolicy::collect && !has_default) find_gaps();
  }

 private:
  void make_columns(const std::vector<ColumnSource>& sources) {
    Prober prober(probe_steps_max);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      std::vector<CellText> cells;
      for (std::size_t rule = 0; rule < rules_.size(); ++rule)
        cells.push_back({parts_.rules[rule].tests[i].get(), text_of(*inputs_[rule][i])});
      columns_.push_back(make_column(sources[i], cells, prober));
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].tested) order_.push_back(i);
    }
    std::vector<std::size_t> held(columns_.size());
    for (const std::size_t i : order_) {
      for (const Column::Cell& cell : columns_[i].cells) held[i] += cell.holds.count() * 1'000;
      held[i] /= std::max<std::size_t>(1, columns_[i].cells.size() * columns_[i].samples.size());
    }
    // What tells most rules apart comes first.
    std::ranges::stable_sort(order_, {}, [&](std::size_t i) { return held[i]; });
  }

  // ---- DMN-0309

  void find_mismatches(const std::vector<ColumnSource>& sources) {
    dead_.resize(rules_.size());
    for (const std::size_t i : order_) {
      if (!sources[i].typed) continue;
      for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
        const Column::Cell& cell = columns_[i].cell(rule);
        if (!cell.plain) continue;
        const auto other = std::ranges::find_if(cell.literal_kinds, [&](auto kind) { return kind != sources[i].kind; });
        if (other == cell.literal_kinds.end()) continue;
        const XmlElement& text = *child(*inputs_[rule][i], "text");
        context_.problems.add_at(
            rules::type_mismatch, text, text.content,
            "the input " + shown_name(i) + " is a " + std::string(feel::kind_name(sources[i].kind)) + ", and rule " +
                std::to_string(rule + 1) + " compares it with a " + std::string(feel::kind_name(*other)));
        if (!cell.holds.any()) dead_[rule] = true;  // this is why, and needs no second hint
      }
    }
  }

  // ---- DMN-0408

  void find_dead_rules() {
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
      for (const std::size_t i : order_) {
        const Column::Cell& cell = columns_[i].cell(rule);
        if (dead_[rule] || !columns_[i].exhaustive || !cell.plain || cell.holds.any()) continue;
        dead_[rule] = true;
        context_.problems.add(rules::unreachable_rule, *rules_[rule],
                              "rule " + std::to_string(rule + 1) + " never matches: no value of " + shown_name(i) +
                                  " can be " + shortened(text_of(*inputs_[rule][i])));
      }
    }
  }

  // Of a table that goes by its first hit. Null counts as well, so a last rule of nothing but "-" is none of these.
  void find_covered_rules() {
    Budget budget(context_.lint_steps_left, table_steps_max);
    std::vector<std::optional<Matching>> matching(columns_.size());
    for (const std::size_t i : order_) {
      if (!columns_[i].exhaustive) continue;
      matching[i] = matching_rules(columns_[i], budget);
      if (!matching[i]) return;
    }
    for (std::size_t rule = 1; rule < rules_.size() && !budget.spent(); ++rule) {
      if (!dead_[rule]) look_for_cover(rule, matching, budget);
    }
  }

  void look_for_cover(std::size_t rule, const std::vector<std::optional<Matching>>& matching, Budget& budget) {
    CoverQuestion question;
    question.columns = columns_.size();
    question.rules = Bits(rules_.size());
    std::vector<std::size_t> others;
    for (std::size_t other = 0; other < rule; ++other) {
      if (!may_cover(other, rule, budget)) continue;
      question.rules.set(other);
      others.push_back(other);
    }
    if (others.empty() || budget.spent()) return;
    for (const std::size_t i : order_) {
      if (by_samples(i, rule)) question.parts.push_back({i, &*matching[i], &columns_[i].cell(rule).holds});
    }
    const Cover cover = find_uncovered(question, budget);
    if (!cover.complete || !cover.uncovered.empty()) return;
    std::string what = "rule " + std::to_string(rule + 1) + " is never reached: ";
    what += others.size() == 1 ? "rule " + std::to_string(others[0] + 1) + " matches whatever it matches, and comes"
                               : "those before it match whatever it matches, and come";
    context_.problems.add(rules::unreachable_rule, *rules_[rule], what + " first");
  }

  // Whether the samples of a column tell all that the rule can meet there.
  [[nodiscard]] bool by_samples(std::size_t column, std::size_t rule) const {
    return columns_[column].exhaustive && columns_[column].cell(rule).plain;
  }

  // Whether an earlier rule has something in common with a later one, in every column for sure.
  bool may_cover(std::size_t other, std::size_t rule, Budget& budget) const {
    for (const std::size_t i : order_) {
      const Column::Cell& theirs = columns_[i].cell(other);
      const Column::Cell& own = columns_[i].cell(rule);
      if (!budget.take(2 + own.holds.words())) return false;
      if (theirs.anything || &theirs == &own) continue;
      if (!by_samples(i, rule) || !theirs.plain || Bits::first_common(theirs.holds, own.holds) == Bits::npos)
        return false;
    }
    return true;
  }

  // ---- DMN-0407

  void find_overlaps() {
    Budget budget(context_.lint_steps_left, table_steps_max);
    std::size_t found = 0;
    for (std::size_t later = 1; later < rules_.size(); ++later) {
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        const std::optional<Point> point = common_point(earlier, later, budget);
        if (budget.spent()) return;
        if (!point || !outputs_matter(earlier, later)) continue;
        if (++found > overlaps_max) return;
        add_overlap(earlier, later, *point);
      }
    }
  }

  std::optional<Point> common_point(std::size_t a, std::size_t b, Budget& budget) const {
    Point point(columns_.size(), 0);
    for (const std::size_t i : order_) {
      const Column& column = columns_[i];
      const Column::Cell& first = column.cell(a);
      const Column::Cell& second = column.cell(b);
      if (!budget.take(2)) return std::nullopt;
      if (first.anything && second.anything) continue;
      if (!column.independent || !first.plain || !second.plain) return std::nullopt;
      if (!budget.take(column.examples.words())) return std::nullopt;
      point[i] = Bits::first_common(first.holds, second.holds, column.examples);
      if (point[i] == Bits::npos) return std::nullopt;
    }
    return point;
  }

  [[nodiscard]] bool outputs_matter(std::size_t a, std::size_t b) const {
    if (parts_.policy == HitPolicy::unique) return true;
    for (std::size_t i = 0; i < parts_.outputs.size(); ++i) {
      const Value* first = parts_.rules[a].outputs[i]->constant();
      const Value* second = parts_.rules[b].outputs[i]->constant();
      const bool differ = first != nullptr && second != nullptr ? *first != *second
                                                                : text_of(*outputs_[a][i]) != text_of(*outputs_[b][i]);
      if (differ) return true;
    }
    return false;
  }

  void add_overlap(std::size_t a, std::size_t b, const Point& point) {
    const auto is_tested = [&](std::size_t i) {
      return !columns_[i].cell(a).anything || !columns_[i].cell(b).anything;
    };
    const std::string inputs = described_point(point, is_tested);
    context_.problems.add(rules::overlap, *rules_[b],
                          "the rules " + std::to_string(a + 1) + " and " + std::to_string(b + 1) + " both match, " +
                              (inputs.empty() ? "whatever the inputs are" : "for example with " + inputs) +
                              ", but the hit policy is " + hit_policy_name(parts_.policy, Aggregation::none) +
                              (parts_.policy == HitPolicy::any ? " and their outputs differ" : ""));
  }

  // ---- DMN-0409

  void find_gaps() {
    for (const std::size_t i : order_) {
      if (!columns_[i].independent) return;
      if (!std::ranges::all_of(columns_[i].cells, &Column::Cell::plain)) return;
    }
    Budget budget(context_.lint_steps_left, table_steps_max);
    std::vector<Matching> matching;
    matching.reserve(order_.size());
    CoverQuestion question;
    question.columns = columns_.size();
    question.rules = Bits(rules_.size(), true);
    question.points_max = gaps_max;
    for (const std::size_t i : order_) {
      std::optional<Matching> made = matching_rules(columns_[i], budget);
      if (!made) return;
      matching.push_back(*std::move(made));
      question.parts.push_back({i, &matching.back(), &columns_[i].examples});
    }
    const Cover cover = find_uncovered(question, budget);
    if (cover.uncovered.empty()) return;
    std::string examples;
    for (const Point& point : cover.uncovered)
      examples += (examples.empty() ? "" : "; or with ") + described_point(point, [](std::size_t) { return true; });
    context_.problems.add(rules::gap, table_, "no rule matches, for example with " + examples);
  }

  // ---- What messages say

  template <class Shown>
  std::string described_point(const Point& point, Shown shown) const {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i].tested || !shown(i)) continue;
      text += (text.empty() ? "" : ", ") + shown_name(i) + " = ";
      std::string value;
      feel::append_feel_text(value, columns_[i].samples[point[i]], true);
      text += shortened(value);
    }
    return text;
  }

  [[nodiscard]] std::string shown_name(std::size_t column) const { return shortened(columns_[column].name); }

  // On one line, and no longer than is read.
  static std::string shortened(std::string_view text) {
    constexpr std::size_t shown_max = 80;
    std::string_view shown = text.substr(0, shown_max);
    while (!shown.empty() && feel::invalid_utf8_at(shown) != std::string_view::npos) shown.remove_suffix(1);
    std::string line(shown);
    std::ranges::replace_if(
        line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return line + (shown.size() < text.size() ? "..." : "");
  }

  ReadContext& context_;
  const XmlElement& table_;
  const TableParts& parts_;
  std::vector<const XmlElement*> rules_;
  std::vector<std::vector<const XmlElement*>> inputs_;
  std::vector<std::vector<const XmlElement*>> outputs_;
  std::vector<Column> columns_;
  std::vector<std::size_t> order_;  ///< columns that are tested, the most telling first
  std::vector<bool> dead_;          ///< rules that never match, for which a hint was given
};

}  // namespace

void lint_table(ReadContext& context, const XmlElement& table, const TableParts& parts, const Variables& variables) {
  const std::vector<const XmlElement*> inputs = children(table, "input");
  const bool fits = std::ranges::all_of(parts.rules, [&](const TableParts::Rule& rule) {
    return rule.tests.size() == inputs.size() && rule.outputs.size() == parts.outputs.size();
  });
  if (!fits || parts.rules.empty() || inputs.empty() || inputs.size() > columns_max) return;
  const std::uint64_t probing = 300 * inputs.size() * parts.rules.size();
  if (context.lint_steps_left < probing) return;
  context.lint_steps_left -= probing;
  try {
    TableLinter(context, table, parts).run(column_sources(context, inputs, parts, variables));
  } catch (const feel::EvaluationFailure&) {  // a table that is too large to look at: it may be as good as any
  }
}

}  // namespace fermata::dmn::lint
