// Api: what the routes of /v2 and /engine-rest are made of: the engine, the compiler of deployed files, FEEL, and the
// clock.
//
// Floor 7. The composition root fills it; the routes share it. Compilers come as functions, so that this folder does
// not know how BPMN, DMN or FEEL work.
//
//   auto api = std::make_shared<Api>(Api{.engine = *engine, .compile = {compile_bpmn, compile_dmn}, .evaluate =
//   evaluate_feel}); v2::add_routes(router, api); engine_rest::add_routes(router, api);
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/engine.h"
#include "http/v2/element_names.h"
#include "processes/bpmn/problem.h"

namespace fermata::http {

/// One BPMN file, compiled. Nothing may be deployed when any problem is an error.
struct CompiledFile {
  std::vector<DeployResource::Process> processes;
  std::vector<bpmn::Problem> problems;
};
using FileCompiler = std::function<CompiledFile(std::string_view name, std::string_view content)>;

/// A file as it was uploaded.
struct UploadedFile {
  std::string name;
  std::string_view content;
};
/// One DMN file, compiled; nullopt when a problem is an error.
struct CompiledDecisions {
  std::optional<DeployResource::Decisions> decisions;
  std::vector<bpmn::Problem> problems;
};
/// The DMN files of one deployment, which may import each other; one result for each.
using DecisionFilesCompiler = std::function<std::vector<CompiledDecisions>(const std::vector<UploadedFile>& files)>;

struct Compilers {
  FileCompiler processes;
  DecisionFilesCompiler decisions;
};

struct EvaluatedExpression {
  Value value;
  std::vector<std::string> warnings;
};
/// invalid_argument when the text does not compile, resource_exhausted when it hits a bound.
using ExpressionEvaluator =
    std::function<Result<EvaluatedExpression>(std::string_view text, const Variables& variables, Timestamp now)>;

struct Api {
  Engine& engine;
  Compilers compile;
  ExpressionEvaluator evaluate = nullptr;                 ///< null: POST /v2/expression/evaluation is not there
  std::shared_ptr<const Clock> clock = nullptr;           ///< the engine's
  std::shared_ptr<SystemClock> writable_clock = nullptr;  ///< null: the clock cannot be set from outside
  std::string version = "0.1.0";                          ///< of Fermata
  std::string host = "127.0.0.1";                         ///< as GET /v2/topology names this node
  int port = 8080;
  bool unique_business_key = false;  ///< refuse a second live instance with the same businessId
  Duration long_poll_default =
      Duration::from_seconds(10);  ///< of an activation that says "as long as the server likes"
  Duration long_poll_max = Duration::from_seconds(1800);
  Duration await_default = Duration::from_seconds(10);  ///< of awaitCompletion without requestTimeout
  Duration await_max = Duration::from_seconds(600);
  std::shared_ptr<v2::ElementNames> element_names = std::make_shared<v2::ElementNames>();
};
using ApiPtr = std::shared_ptr<const Api>;

}  // namespace fermata::http
