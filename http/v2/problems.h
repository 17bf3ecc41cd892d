// The answer to a refused deployment: every reason with file, line, element and rule, for people (detail) and programs (problems).
//
//   DeploymentProblems problems;
//   problems.add("order.bpmn", problem);
//   if (problems.refused()) return problems.answer(request.path);
#pragma once

#include <string>
#include <vector>

#include "http/server/response.h"
#include "processes/bpmn/problem.h"

namespace fermata::http::v2 {

struct FileProblem {
  std::string file;
  bpmn::Problem problem;
};

/// "order.bpmn:41: flow_3: BPMN-0203: the default flow of gateway_1 leaves another element".
[[nodiscard]] std::string problem_line(const FileProblem& problem);

[[nodiscard]] bool refused(const std::vector<FileProblem>& problems);

/// application/problem+json with status 400 and the extension member "problems".
[[nodiscard]] Response answer_problems(const std::vector<FileProblem>& problems, std::string_view instance);

}  // namespace fermata::http::v2
