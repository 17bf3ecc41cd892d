#include "cli/commands/lint.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "cli/serve/models.h"
#include "http/v2/deployment_files.h"
#include "http/v2/json_writer.h"

namespace fermata::cli {
namespace {

using http::v2::FileProblem;

void write_json(const std::vector<FileProblem>& problems) {
  http::JsonWriter json;
  json.begin_array();
  for (const auto& [file, problem] : problems) {
    json.begin_object()
        .text("file", file)
        .text("severity", bpmn::severity_name(problem.severity))
        .text("rule", problem.rule)
        .text("elementId", problem.element_id)
        .number("line", problem.line)
        .number("column", problem.column)
        .text("message", problem.message)
        .end_object();
  }
  json.end_array();
  std::cout << json.take() << '\n';
}

}  // namespace

Exit lint(const LintOptions& options) {
  std::vector<FileProblem> problems;
  std::size_t processes = 0;
  std::size_t decisions = 0;
  std::vector<std::string> contents;
  for (const std::string& path : options.files) {
    Result<std::string> content = read_file(path);
    if (!content) {
      complain(content.error().message);
      return Exit::usage;
    }
    contents.push_back(std::move(*content));
  }
  // Each BPMN file and form by itself: versions of one process may be looked at side by side. DMN files may import each other.
  std::vector<http::UploadedFile> decision_files;
  const auto check = [&](const std::vector<http::UploadedFile>& files) {
    http::v2::CompiledDeployment compiled = http::v2::compile_deployment({compile_file, compile_decision_files}, files);
    for (const DeployResource& resource : compiled.resources) {
      processes += resource.processes.size();
      if (resource.decisions) decisions += resource.decisions->all.size();
    }
    std::move(compiled.problems.begin(), compiled.problems.end(), std::back_inserter(problems));
  };
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const http::UploadedFile file{options.files[i], contents[i]};
    if (std::filesystem::path(file.name).extension() == ".dmn") {
      decision_files.push_back(file);
    } else {
      check({file});
    }
  }
  if (!decision_files.empty()) check(decision_files);
  const auto count = [&problems](bpmn::Severity severity) {
    return std::ranges::count(problems, severity, [](const FileProblem& found) { return found.problem.severity; });
  };
  const auto errors = count(bpmn::Severity::error);
  const auto warnings = count(bpmn::Severity::warning);
  if (options.json) {
    write_json(problems);
  } else {
    for (const FileProblem& found : problems) {
      const bool error = found.problem.severity == bpmn::Severity::error;
      std::cout << http::v2::problem_line(found);
      if (!error) std::cout << " (" << bpmn::severity_name(found.problem.severity) << ')';
      std::cout << '\n';
    }
    std::cerr << options.files.size() << " file(s), " << processes << " executable process(es), " << decisions << " decision(s), " << errors
              << " error(s), " << warnings << " warning(s), " << count(bpmn::Severity::hint) << " hint(s)\n";
  }
  return errors > 0 || (options.strict && warnings > 0) ? Exit::refused : Exit::done;
}

}  // namespace fermata::cli
