// Models and expressions for the server: BPMN with FEEL, as the functions that the engine and the HTTP API are given.
#pragma once

#include <string>
#include <string_view>

#include "activities/host/services.h"
#include "engine/core/partition.h"
#include "http/v2/api.h"

namespace fermata::cli {

/// For deployments: all problems of a file, and its processes when none is an error.
[[nodiscard]] http::CompiledFile compile_file(std::string_view name, std::string_view content);

/// The same for the DMN files of a deployment.
[[nodiscard]] std::vector<http::CompiledDecisions> compile_decision_files(const std::vector<http::UploadedFile>& files);

/// For the engine after a restart: the processes of a resource that was accepted once.
[[nodiscard]] Result<std::vector<DeployResource::Process>> recompile(const Resource& resource);

/// The same for the decisions of a DMN file; `beside`: all of its deployment, itself among them.
[[nodiscard]] Result<DecisionModelPtr> recompile_decisions(const Resource& file, const std::vector<Resource>& beside);

/// For POST /v2/expression/evaluation.
[[nodiscard]] Result<http::EvaluatedExpression> evaluate_feel(std::string_view text, const Variables& variables, Timestamp now);

/// For activities: FEEL over a JSON object, answers JSON.
[[nodiscard]] Result<std::string> evaluate_feel_json(std::string_view text, std::string_view context_json);

}  // namespace fermata::cli
