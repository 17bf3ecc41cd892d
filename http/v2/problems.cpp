#include "http/v2/problems.h"

#include <algorithm>

#include "http/v2/json_writer.h"

namespace fermata::http::v2 {

std::string problem_line(const FileProblem& found) {
  const bpmn::Problem& problem = found.problem;
  std::string line = found.file;
  if (problem.line > 0) line += ":" + std::to_string(problem.line);
  line += ": ";
  if (!problem.element_id.empty()) line += problem.element_id + ": ";
  return line + problem.rule + ": " + problem.message;
}

bool refused(const std::vector<FileProblem>& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [](const FileProblem& found) { return found.problem.severity == bpmn::Severity::error; });
}

Response answer_problems(const std::vector<FileProblem>& problems, std::string_view instance) {
  std::string detail = "Nothing was deployed:";
  for (const FileProblem& found : problems) {
    if (found.problem.severity == bpmn::Severity::error) detail += "\n" + problem_line(found);
  }
  JsonWriter json;
  json.begin_object()
      .text("type", "about:blank")
      .text("title", "INVALID_ARGUMENT")
      .number("status", 400)
      .text("detail", detail)
      .text("instance", instance)
      .begin_array("problems");
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
  json.end_array().end_object();
  Response response;
  response.status = 400;
  response.content_type = "application/problem+json";
  response.body = json.take();
  return response;
}

}  // namespace fermata::http::v2
