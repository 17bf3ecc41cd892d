#include "processes/dmn/lint/text_lint.h"

#include <algorithm>
#include <array>

#include "processes/feel/builtins.h"

namespace fermata::dmn::lint {
namespace {

constexpr std::size_t compared_bytes_max = 40;

char small(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// How many letters have to be changed, put in, left out, or swapped with their neighbour; case does not count.
std::size_t distance(std::string_view a, std::string_view b) {
  using Row = std::array<std::size_t, compared_bytes_max + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = small(a[i - 1]) == small(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && small(a[i - 1]) == small(b[j - 2]) && small(a[i - 2]) == small(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string shortened(std::string_view name) {
  constexpr std::size_t shown_max = 80;
  std::string_view shown = name.substr(0, shown_max);
  while (!shown.empty() && feel::invalid_utf8_at(shown) != std::string_view::npos) shown.remove_suffix(1);
  return std::string(shown) + (shown.size() < name.size() ? "..." : "");
}

void report_name(ReadContext& context, const XmlElement& at, Position position, const std::string& name,
                 const Variables& variables) {
  // Whatever callers give, what the model declares is seen by those who require it only.
  if (context.model.variables.contains(name)) {
    context.problems.add_at(rules::missing_requirement, at, position,
                            "'" + shortened(name) + "' is an element of the model, but this one does not require it");
    return;
  }
  if (!variables.declared) return;
  std::vector<std::string_view> candidates;
  for (const Variable& each : variables.all()) candidates.push_back(each.name);
  for (const feel::Builtin& each : feel::all_builtins()) candidates.push_back(each.name);
  const std::string_view near = nearest_name(name, candidates, context.lint_steps_left);
  context.problems.add_at(rules::unknown_name, at, position,
                          "'" + shortened(name) + "' is not known here" +
                              (near.empty() ? "" : " (did you mean '" + std::string(near) + "'?)"));
}

}  // namespace

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& candidates,
                              std::uint64_t& steps_left) {
  std::string_view nearest;
  if (name.size() < 2 || name.size() > compared_bytes_max) return nearest;
  std::size_t allowed = name.size() <= 4 ? 1 : name.size() <= 8 ? 2 : 3;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), name.size());
    const std::size_t shorter = std::min(candidate.size(), name.size());
    if (candidate.empty() || candidate.size() > compared_bytes_max || longer - shorter > allowed) continue;
    const std::uint64_t cost = 3 * (candidate.size() + 1) * (name.size() + 30);
    if (steps_left < cost) return {};
    steps_left -= cost;
    const std::size_t away = distance(name, candidate);
    if (away > allowed || (away == allowed && !nearest.empty())) continue;
    nearest = candidate;
    allowed = away;
  }
  return nearest;
}

feel::Remarks remarks_for(const Variables& variables) {
  feel::Remarks remarks;
  remarks.kind_of_name = [&variables](const std::string& name) {
    // In a filter the name may be a member of the item.
    const Variable* variable = variables.open_filters > 0 ? nullptr : variables.find(name);
    const bool certain = variable != nullptr && variable->type != nullptr;
    return certain ? variable->type->type.kind : feel::Type::Kind::any;
  };
  return remarks;
}

void report_remarks(ReadContext& context, const XmlElement& at, const feel::Source& source,
                    const feel::Remarks& remarks, const Variables& variables) {
  for (const feel::Remarks::Mismatch& found : remarks.mismatches) {
    context.problems.add_at(rules::type_mismatch, at, position_in_file(source, found.offset),
                            "a " + std::string(feel::kind_name(found.left)) + " is compared with a " +
                                std::string(feel::kind_name(found.right)));
  }
  if (!variables.requires_something || variables.open_filters > 0) return;
  for (const feel::Remarks::Name& unknown : remarks.unknown_names)
    report_name(context, at, position_in_file(source, unknown.offset), unknown.name, variables);
}

}  // namespace fermata::dmn::lint
