#include "processes/dmn/lint/column.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "processes/dmn/lint/samples.h"

namespace fermata::dmn::lint {
namespace {

using feel::kind_of;
using Kind = feel::Type::Kind;

bool before(const Value& a, const Value& b) {
  return feel::order(a, b) == std::partial_ordering::less;
}

class ColumnMaker {
 public:
  ColumnMaker(const ColumnSource& source, const std::vector<CellText>& cells, Prober& prober)
      : source_(source), prober_(prober) {
    column_.name = source.text;
    column_.independent = source.independent;
    list_cells(cells);
  }

  Column make() {
    if (!column_.tested) return std::move(column_);
    const bool clear = read_allowed() && !mixes_dates();
    if (clear) choose_samples();
    if (clear && !prober_.read_more()) {
      for (std::size_t i = 0; i < column_.cells.size(); ++i) {
        if (tests_[i] != nullptr && column_.cells[i].plain) probe(i);
      }
    } else {
      give_up();
    }
    for (Column::Cell& cell : column_.cells) {
      if (cell.anything) cell.holds = Bits(column_.samples.size(), true);
    }
    return std::move(column_);
  }

 private:
  struct Stretch {
    std::size_t begin;
    std::size_t end;
  };
  struct Block {  // samples of one kind
    Kind kind;
    std::size_t begin;
    std::size_t end;
    std::vector<Stretch> of_boundary;  ///< its own sample, or where that would be if it could come
    std::vector<std::vector<std::size_t>> boundaries_of_cell;  ///< sorted
  };
  struct Literal {
    Value value;
    double rough;
    std::size_t cell;  ///< nowhere: of the allowed values
  };
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  void list_cells(const std::vector<CellText>& cells) {
    std::unordered_map<std::string_view, std::size_t> places;
    for (const CellText& each : cells) {
      const std::string_view text = each.test == nullptr ? "-" : each.text;
      const auto [place, is_new] = places.emplace(text, column_.cells.size());
      column_.cell_of_rule.push_back(place->second);
      if (!is_new) continue;
      Column::Cell& cell = column_.cells.emplace_back();
      tests_.push_back(each.test);
      literals_.emplace_back();
      cell.anything = cell.plain = each.test == nullptr;
      if (cell.anything) continue;
      column_.tested = true;
      CellTests tests = read_cell(text);
      cell.plain = tests.plain;
      if (!cell.plain) continue;
      literals_.back() = std::move(tests.literals);
      for (const Value& literal : literals_.back()) {
        const Kind kind = kind_of(literal);
        if (std::ranges::find(cell.literal_kinds, kind) == cell.literal_kinds.end()) cell.literal_kinds.push_back(kind);
      }
    }
  }

  // False when what is allowed cannot be looked through.
  bool read_allowed() {
    std::vector<std::string> texts = source_.allowed;
    if (!source_.input_values_text.empty()) texts.push_back(source_.input_values_text);
    for (const std::string& text : texts) {
      CellTests tests = read_cell(text);
      if (!tests.plain) return false;
      std::ranges::move(tests.literals, std::back_inserter(allowed_literals_));
    }
    return true;
  }

  // A date is the midnight of its day in UTC where it meets a date and time, and those here are in no zone.
  bool mixes_dates() {
    bool date = source_.kind == Kind::date;
    bool date_time = source_.kind == Kind::date_time;
    const auto look = [&](const Value& literal) {
      date = date || kind_of(literal) == Kind::date;
      date_time = date_time || kind_of(literal) == Kind::date_time;
    };
    for (const std::vector<Value>& literals : literals_) std::ranges::for_each(literals, look);
    std::ranges::for_each(allowed_literals_, look);
    return date && date_time;
  }

  void give_up() {
    for (Column::Cell& cell : column_.cells) cell.plain = cell.anything;
    column_.independent = false;
    column_.exhaustive = false;
  }

  void choose_samples() {
    std::map<Kind, std::vector<Literal>> literals;
    std::vector<Value> boundaries;
    const auto add = [&](const Value& literal, std::size_t cell) {
      boundaries.clear();
      add_boundaries(literal, boundaries);
      std::vector<Literal>& of_kind = literals[kind_of(literal)];
      for (const Value& each : boundaries) of_kind.push_back({each, rough_place(each), cell});
    };
    for (std::size_t cell = 0; cell < literals_.size(); ++cell) {
      for (const Value& literal : literals_[cell]) add(literal, cell);
    }
    for (const Value& literal : allowed_literals_) add(literal, nowhere);
    complete_ = true;
    if (source_.typed) {
      add_block(source_.kind, literals[source_.kind]);
    } else {
      for (auto& [kind, of_kind] : literals) add_block(kind, of_kind);
    }
    column_.exhaustive = source_.typed && complete_;
    examples_ = column_.samples.size();
    add_hidden();
    column_.examples = Bits(column_.samples.size());
    column_.examples.set(0, examples_);
    if (examples_ == 0) column_.independent = false;
  }

