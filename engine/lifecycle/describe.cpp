// Prints the machines as they answer: every state against every trigger. The tables are asked, not copied, so they cannot lie.
#include <algorithm>
#include <vector>

#include "engine/lifecycle/lifecycle.h"

namespace fermata {
namespace {

struct Matrix {
  std::string title;
  std::vector<std::string> triggers;
  struct Line {
    std::string from;
    std::vector<std::string> to;  ///< "-": not legal
  };
  std::vector<Line> lines;
};

// Statuses are numbered 1..last_status, triggers 0..last_trigger; the static_asserts of the machines hold the enums to the tables.
template <class Status, class Trigger>
Matrix matrix_of(std::string title, Status last_status, Trigger last_trigger) {
  Matrix made{std::move(title), {}, {}};
  for (int t = 0; t <= static_cast<int>(last_trigger); ++t) made.triggers.emplace_back(name_of(static_cast<Trigger>(t)));
  for (int s = 1; s <= static_cast<int>(last_status); ++s) {
    const auto from = static_cast<Status>(s);
    Matrix::Line line{std::string(name_of(from)), {}};
    for (int t = 0; t <= static_cast<int>(last_trigger); ++t) {
      const auto to = step(from, static_cast<Trigger>(t));
      line.to.emplace_back(to ? name_of(*to) : "-");
    }
    made.lines.push_back(std::move(line));
  }
  return made;
}

std::vector<Matrix> all_matrices() {
  return {matrix_of("Process instance", InstanceStatus::terminated, InstanceTrigger::terminate),
          matrix_of("Element instance", ElementStatus::terminated, ElementTrigger::terminate),
          matrix_of("Job", JobStatus::canceled, JobTrigger::cancel),
          matrix_of("User task", UserTaskStatus::canceled, UserTaskTrigger::cancel),
          matrix_of("Incident", IncidentStatus::resolved, IncidentTrigger::resolve)};
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

// One line per state; `left`, `between` and `right` frame the cells.
void append_table(std::string& out, const Matrix& matrix, std::string_view left, std::string_view between, std::string_view right,
                  bool ruled) {
  std::vector<std::vector<std::string>> rows{{"from"}};
  rows[0].insert(rows[0].end(), matrix.triggers.begin(), matrix.triggers.end());
  for (const Matrix::Line& line : matrix.lines) {
    rows.push_back({line.from});
    rows.back().insert(rows.back().end(), line.to.begin(), line.to.end());
  }
  std::vector<std::size_t> widths(rows[0].size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line(left);
    for (std::size_t i = 0; i < rows[r].size(); ++i) line += (i == 0 ? "" : std::string(between)) + padded(rows[r][i], widths[i]);
    line += right;
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
    if (r != 0 || !ruled) continue;
    std::string rule = "|";
    for (const std::size_t width : widths) rule += std::string(width + 2, '-') + "|";
    out += rule + "\n";
  }
}

}  // namespace

std::string describe_lifecycles() {
  std::string out;
  for (const Matrix& matrix : all_matrices()) {
    out += (out.empty() ? "" : "\n") + matrix.title + "\n";
    append_table(out, matrix, "  ", "  ", "", false);
  }
  return out;
}

std::string describe_lifecycles_markdown() {
  std::string out =
      "# The five lifecycles\n\n"
      "Generated from the state machines in `engine/lifecycle`; a test compares this page with what they answer. To write it\n"
      "anew after changing a machine: `FERMATA_UPDATE_GOLDEN=1 lifecycle_test`. Rows are states, columns are triggers, a dash\n"
      "is a change that does not exist. What the states mean stands in `engine/record/status.h`, what the triggers mean in\n"
      "`engine/lifecycle/lifecycle.h`.\n";
  for (const Matrix& matrix : all_matrices()) {
    out += "\n## " + matrix.title + "\n\n";
    append_table(out, matrix, "| ", " | ", " |", true);
  }
  return out;
}

}  // namespace fermata
