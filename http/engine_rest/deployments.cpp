// Deployments: what the desktop modeler and build scripts call.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>

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
  Deploy::Versions versions = Deploy::Versions::always;
  std::vector<UploadedFile> files;
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
    } else if (part.name == "deploy-changed-only") {
      if (is_true(part.body)) upload.versions = Deploy::Versions::changed_only;
    } else if (part.name == "enable-duplicate-filtering") {
      const bool is_said_already = upload.versions != Deploy::Versions::always;
      if (is_true(part.body) && !is_said_already) upload.versions = Deploy::Versions::together;
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

// Name and source are kept as a file of the deployment, the first one: its key follows the deployment's own.
constexpr std::string_view note_kind = "deployment";

DeployResource note_of(const Upload& upload) {
  DeployResource note;
  note.name = upload.name;
  note.kind = note_kind;
  note.content = upload.source;
  return note;
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

void write_decisions(JsonWriter& json, const Deployed& deployed) {
  if (deployed.decisions.empty()) {
    json.null("deployedDecisionDefinitions").null("deployedDecisionRequirementsDefinitions");
    return;
  }
  json.begin_object("deployedDecisionDefinitions");
  for (const DecisionDefinition& decision : deployed.decisions) {
    json.name_next(decision_id(decision));
    write_decision(json, decision);
  }
  json.end_object().begin_object("deployedDecisionRequirementsDefinitions");
  std::set<ResourceKey> files;
  for (const DecisionDefinition& decision : deployed.decisions) {
    if (!files.insert(decision.resource).second) continue;
    json.name_next(requirements_id(decision));
    write_requirements(json, decision);
  }
  json.end_object();
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
  json.null("deployedCaseDefinitions");
  write_decisions(json, deployed);
  json.end_object();
  return Response::json(200, json.take());
}

}  // namespace

Response create_deployment(const Api& api, const Request& request) {
  if (request.content_type() != "multipart/form-data") return invalid_request("Send the files as multipart/form-data");
  const Upload upload = read_upload(request);
  if (!upload.problem.empty()) return invalid_request(upload.problem);
  CompiledDeployment compiled = v2::compile_deployment(api.compile, upload.files);
  if (v2::refused(compiled.problems)) return answer_parse_error(compiled.problems);
  Deploy command;
  if (!upload.name.empty() || !upload.source.empty()) command.resources.push_back(note_of(upload));
  std::move(compiled.resources.begin(), compiled.resources.end(), std::back_inserter(command.resources));
  command.versions = upload.versions;
  return execute(api, request, std::move(command),
                 [&](const Reply& reply) { return answer_deployed(request, upload, std::get<Deployed>(reply)); });
}

namespace {

Result<std::vector<DeploymentHead>> read_deployments(ReadSession& session) {
  fermata::Query query;
  query.limit = deployments_read_max;
  const auto page = session.search_definitions(query);
  if (!page) return fail(page.error());
  std::map<DeploymentKey, Timestamp> known;
  for (const Definition& definition : page->items) known.emplace(definition.deployment, definition.deployed_at);
  const auto decisions = session.search_decisions(query);
  if (!decisions) return fail(decisions.error());
  for (const DecisionDefinition& decision : decisions->items) known.emplace(decision.deployment, decision.deployed_at);
  std::vector<DeploymentHead> deployments;
  for (const auto& [key, at] : known) {
    const auto note = session.resource(ResourceKey{key.raw() + 1});
    if (!note) return fail(note.error());
    const bool has_note = *note && (*note)->kind == note_kind && (*note)->deployment == key;
    deployments.push_back({key, has_note ? (*note)->name : "", has_note ? (*note)->content : "", at});
  }
  return deployments;
}

// '%' stands for any text, as in SQL. Linear in text times pieces.
bool is_like(std::string_view text, std::string_view pattern) {
  std::size_t percent = pattern.find('%');
  if (percent == std::string_view::npos) return text == pattern;
  if (!text.starts_with(pattern.substr(0, percent))) return false;
  text.remove_prefix(percent);
  while (true) {
    pattern.remove_prefix(percent + 1);
    percent = pattern.find('%');
    if (percent == std::string_view::npos) return text.ends_with(pattern);
    const std::size_t found = text.find(pattern.substr(0, percent));
    if (found == std::string_view::npos) return false;
    text.remove_prefix(found + percent);
  }
}

/// What GET /deployment may ask for. Names of Camunda's own parameters.
struct DeploymentFilter {
  std::string id, name, name_like, source;
  bool without_source = false;
  std::string sort_by = "deploymentTime";
  bool descending = true;  ///< newest first, unless asked otherwise
  std::string problem;

  [[nodiscard]] bool admits(const DeploymentHead& head) const {
    return (id.empty() || head.key.text() == id) && (name.empty() || head.name == name) && (source.empty() || head.source == source) &&
           (!without_source || head.source.empty()) && (name_like.empty() || is_like(head.name, name_like));
  }
  [[nodiscard]] bool before(const DeploymentHead& a, const DeploymentHead& b) const {
    if (sort_by == "name" && a.name != b.name) return descending ? b.name < a.name : a.name < b.name;
    return descending ? b.key < a.key : a.key < b.key;  // keys ascend with time
  }
};

DeploymentFilter read_filter(const Request& request) {
  DeploymentFilter filter;
  std::string order;
  for (const auto& [name, value] : request.query.items()) {
    if (name == "id") {
      filter.id = value;
    } else if (name == "name") {
      filter.name = value;
    } else if (name == "nameLike") {
      filter.name_like = value;
    } else if (name == "source") {
      filter.source = value;
    } else if (name == "withoutSource") {
      filter.without_source = is_true(value);
    } else if (name == "sortBy") {
      filter.sort_by = value;
    } else if (name == "sortOrder") {
      order = value;
    } else if (name != "firstResult" && name != "maxResults" && name != "withoutTenantId" && name != "includeDeploymentsWithoutTenantId") {
      filter.problem = "The filter '" + name + "' of deployments is not supported";
    }
  }
  const bool sorted = request.query.get("sortBy").has_value();
  if (sorted == order.empty()) filter.problem = "Only a single sorting parameter specified. sortBy and sortOrder required";
  if (filter.sort_by != "id" && filter.sort_by != "name" && filter.sort_by != "deploymentTime")
    filter.problem = "Cannot set query sortBy parameter to value " + filter.sort_by;
  if (!order.empty() && order != "asc" && order != "desc") filter.problem = "Cannot set query sortOrder parameter to value " + order;
  if (!order.empty()) filter.descending = order == "desc";
  return filter;
}

}  // namespace

// Deployments are known by their definitions. Newest first.
Response list_deployments(const Api& api, const Request& request) {
  const DeploymentFilter filter = read_filter(request);
  if (!filter.problem.empty()) return invalid_request(filter.problem);
  const std::size_t first = read_count(request, "firstResult", 0);
  const std::size_t count = read_count(request, "maxResults", deployments_read_max);
  if (count == 0) return Response::json(200, "[]");
  return with_session(api, [&](ReadSession& session) {
    Result<std::vector<DeploymentHead>> deployments = read_deployments(session);
    if (!deployments) return answer_error(deployments.error());
    std::erase_if(*deployments, [&](const DeploymentHead& head) { return !filter.admits(head); });
    std::ranges::sort(*deployments, [&](const DeploymentHead& a, const DeploymentHead& b) { return filter.before(a, b); });
    JsonWriter json;
    json.begin_array();
    for (std::size_t index = first; index < deployments->size() && index - first < count; ++index) {
      json.begin_object();
      write_head(json, request, (*deployments)[index]);
      json.end_object();
    }
    json.end_array();
    return Response::json(200, json.take());
  });
}

}  // namespace fermata::http::engine_rest
