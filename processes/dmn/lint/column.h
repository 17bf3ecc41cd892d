// A column of a decision table, as the linter sees it: the few values that stand for all others, and which of them each
// cell holds for.
//
//   cells < 18, [18..65], -   ->  samples 17, 18, 19, 65, 66, null; the first cell holds for 17 only
#pragma once

#include <string>

#include "processes/dmn/decision_table.h"
#include "processes/dmn/lint/bits.h"
#include "processes/dmn/lint/literal_cell.h"
#include "processes/dmn/lint/prober.h"

namespace fermata::dmn::lint {

/// What is known of the values that come to a column.
struct ColumnSource {
  std::string text;          ///< of the input expression
  bool independent = false;  ///< a name, or a path of names, that no other column reads from
  bool typed = false;        ///< nothing but values of `kind`, or null, come
  feel::Type::Kind kind = feel::Type::Kind::any;
  std::vector<const ItemType*> types;  ///< that all values are of
  std::vector<std::string> allowed;    ///< texts of the allowed values of those types
  const feel::Node* input_values = nullptr;
  std::string input_values_text;
};

struct CellText {
  const feel::Node* test = nullptr;  ///< null: anything
  std::string_view text;             ///< trimmed
};

struct Column {
  struct Cell {
    bool anything = false;
    bool plain = false;  ///< `holds` tells all about it
    Bits holds;          ///< of the samples
    std::vector<feel::Type::Kind> literal_kinds;
  };

  std::string name;
  bool tested = false;       ///< some cell is not "-"
  bool independent = false;  ///< each sample that is an example can come, whatever the other columns have
  bool exhaustive = false;   ///< the samples stand for everything that can come
  std::vector<Value> samples;
  Bits examples;            ///< samples to be shown: not null
  std::vector<Cell> cells;  ///< each text once
  std::vector<std::size_t> cell_of_rule;

  [[nodiscard]] const Cell& cell(std::size_t rule) const { return cells[cell_of_rule[rule]]; }
};

[[nodiscard]] Column make_column(const ColumnSource& source, const std::vector<CellText>& cells, Prober& prober);

}  // namespace fermata::dmn::lint
