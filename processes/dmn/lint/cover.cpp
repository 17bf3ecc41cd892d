#include "processes/dmn/lint/cover.h"

namespace fermata::dmn::lint {
namespace {

class Search {
 public:
  Search(const CoverQuestion& question, Budget& budget)
      : question_(question), budget_(budget), point_(question.columns, 0), seen_(question.parts.size()) {
    for (const CoverQuestion::Part& part : question.parts) {
      const std::size_t first = Bits::first_common(*part.samples, *part.samples);
      if (first == Bits::npos) has_points_ = false;
      point_[part.column] = first;
    }
    if (has_points_) find_general_rules();
  }

  Cover run() {
    if (has_points_ && !budget_.spent()) split(0, question_.rules);
    cover_.complete = !budget_.spent();
    return std::move(cover_);
  }

 private:
  // Rules that match all that is asked for in a column and in all those after it.
  void find_general_rules() {
    general_.assign(question_.parts.size(), question_.rules);
    for (std::size_t level = question_.parts.size(); level-- > 0;) {
      const CoverQuestion::Part& part = question_.parts[level];
      Bits& general = general_[level];
      if (level + 1 < general_.size()) general = general_[level + 1];
      for (std::size_t sample = 0; sample < part.matching->size(); ++sample) {
        if (!part.samples->has(sample)) continue;
        if (!budget_.take(2 + general.words())) return;
        general &= (*part.matching)[sample];
      }
    }
  }

  // One column for each level, of which there are columns_max at most.
  void split(std::size_t level, const Bits& rules) {
    if (!rules.any()) {
      cover_.uncovered.push_back(point_);
      return;
    }
    // Where all columns are split, the rules that are left match. The same rules at the same column leave the same
    // uncovered: once is enough.
    if (level == question_.parts.size() || Bits::first_common(rules, general_[level]) != Bits::npos) return;
    if (!seen_[level].insert(rules).second) return;
    const CoverQuestion::Part& part = question_.parts[level];
    const std::size_t first = point_[part.column];
    std::set<Bits> tried;
    bool in_gap = false;  // neighbours that nothing matches are one gap
    for (std::size_t sample = first; sample < part.matching->size(); ++sample) {
      if (!part.samples->has(sample)) continue;
      if (!budget_.take(10 + 4 * rules.words())) return;
      Bits left = rules;
      left &= (*part.matching)[sample];
      const bool goes_on = in_gap && !left.any();
      in_gap = !left.any();
      if (goes_on) continue;
      if (!in_gap && !tried.insert(left).second) continue;
      if (!budget_.take(200)) return;
      point_[part.column] = sample;
      split(level + 1, left);
      if (cover_.uncovered.size() >= question_.points_max) return;
    }
    point_[part.column] = first;
  }

  const CoverQuestion& question_;
  Budget& budget_;
  Point point_;
  std::vector<std::set<Bits>> seen_;  ///< of each level
  std::vector<Bits> general_;         ///< of each level
  bool has_points_ = true;
  Cover cover_;
};

}  // namespace

std::optional<Matching> matching_rules(const Column& column, Budget& budget) {
  const std::size_t rules = column.cell_of_rule.size();
  std::uint64_t cost = column.samples.size() * (1 + rules / 64) * 2;
  for (std::size_t rule = 0; rule < rules; ++rule) {
    const Bits& holds = column.cell(rule).holds;
    cost += holds.words() + holds.count();
  }
  if (!budget.allows(cost)) return std::nullopt;
  budget.take(cost);
  Matching matching(column.samples.size(), Bits(rules));
  for (std::size_t rule = 0; rule < rules; ++rule) {
    const Bits& holds = column.cell(rule).holds;
    for (std::size_t i = 0; i < holds.words(); ++i) {
      for (std::uint64_t word = holds.word(i); word != 0; word &= word - 1)
        matching[i * 64 + static_cast<std::size_t>(std::countr_zero(word))].set(rule);
    }
  }
  return matching;
}

Cover find_uncovered(const CoverQuestion& question, Budget& budget) {
  return Search(question, budget).run();
}

}  // namespace fermata::dmn::lint
