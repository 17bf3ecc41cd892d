// Variables: what the texts of one decision or knowledge model see, with their types: for what the linter can say of a
// name.
//
//   variables.push({"Age", number});
//   variables.find("Age")->type
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "processes/dmn/item_type.h"

namespace fermata::dmn::lint {

struct Variable {
  std::string name;
  ItemTypePtr type;      ///< null: anything
  bool is_input = true;  ///< any value of the type can come; not what the model computes, a function or an import
};

class Variables {
 public:
  /// Hides those of the same name that are there already.
  void push(Variable variable);
  /// Takes back all but the first `size`.
  void shrink(std::size_t size);
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] const std::vector<Variable>& all() const { return all_; }
  /// By its name, however it is spaced; nullptr when it is none of them. Good until the next push or shrink.
  [[nodiscard]] const Variable* find(std::string_view name) const;

  /// Nothing is known of its values any more: several have this name, say.
  void blur(std::string_view name);

  /// It is drawn what the element requires. Of one that requires nothing nobody knows what its callers give.
  bool requires_something = false;
  /// And there is nothing else: the model draws its inputs. Modelers for Camunda do not, and a decision that requires
  /// others still sees what the callers give.
  bool declared = false;
  /// How many filters are around: the members of their items, which nobody knows, are names as well.
  std::size_t open_filters = 0;

 private:
  std::vector<Variable> all_;
  std::unordered_map<std::string, std::vector<std::size_t>> places_;  ///< by canonical name, in all_
};

}  // namespace fermata::dmn::lint
