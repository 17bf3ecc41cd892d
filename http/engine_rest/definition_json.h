// Definitions and instances as the Camunda 7 API shows them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/server/request.h"
#include "http/v2/json_writer.h"
#include "persistence/read_session.h"

namespace fermata::http::engine_rest {

void write_definition(JsonWriter& json, const Definition& definition);
void write_decision(JsonWriter& json, const DecisionDefinition& decision);
/// The requirements graph that the decision is part of: its file.
void write_requirements(JsonWriter& json, const DecisionDefinition& decision);
[[nodiscard]] std::string requirements_id(const DecisionDefinition& decision);

struct InstanceHead {
  ProcessInstanceKey key;
  DefinitionKey definition;
  std::string_view process_id;
  std::int32_t version = 0;
  std::string_view business_key;
  bool ended = false;
};
/// The fields of a ProcessInstanceDto, without the braces.
void write_instance_fields(JsonWriter& json, const Request& request, const InstanceHead& head);

}  // namespace fermata::http::engine_rest
