// Findings: the problems of one file, collected in the order in which they are found, bounded.
#pragma once

#include <string>
#include <vector>

#include "processes/bpmn/problem.h"
#include "processes/bpmn/rules/catalogue.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {

class Findings {
 public:
  /// `vendor_file`: the rules in tolerated_in_vendor_files warn only.
  explicit Findings(bool vendor_file = false) : vendor_file_(vendor_file) {}

  /// `what` is a clause without full stop; the rule's advice is appended. A repeated finding at the same place is
  /// dropped, and so is everything beyond limits::problems_per_file_max (one last problem says so).
  void add(const Rule& rule, const XmlElement& at, const std::string& what);
  void add(const Rule& rule, const XmlElement& element, const XmlAttribute& at, const std::string& what);
  void add_file_problem(Problem problem);

  [[nodiscard]] bool vendor_file() const { return vendor_file_; }
  [[nodiscard]] bool has_error() const { return has_error_; }
  /// Sorted by line and column.
  [[nodiscard]] std::vector<Problem> take() &&;

 private:
  void add(const Rule& rule, const XmlElement& element, Position position, const std::string& what);

  const bool vendor_file_;
  std::size_t warnings_ = 0;
  std::vector<Problem> problems_;
  bool has_error_ = false;
  bool overflowed_ = false;
};

/// "startEvent 'start'", "sequenceFlow", ...: how messages call an element.
[[nodiscard]] std::string described(const XmlElement& element);

}  // namespace fermata::bpmn
