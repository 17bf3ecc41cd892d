#include "http/engine_rest/definition_json.h"

#include "http/engine_rest/answer.h"

namespace fermata::http::engine_rest {

void write_definition(JsonWriter& json, const Definition& definition) {
  json.begin_object()
      .text("id", definition_id(definition))
      .text("key", definition.process_id)
      .null("category")
      .null("description")
      .text_or_null("name", definition.name)
      .number("version", definition.version)
      .text("resource", definition.resource_name)
      .key("deploymentId", definition.deployment)
      .null("diagram")
      .flag("suspended", false)
      .null("tenantId")
      .text_or_null("versionTag", definition.version_tag)
      .null("historyTimeToLive")
      .flag("startableInTasklist", true)
      .end_object();
}

std::string requirements_id(const DecisionDefinition& decision) {
  return decision.requirements_id + ":" + std::to_string(decision.requirements_version) + ":" + decision.resource.text();
}

void write_decision(JsonWriter& json, const DecisionDefinition& decision) {
  json.begin_object()
      .text("id", decision_id(decision))
      .text("key", decision.decision_id)
      .null("category")
      .text_or_null("name", decision.name)
      .number("version", decision.version)
      .text("resource", decision.resource_name)
      .key("deploymentId", decision.deployment)
      .null("tenantId")
      .text("decisionRequirementsDefinitionId", requirements_id(decision))
      .text("decisionRequirementsDefinitionKey", decision.requirements_id)
      .null("historyTimeToLive")
      .text_or_null("versionTag", decision.version_tag)
      .end_object();
}

void write_requirements(JsonWriter& json, const DecisionDefinition& decision) {
  json.begin_object()
      .text("id", requirements_id(decision))
      .text("key", decision.requirements_id)
      .null("category")
      .text_or_null("name", decision.requirements_name)
      .number("version", decision.requirements_version)
      .text("resource", decision.resource_name)
      .key("deploymentId", decision.deployment)
      .null("tenantId")
      .end_object();
}

void write_instance_fields(JsonWriter& json, const Request& request, const InstanceHead& head) {
  json.begin_array("links")
      .begin_object()
      .text("method", "GET")
      .text("href", base_url(request) + "/engine-rest/process-instance/" + head.key.text())
      .text("rel", "self")
      .end_object()
      .end_array()
      .key("id", head.key)
      .text("definitionId", definition_id(head.process_id, head.version, head.definition))
      .text("definitionKey", head.process_id)
      .text_or_null("businessKey", head.business_key)
      .null("caseInstanceId")
      .flag("ended", head.ended)
      .flag("suspended", false)
      .null("tenantId");
}

}  // namespace fermata::http::engine_rest
