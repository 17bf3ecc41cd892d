// From uploaded files to the resources of a Deploy command: kinds by file name, BPMN and DMN compiled, forms checked.
//
// Floor 7, shared by /v2 and /engine-rest.
//
//   CompiledDeployment compiled = compile_deployment(api.compile, {{"order.bpmn", bytes}});
//   if (refused(compiled.problems)) ...
#pragma once

#include <string_view>
#include <vector>

#include "engine/core/client_command.h"
#include "http/v2/api.h"
#include "http/v2/problems.h"

namespace fermata::http::v2 {

struct CompiledDeployment {
  std::vector<DeployResource> resources;  ///< all of them, or with problems
  std::vector<FileProblem> problems;      ///< warnings too
};

[[nodiscard]] CompiledDeployment compile_deployment(const Compilers& compilers, const std::vector<UploadedFile>& files);

}  // namespace fermata::http::v2
