// Problems: what is wrong with one file, collected in the order in which it is found, bounded.
#pragma once

#include <string>
#include <vector>

#include "processes/dmn/rules.h"
#include "processes/xml/xml_tree.h"

namespace fermata::dmn {

using xml::Position;
using xml::Problem;
using xml::XmlAttribute;
using xml::XmlElement;

class Problems {
 public:
  /// `what` is a clause without full stop; the rule's advice is appended.
  void add(const Rule& rule, const XmlElement& element, const std::string& what) {
    add_at(rule, element, element.position, what);
  }
  void add_at(const Rule& rule, const XmlElement& element, Position position, const std::string& what);
  void add(Problem problem);

  [[nodiscard]] bool has_error() const { return has_error_; }
  /// Sorted by line and column.
  [[nodiscard]] std::vector<Problem> take();

 private:
  std::vector<Problem> problems_;
  bool has_error_ = false;
  bool overflowed_ = false;
  bool hints_overflowed_ = false;
};

/// The id of the element, or of the nearest around it that has one.
[[nodiscard]] std::string_view nearest_id(const XmlElement& element);
/// "decision 'Dish'", "literalExpression": how messages call an element.
[[nodiscard]] std::string described(const XmlElement& element);

}  // namespace fermata::dmn