  void add_block(Kind kind, std::vector<Literal>& literals) {
    std::ranges::sort(literals, [](const Literal& a, const Literal& b) {
      return a.rough != b.rough ? a.rough < b.rough : before(a.value, b.value);
    });
    Block& block = blocks_.emplace_back();
    block.kind = kind;
    block.boundaries_of_cell.resize(column_.cells.size());
    std::vector<Value> boundaries;
    for (const Literal& literal : literals) {
      // True and false have no order: they are not sorted, and asked for one by one.
      if (boundaries.empty() || before(boundaries.back(), literal.value)) boundaries.push_back(literal.value);
      if (literal.cell == nowhere) continue;
      std::vector<std::size_t>& own = block.boundaries_of_cell[literal.cell];
      if (own.empty() || own.back() + 1 != boundaries.size()) own.push_back(boundaries.size() - 1);
    }
    block.begin = column_.samples.size();
    std::size_t boundary = 0;
    for (Value& sample : samples_of(kind, boundaries)) {
      const bool comes = can_come(sample);
      const std::size_t at = column_.samples.size();
      if (boundary < boundaries.size() && sample == boundaries[boundary]) {
        block.of_boundary.push_back({at, at + (comes ? 1 : 0)});
        ++boundary;
      }
      if (comes) column_.samples.push_back(std::move(sample));
    }
    block.end = column_.samples.size();
  }

  std::vector<Value> samples_of(Kind kind, const std::vector<Value>& boundaries) {
    if (kind == Kind::boolean) return {Value::boolean(true), Value::boolean(false)};
    if (kind == Kind::string) return texts(boundaries);
    bool complete = is_ordered(kind);
    std::vector<Value> samples;
    if (complete) samples = ordered_samples(kind, boundaries, complete);
    complete_ = complete_ && complete;
    return samples;
  }

  // Each text that is named, and one that is not; sorted.
  static std::vector<Value> texts(std::vector<Value> named) {
    Value other = Value::string("other");
    for (int i = 2; std::ranges::binary_search(named, other, before); ++i)
      other = Value::string("other " + std::to_string(i));
    named.insert(std::ranges::upper_bound(named, other, before), other);
    return named;
  }

  bool can_come(const Value& value) {
    return std::ranges::all_of(source_.types, [&](const ItemType* type) { return prober_.fits(value, *type); }) &&
           (source_.input_values == nullptr || prober_.holds(*source_.input_values, value));
  }

  // What may come as well, though it is no good example: null, and times in a zone, which are like no time without.
  void add_hidden() {
    column_.samples.push_back(Value::null());
    feel::Zone utc;
    utc.kind = feel::Zone::Kind::offset;
    if (source_.kind == Kind::time) column_.samples.push_back(feel::box(feel::TimeOfDay{0, utc}));
    if (source_.kind == Kind::date_time) column_.samples.push_back(feel::box(feel::DateTime{{}, 0, utc}));
  }

  void probe(std::size_t index) {
    Column::Cell& cell = column_.cells[index];
    cell.holds = Bits(column_.samples.size());
    for (const Block& block : blocks_) {
      const std::vector<std::size_t>& own = block.boundaries_of_cell[index];
      if (is_ordered(block.kind)) {
        probe_line(index, block, own);
      } else if (block.kind == Kind::string) {
        probe_texts(index, block, own);
      } else {
        for (std::size_t at = block.begin; at < block.end; ++at) probe_one(index, at);
      }
    }
    for (std::size_t at = examples_; at < column_.samples.size(); ++at) probe_one(index, at);
    // Its literals do not decide alone (a variable of the model is called "date", say).
    if (prober_.read_more()) cell.plain = false;
  }

  void probe_one(std::size_t index, std::size_t at) {
    if (prober_.holds(*tests_[index], column_.samples[at])) column_.cells[index].holds.set(at);
  }

  // All samples between two neighbouring boundaries of the cell itself get the same answer.
  void probe_line(std::size_t index, const Block& block, const std::vector<std::size_t>& own) {
    std::size_t begin = block.begin;
    for (const std::size_t boundary : own) {
      const Stretch& at = block.of_boundary[boundary];
      probe_stretch(index, begin, at.begin);
      probe_stretch(index, at.begin, at.end);
      begin = at.end;
    }
    probe_stretch(index, begin, block.end);
  }

  void probe_stretch(std::size_t index, std::size_t begin, std::size_t end) {
    if (begin < end && prober_.holds(*tests_[index], column_.samples[begin]))
      column_.cells[index].holds.set(begin, end);
  }

  // All texts that the cell does not name get the same answer.
  void probe_texts(std::size_t index, const Block& block, const std::vector<std::size_t>& own) {
    Bits& holds = column_.cells[index].holds;
    std::size_t other = block.begin;
    for (const std::size_t boundary : own) {
      if (block.of_boundary[boundary].begin == other) other = block.of_boundary[boundary].end;
    }
    if (other < block.end && prober_.holds(*tests_[index], column_.samples[other])) holds.set(block.begin, block.end);
    for (const std::size_t boundary : own) {
      const Stretch& at = block.of_boundary[boundary];
      if (at.begin == at.end) continue;
      holds.clear(at.begin);
      probe_one(index, at.begin);
    }
  }

  const ColumnSource& source_;
  Prober& prober_;
  Column column_;
  std::vector<const feel::Node*> tests_;      ///< of each cell
  std::vector<std::vector<Value>> literals_;  ///< of each cell
  std::vector<Value> allowed_literals_;
  std::vector<Block> blocks_;
  std::size_t examples_ = 0;  ///< samples before the hidden ones
  bool complete_ = true;      ///< the samples that are examples stand for all that can come but null
};

}  // namespace

Column make_column(const ColumnSource& source, const std::vector<CellText>& cells, Prober& prober) {
  return ColumnMaker(source, cells, prober).make();
}

}  // namespace fermata::dmn::lint
