#include "activities/builtin/tryton/expectation.h"

#include <algorithm>

#include "activities/builtin/tryton/input.h"
#include "activities/builtin/tryton/values.h"

namespace fermata::tryton {

using sdk::Json;

std::optional<Expectation> Expectation::of(const sdk::Call& call, const std::string& model, const Json& ids) {
  Expectation out{text_input(call, "expectModel"), json_input(call, "expectIds"), json_input(call, "expect")};
  if (out.fields.is_null()) return std::nullopt;
  if (out.model.empty()) out.model = model;
  if (out.ids.is_null()) out.ids = ids;
  if (out.ids.is_number()) out.ids = Json::array({out.ids});
  if (out.model.empty()) throw sdk::InputError("\"expect\" needs \"expectModel\"");
  if (!out.ids.is_array() || out.ids.items().empty())
    throw sdk::InputError("\"expect\" needs \"expectIds\", a list of record ids");
  if (!out.fields.is_object() || out.fields.members().empty()) {
    throw sdk::InputError("\"expect\" must be like {\"state\": [\"quotation\", \"confirmed\"]}");
  }
  return out;
}

RpcReply Expectation::read(Connection& connection, const sdk::Call& call) const {
  Json names = Json::array();
  for (const auto& [name, allowed] : fields.members()) names.push(name);
  const Json params = Json::array({ids, std::move(names), connection.context(Json::object())});
  RpcReply reply = connection.rpc(call, "model." + model + ".read", params, RepeatRisk::harmless);
  if (const Json* records = std::get_if<Json>(&reply)) return from_tryton(*records);
  return reply;
}

bool Expectation::holds(const Json& records) const {
  if (!records.is_array() || records.items().size() != ids.items().size()) return false;
  return std::all_of(records.items().begin(), records.items().end(), [&](const Json& record) {
    return std::all_of(fields.members().begin(), fields.members().end(), [&](const auto& field) {
      const Json* value = record.find(field.first);
      if (value == nullptr) return false;
      if (!field.second.is_array()) return *value == field.second;
      const auto& allowed = field.second.items();
      return std::find(allowed.begin(), allowed.end(), *value) != allowed.end();
    });
  });
}

}  // namespace fermata::tryton
