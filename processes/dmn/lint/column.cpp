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
  struct Block {  // samples of one kind
    Kind kind;
    std::size_t begin;
    std::size_t end;
  };

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
    std::map<Kind, std::vector<Value>> boundaries;
    const auto add = [&](const Value& literal) { add_boundaries(literal, boundaries[kind_of(literal)]); };
    for (const std::vector<Value>& literals : literals_) std::ranges::for_each(literals, add);
    std::ranges::for_each(allowed_literals_, add);
    complete_ = true;
    if (source_.typed) {
      add_block(source_.kind, boundaries[source_.kind]);
    } else {
      for (auto& [kind, values] : boundaries) add_block(kind, values);
    }
    column_.exhaustive = source_.typed && complete_;
    examples_ = column_.samples.size();
    add_hidden();
    column_.examples = Bits(column_.samples.size());
    column_.examples.set(0, examples_);
    if (examples_ == 0) column_.independent = false;
  }

  void add_block(Kind kind, std::vector<Value>& boundaries) {
    std::vector<Value> samples;
    if (is_ordered(kind)) {
      bool complete = true;
      sort_boundaries(boundaries);
      samples = ordered_samples(kind, boundaries, complete);
      complete_ = complete_ && complete;
    } else if (kind == Kind::boolean) {
      samples = {Value::boolean(true), Value::boolean(false)};
    } else if (kind == Kind::string) {
      samples = texts(boundaries);
    } else {
      complete_ = false;
    }
    std::erase_if(samples, [this](const Value& sample) { return !can_come(sample); });
    blocks_.push_back({kind, column_.samples.size(), column_.samples.size() + samples.size()});
    std::ranges::move(samples, std::back_inserter(column_.samples));
  }

  // Each text that is named, and one that is not; sorted.
  static std::vector<Value> texts(std::vector<Value> named) {
    std::ranges::sort(named, before);
    named.erase(std::unique(named.begin(), named.end()), named.end());
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
    std::vector<Value> own;
    for (const Value& literal : literals_[index]) add_boundaries(literal, own);
    for (const Block& block : blocks_) {
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
  void probe_line(std::size_t index, const Block& block, const std::vector<Value>& literals) {
    std::vector<Value> own;
    std::ranges::copy_if(literals, std::back_inserter(own), [&](const Value& v) { return kind_of(v) == block.kind; });
    sort_boundaries(own);
    const auto first = column_.samples.begin() + static_cast<std::ptrdiff_t>(block.begin);
    const auto last = column_.samples.begin() + static_cast<std::ptrdiff_t>(block.end);
    const auto place = [&](auto at) { return static_cast<std::size_t>(at - column_.samples.begin()); };
    std::size_t begin = block.begin;
    for (const Value& boundary : own) {
      const std::size_t at = place(std::lower_bound(first, last, boundary, before));
      const std::size_t after = place(std::upper_bound(first, last, boundary, before));
      probe_stretch(index, begin, at);
      probe_stretch(index, at, after);
      begin = after;
    }
    probe_stretch(index, begin, block.end);
  }

  void probe_stretch(std::size_t index, std::size_t begin, std::size_t end) {
    if (begin < end && prober_.holds(*tests_[index], column_.samples[begin]))
      column_.cells[index].holds.set(begin, end);
  }

  // All texts that the cell does not name get the same answer.
  void probe_texts(std::size_t index, const Block& block, const std::vector<Value>& literals) {
    std::vector<std::size_t> named;
    for (const Value& literal : literals) {
      const std::size_t at = literal.is_string() ? place_of_text(block, literal) : block.end;
      if (at != block.end) named.push_back(at);
    }
    std::ranges::sort(named);
    const auto is_named = [&](std::size_t at) { return std::ranges::binary_search(named, at); };
    std::size_t other = block.begin;
    while (other < block.end && is_named(other)) ++other;
    if (other < block.end) probe_stretch(index, other, other + 1);
    if (other < block.end && column_.cells[index].holds.has(other))
      column_.cells[index].holds.set(block.begin, block.end);
    for (const std::size_t at : named) {
      column_.cells[index].holds.clear(at);
      probe_one(index, at);
    }
  }

  [[nodiscard]] std::size_t place_of_text(const Block& block, const Value& text) const {
    const auto first = column_.samples.begin() + static_cast<std::ptrdiff_t>(block.begin);
    const auto last = column_.samples.begin() + static_cast<std::ptrdiff_t>(block.end);
    const auto found = std::lower_bound(first, last, text, before);
    return found == last || *found != text ? block.end : static_cast<std::size_t>(found - column_.samples.begin());
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
