// Item types: what a typeRef asks of a value: FEEL's structure of it, and the constraints of item definitions (7.3.3).
//
//   Value age = fit(run, std::move(given), *type, "the input age");   // itself, converted, or null with a warning
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "processes/feel/node.h"
#include "processes/feel/types.h"

namespace fermata::dmn {

struct ItemType;
using ItemTypePtr = std::shared_ptr<const ItemType>;

struct ItemType {
  std::string name;       ///< as a typeRef writes it; for warnings
  feel::Type type;        ///< all of its structure
  std::size_t parts = 1;  ///< of its structure, all told
  bool collection = false;
  bool constrained = false;         ///< it or a part of it has constraints
  const ItemType* again = nullptr;  ///< the definition around it that it repeats: any depth of a tree
  ItemTypePtr base;                 ///< what its typeRef says; the items' type of a collection
  feel::NodePtr allowed_values;     ///< unary tests, for each item of a collection
  feel::NodePtr type_constraint;    ///< unary tests, for the value as a whole
  ItemTypePtr function_result;      ///< what a function item gives; null: anything, or no function
  std::string allowed_values_text;  ///< the order of an enumeration is the priority of outputs
  struct Component {
    std::string name;
    ItemTypePtr type;
  };
  std::vector<Component> components;
};

/// Whether the value has the structure and keeps all constraints. null does always.
[[nodiscard]] bool is_of_type(feel::Evaluation& run, const Value& value, const ItemType& type);

/// The value as something of that type takes it (10.3.2.9.4): itself, or a list of one made an item, or an item made a
/// list of one, or a date made a date and time; otherwise null with a warning that calls it `what`.
[[nodiscard]] Value fit(feel::Evaluation& run, Value value, const ItemType& type, std::string_view what);

/// A value that came from JSON: texts where the type asks for a date, time or duration are read as such; with `all`,
/// also where it asks for a number or boolean.
[[nodiscard]] Value values_from_text(feel::Evaluation& run, const Value& value, const feel::Type& type, bool all);

}  // namespace fermata::dmn
