#include "cli/commands/conformance.h"

#include <iostream>

#include "processes/dmn/tck/tck.h"

namespace fermata::cli {
namespace {

void print_total(const std::string& what, const dmn::tck::Total& total) {
  std::cout << what << ": " << total.cases_passed << " of " << total.cases << " cases, " << total.results_passed << " of "
            << total.results << " results\n";
}

}  // namespace

Exit run_tck(const ConformanceOptions& options) {
  std::error_code error;
  if (!std::filesystem::is_directory(options.directory, error)) {
    complain("there is no directory " + options.directory);
    return Exit::usage;
  }
  const dmn::tck::Report report = dmn::tck::run_directory(options.directory, [&](const dmn::tck::CaseResult& each) {
    if (each.ok()) {
      if (!options.misses_only) std::cout << "ok    " << each.name() << '\n';
      return;
    }
    for (const std::string& miss : each.misses) std::cout << "MISS  " << each.name() << "  " << miss << '\n';
  });
  for (const std::string& problem : report.unreadable) complain(problem);
  for (const auto& [level, total] : report.by_level) print_total(level, total);
  const dmn::tck::Total total = report.total();
  print_total("total", total);
  if (total.cases == 0) {
    complain("there are no test cases under " + options.directory);
    return Exit::usage;
  }
  return total.cases_passed == total.cases && report.unreadable.empty() ? Exit::done : Exit::refused;
}

}  // namespace fermata::cli
