// POST /v2/deployments: all files of the request, or none.
#include <set>

#include "http/v2/answer.h"
#include "http/v2/deployment_files.h"
#include "http/v2/handlers.h"
#include "http/v2/json_writer.h"
#include "http/v2/object_reader.h"

namespace fermata::http::v2 {
namespace {

// Each item of the answer has all five keys; all but one are null (strict clients insist).
constexpr std::string_view metadata_fields[] = {"processDefinition", "decisionDefinition", "decisionRequirements", "form",
                                                "resource"};

template <class Write>
void write_metadata(JsonWriter& json, std::string_view present, Write&& write) {
  json.begin_object();
  for (const std::string_view field : metadata_fields) {
    if (field != present) {
      json.null(field);
      continue;
    }
    json.begin_object(field);
    write();
    json.end_object();
  }
  json.end_object();
}

Response answer_deployed(const Deployed& deployed, const std::vector<FileProblem>& warnings) {
  JsonWriter json;
  json.begin_object().key("deploymentKey", deployed.key).text("tenantId", default_tenant).begin_array("deployments");
  for (const Definition& definition : deployed.definitions) {
    write_metadata(json, "processDefinition", [&] {
      json.text("processDefinitionId", definition.process_id)
          .number("processDefinitionVersion", definition.version)
          .key("processDefinitionKey", definition.key)
          .text("resourceName", definition.resource_name)
          .text("tenantId", default_tenant);
    });
  }
  std::set<ResourceKey> files;
  for (const DecisionDefinition& decision : deployed.decisions) {
    write_metadata(json, "decisionDefinition", [&] {
      json.text("decisionDefinitionId", decision.decision_id)
          .text("name", decision.name)
          .number("version", decision.version)
          .key("decisionDefinitionKey", decision.key)
          .text("decisionRequirementsId", decision.requirements_id)
          .key("decisionRequirementsKey", decision.resource)
          .text("tenantId", default_tenant);
    });
    if (!files.insert(decision.resource).second) continue;
    write_metadata(json, "decisionRequirements", [&] {
      json.text("decisionRequirementsId", decision.requirements_id)
          .text("decisionRequirementsName", decision.requirements_name)
          .number("version", decision.requirements_version)
          .text("resourceName", decision.resource_name)
          .key("decisionRequirementsKey", decision.resource)
          .text("tenantId", default_tenant);
    });
  }
  for (const Resource& form : deployed.forms) {
    write_metadata(json, "form", [&] {
      json.text("formId", form.form_id)
          .number("version", form.version)
          .text("resourceName", form.name)
          .key("formKey", form.key)
          .text("tenantId", default_tenant);
    });
  }
  json.end_array().begin_array("warnings");
  for (const FileProblem& warning : warnings) json.element(problem_line(warning));
  json.end_array().end_object();
  return Response::json(200, json.take());
}

}  // namespace

Response create_deployment(const Api& api, const Request& request) {
  if (request.content_type() != "multipart/form-data") {
    return bad_request("Send the files as multipart/form-data, each in a part named 'resources' with its file name.");
  }
  std::vector<UploadedFile> files;
  for (const Part& part : request.parts) {
    if (part.name == "tenantId") {
      if (const std::string problem = tenant_problem(std::string(part.body)); !problem.empty()) return bad_request(problem);
    } else if (part.name != "resources") {
      return bad_request("The part '" + part.name + "' is not known here. Known are: resources, tenantId.");
    } else if (!part.filename || part.filename->empty()) {
      return bad_request("A part 'resources' has no file name.");
    } else {
      files.push_back({*part.filename, part.body});
    }
  }
  if (files.empty()) return bad_request("There is no file in the request. Send each in a part named 'resources'.");

  CompiledDeployment compiled = compile_deployment(api.compile, files);
  if (refused(compiled.problems)) return answer_problems(compiled.problems, request.path);
  Deploy command;
  command.resources = std::move(compiled.resources);
  return execute(api, request, std::move(command), [problems = std::move(compiled.problems)](const Reply& reply) {
    return answer_deployed(std::get<Deployed>(reply), problems);
  });
}

}  // namespace fermata::http::v2
