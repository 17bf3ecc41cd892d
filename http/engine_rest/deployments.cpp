// Deployments: what the desktop modeler and build scripts call.
#include <map>

#include "http/engine_rest/answer.h"
#include "http/engine_rest/definition_json.h"
#include "http/engine_rest/handlers.h"
#include "http/engine_rest/typed_value.h"
#include "http/v2/deployment_files.h"

namespace fermata::http::engine_rest {
namespace {

using v2::CompiledDeployment;
using v2::FileProblem;

constexpr std::size_t deployments_read_max = 10'000;

struct Upload {
  std::string name;
  std::string source;
  bool filter_duplicates = false;
  std::vector<v2::UploadedFile> files;
  std::string problem;
};

bool is_true(std::string_view text) { return to_lower_ascii(text) == "true"; }

Upload read_upload(const Request& request) {
  Upload upload;
  for (const Part& part : request.parts) {
    if (part.name == "deployment-name") {
      upload.name = std::string(part.body);
    } else if (part.name == "deployment-source") {
      upload.source = std::string(part.body);
    } else if (part.name == "enable-duplicate-filtering" || part.name == "deploy-changed-only") {
      upload.filter_duplicates = upload.filter_duplicates || is_true(part.body);
    } else if (part.name == "deployment-activation-time") {
      if (!part.body.empty()) upload.problem = "deployment-activation-time is not supported: a deployment is active at once";
    } else if (part.name == "tenant-id") {
      if (!part.body.empty()) upload.problem = "There is one tenant only; leave tenant-id out";
    } else if (!part.filename || part.filename->empty()) {
      upload.problem = "No file name found in the deployment resource described by form parameter '" + part.name + "'.";
    } else {
      upload.files.push_back({*part.filename, part.body});
    }
  }
  if (upload.problem.empty() && upload.files.empty()) upload.problem = "No deployment resources contained in the form upload.";
  return upload;
}

void write_problems(JsonWriter& json, std::string_view name, const std::vector<const bpmn::Problem*>& problems) {
  json.begin_array(name);
  for (const bpmn::Problem* problem : problems) {
    json.begin_object()
        .text("message", problem->rule + ": " + problem->message)
        .number("line", problem->line)
        .number("column", problem->column)
        .text_or_null("mainElementId", problem->element_id)
        .begin_array("elementIds");
    if (!problem->element_id.empty()) json.element(problem->element_id);
    json.end_array().end_object();
  }
  json.end_array();
}

// The modeler recognises a parse error by how its message begins.
Response answer_parse_error(const std::vector<FileProblem>& problems) {
  std::string message = "ENGINE-09005 Could not parse BPMN process. Errors:";
  std::map<std::string, std::pair<std::vector<const bpmn::Problem*>, std::vector<const bpmn::Problem*>>> by_file;
  for (const FileProblem& found : problems) {
    const bool error = found.problem.severity == bpmn::Severity::error;
    auto& [errors, warnings] = by_file[found.file];
    (error ? errors : warnings).push_back(&found.problem);
    if (error) message += "\n* " + v2::problem_line(found);
  }
  JsonWriter json;
  json.begin_object().text("type", "ParseException").text("message", message).null("code").begin_object("details");
  for (const auto& [file, found] : by_file) {
    json.begin_object(file);
    write_problems(json, "errors", found.first);
    write_problems(json, "warnings", found.second);
    json.end_object();
  }
  json.end_object().end_object();
  return Response::json(400, json.take());
}

struct DeploymentHead {
  DeploymentKey key;
  std::string name;
  std::string source;
  Timestamp at;
};

void write_head(JsonWriter& json, const Request& request, const DeploymentHead& head) {
  json.begin_array("links")
      .begin_object()
      .text("method", "GET")
      .text("href", base_url(request) + "/engine-rest/deployment/" + head.key.text())
      .text("rel", "self")
      .end_object()
      .end_array()
      .key("id", head.key)
      .text_or_null("name", head.name)
      .text_or_null("source", head.source)
      .null("tenantId");
  write_c7_date(json, "deploymentTime", head.at);
}

Response answer_deployed(const Request& request, const Upload& upload, const Deployed& deployed) {
  JsonWriter json;
  json.begin_object();
  write_head(json, request, {deployed.key, upload.name, upload.source, deployed.at});
  if (deployed.definitions.empty()) {
    json.null("deployedProcessDefinitions");
  } else {
    json.begin_object("deployedProcessDefinitions");
    for (const Definition& definition : deployed.definitions) {
      json.name_next(definition_id(definition));
      write_definition(json, definition);
    }
    json.end_object();
  }
  json.null("deployedCaseDefinitions")
      .null("deployedDecisionDefinitions")
      .null("deployedDecisionRequirementsDefinitions")
      .end_object();
  return Response::json(200, json.take());
}

std::size_t read_count(const Request& request, std::string_view name, std::size_t fallback) {
  const std::string text{request.query.get(name).value_or("")};
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos || text.size() > 9) return fallback;
  return static_cast<std::size_t>(std::stoul(text));
}

}  // namespace

Response create_deployment(const Api& api, const Request& request) {
  if (request.content_type() != "multipart/form-data") return invalid_request("Send the files as multipart/form-data");
  const Upload upload = read_upload(request);
  if (!upload.problem.empty()) return invalid_request(upload.problem);
  CompiledDeployment compiled = v2::compile_deployment(api.compile, upload.files);
  if (v2::refused(compiled.problems)) return answer_parse_error(compiled.problems);
  Deploy command;
  command.resources = std::move(compiled.resources);
  command.always_new_version = !upload.filter_duplicates;
  return execute(api, request, std::move(command),
                 [&](const Reply& reply) { return answer_deployed(request, upload, std::get<Deployed>(reply)); });
}

// Deployments are known by their definitions; names and sources are not kept. Newest first.
Response list_deployments(const Api& api, const Request& request) {
  for (const auto& [name, value] : request.query.items()) {
    if (name != "firstResult" && name != "maxResults" && name != "sortBy" && name != "sortOrder") {
      return invalid_request("The filter '" + name + "' of deployments is not supported");
    }
  }
  const std::size_t first = read_count(request, "firstResult", 0);
  const std::size_t count = read_count(request, "maxResults", deployments_read_max);
  if (count == 0) return Response::json(200, "[]");
  return with_session(api, [&](ReadSession& session) {
    fermata::Query query;
    query.limit = deployments_read_max;
    const auto page = session.search_definitions(query);
    if (!page) return answer_error(page.error());
    std::map<DeploymentKey, Timestamp, std::greater<>> deployments;
    for (const Definition& definition : page->items) deployments.emplace(definition.deployment, definition.deployed_at);
    JsonWriter json;
    json.begin_array();
    std::size_t index = 0;
    for (const auto& [key, at] : deployments) {
      if (index >= first && index - first < count) {
        json.begin_object();
        write_head(json, request, {key, "", "", at});
        json.end_object();
      }
      ++index;
    }
    json.end_array();
    return Response::json(200, json.take());
  });
}

}  // namespace fermata::http::engine_rest
