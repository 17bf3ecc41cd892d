// fermata feel: evaluates one expression, without a server. The value goes to stdout, warnings with their places to
// stderr. fermata conformance feelin: runs a file of expressions with expectations.
//
//   fermata feel 'amount > 100' --context '{"amount": 150}'      true
//   fermata feel '> 5, [1..2]' --unary --input 7                 true
#pragma once

#include <iosfwd>
#include <string>

#include "cli/client/session.h"

namespace fermata::cli {

struct FeelOptions {
  std::string expression;
  std::string context;  ///< a file, @- for standard input, or a JSON object; empty: no variables
  std::string input;    ///< of unary tests: what "?" is, in FEEL
  bool unary = false;   ///< the expression is the cell of a decision table
  bool json = false;
};

/// `refused` when the expression is wrong or hits a bound, `usage` when the context or the input is.
[[nodiscard]] Exit feel(const FeelOptions& options, std::ostream& out, std::ostream& err);

/// A line for each case of the file and the total; `refused` when one failed. `processes/feel/feelin_cases.h` has the
/// format.
[[nodiscard]] Exit feelin_conformance(const std::string& path, std::ostream& out, std::ostream& err);

}  // namespace fermata::cli
